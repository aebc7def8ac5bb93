#include "run/ahead.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
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
                                        const Settings& settings, const io::Store& store,
                                        const io::Store& apart) {
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
    return read_and_clean(opened, settings, ahead.remembered, {.store = &apart}, ahead.report,
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
  if (work_.valid()) work_.wait();
  std::error_code code;
  if (apart_) std::filesystem::remove_all(apart_->root(), code);
}

bool Ahead::suits(const source::InputFile& input) const {
  return input.size_bytes < kSmallFile && input.archive.empty() && input.place.bundle.empty() &&
         input.place.dataset.empty() && !broke_off_before(settings_.attempts, input);
}

void Ahead::begin(const source::InputFile& input, Remembered remembered) {
  if (!apart_) {
    Result<io::Store> opened = io::Store::open(store_->scratch() / "ahead");
    if (!opened) return;  // full, or broken: the file's turn will tell
    apart_.emplace(std::move(*opened));
  }
  input_ = input;
  attempt_.emplace(Attempt::begin(settings_.attempts, input));
  work_ = std::async(std::launch::async, [this, remembered = std::move(remembered)]() mutable {
    return clean_ahead(input_, std::move(remembered), settings_, *store_, *apart_);
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

Status Ahead::publish(const CleanedAhead& cleaned) const {
  for (const std::string& key : cleaned.report.outputs) {
    HOMEROOM_TRY(store_->take_from(*apart_, key));
  }
  return {};
}

void Ahead::discard(const CleanedAhead& cleaned) const {
  for (const std::string& key : cleaned.report.outputs) {
    // What is left goes with the program's temporary files.
    if (const Status removed = apart_->remove(key); !removed) return;
  }
}

}  // namespace homeroom::run
