#include "run/ahead.h"

#include <cstdint>
#include <utility>

#include "run/cleaning/clean_file.h"
#include "run/file_outcome.h"
#include "run/loading/seen_bytes.h"
#include "run/quarantine/quarantined_rows.h"

namespace homeroom::run {
namespace {

// Larger ones are sent while they are cleaned, and keep two threads busy by themselves.
constexpr std::uint64_t kSmallFile = 256 * 1024;

std::optional<CleanedAhead> clean_ahead(const source::InputFile& input, Remembered remembered,
                                        const Settings& settings, const io::Store& store) {
  CleanedAhead ahead{.report = start_report(input),
                     .remembered = std::move(remembered),
                     .file = {},
                     .read_by = {},
                     .copy = {},
                     .cleaned = CleanedFile()};
  bool is_correction = false;
  ahead.cleaned = [&]() -> Result<CleanedFile> {
    ahead.copy = HOMEROOM_TRY(store.create(raw_folder(input) + "incoming"));
    OpenedFile opened =
        HOMEROOM_TRY(open_file(input, settings, ahead.copy.get(), ahead.report, ahead.remembered));
    is_correction = is_quarantine_header(opened.file.header);
    if (is_correction) return CleanedFile();
    ahead.read_by = read_by(opened.file, settings);
    return read_and_clean(opened, settings, ahead.remembered, {.store = &store}, ahead.report,
                          ahead.file);
  }();
  // Errors are met again in the file's turn.
  if (is_correction || !ahead.cleaned) return std::nullopt;
  return ahead;
}

}  // namespace

Ahead::Ahead(const Settings& settings, const io::Store& store)
    : settings_(settings), store_(&store) {
  settings_.progress = nullptr;
  settings_.limits.num_threads = 1;
}

Ahead::~Ahead() {
  if (!work_.valid()) return;
  if (const auto left = work_.get()) discard(*left);
}

bool Ahead::suits(const source::InputFile& input) const {
  return input.size_bytes < kSmallFile && input.archive.empty() && input.place.bundle.empty() &&
         input.place.dataset.empty() && !broke_off_before(settings_.attempts, input);
}

void Ahead::begin(const source::InputFile& input, Remembered remembered) {
  input_ = input;
  attempt_.emplace(Attempt::begin(settings_.attempts, input));
  work_ = std::async(std::launch::async, [this, remembered = std::move(remembered)]() mutable {
    return clean_ahead(input_, std::move(remembered), settings_, *store_);
  });
}

std::optional<CleanedAhead> Ahead::take(const source::InputFile& input) {
  if (!work_.valid()) return std::nullopt;
  std::optional<CleanedAhead> cleaned = work_.get();
  if (input_.path == input.path) return cleaned;
  if (cleaned) discard(*cleaned);
  return std::nullopt;
}

std::optional<Attempt> Ahead::take_attempt(const source::InputFile& input) {
  if (!attempt_ || input_.path != input.path) return std::nullopt;
  return std::exchange(attempt_, std::nullopt);
}

void Ahead::discard(const CleanedAhead& cleaned) const {
  for (const std::string& key : cleaned.report.outputs) {
    // What cannot be removed is an object that no run names.
    if (const Status removed = store_->remove(key); !removed) return;
  }
}

}  // namespace homeroom::run
