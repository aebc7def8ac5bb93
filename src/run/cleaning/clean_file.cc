#include "run/cleaning/clean_file.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/failpoint.h"
#include "base/text.h"
#include "clean/profile.h"
#include "run/cleaning/file_quality.h"
#include "run/reading/input_stream.h"
#include "run/reading/profile.h"
#include "validate/key_ledger.h"

namespace homeroom::run {
namespace {

using validate::KeyLedger;
using validate::KeyVerdict;

// A file is planned as its first batches look: some 20,000 rows of a usual one, 4 MB.
constexpr std::size_t kTrialBatches = 8;
// A row of few columns; a guess too small only costs finding room again.
constexpr std::uint64_t kBytesOfRow = 64;
// So often it is looked at whether the plan still holds.
constexpr std::uint64_t kBatchesBetweenLooks = 64;

// True when too many rows are bad: the file is held and says so.
bool hold_if_mostly_bad(const PreparedFile& file, const Settings& settings, FileReport& report) {
  if (settings.is_released) return false;
  const double tolerated = file.contract() == nullptr ? 0.5 : file.contract()->max_bad_fraction;
  const std::uint64_t rows = report.rows.read - report.rows.skipped;
  const auto bad = report.rows.quarantined;
  if (bad == 0 || static_cast<double>(bad) <= tolerated * static_cast<double>(rows)) return false;
  report.status = FileStatus::kHeld;
  report.reason = fmt::format(
      "{} of {} rows are bad, more than the {:.0f} % that its data set tolerates: see its issues",
      with_thousands(bad), with_thousands(rows), 100 * tolerated);
  return true;
}

void make_all_pending(FileReport& report) {
  report.rows.pending = report.rows.read - report.rows.skipped;
  report.rows.loaded = report.rows.unchanged = report.rows.duplicate = report.rows.quarantined = 0;
}

void warn_if_empty(const PreparedFile& file, FileReport& report) {
  if (report.rows.read > report.rows.skipped || file.filter) return;
  report.add_issue({.line = 0,
                    .column = {},
                    .rule = "row_count",
                    .severity = Severity::kWarning,
                    .message = "the file has a header and no rows; nothing is loaded or closed",
                    .suggestion = "check that the export was not cut short"});
}

// What a pass counted.
void add_counts(FileReport counted, FileReport& report) {
  report.rows = counted.rows;
  report.changes = std::move(counted.changes);
  report.samples = std::move(counted.samples);
  report.values_changed = counted.values_changed;
  report.skipped = std::move(counted.skipped);
  report.add_issues_of(std::move(counted));
}

// A pass, with what watches all of its rows: the keys it meets, the checks of the whole file.
class WatchedPass {
 public:
  enum class Checks : std::uint8_t { kOfRows, kOfRowsAndFile };

  [[nodiscard]] static Result<WatchedPass> create(const PreparedFile& file,
                                                  const Settings& settings, CleanInto into,
                                                  KnownLines known = {},
                                                  Checks checks = Checks::kOfRowsAndFile) {
    WatchedPass result;
    if (settings.check_keys && !file.plan.table.key.empty()) {
      const bool is_wide = !file.plan.groups.empty();
      result.ledger_ = std::make_unique<KeyLedger>(
          settings.scratch, settings.key_memory_bytes,
          is_wide ? KeyLedger::Lines::kSeveralRows : KeyLedger::Lines::kOneRow,
          file.stamp.size_bytes / kBytesOfRow);
    }
    if (checks == Checks::kOfRowsAndFile) {
      result.quality_ = std::make_unique<FileQuality>(
          HOMEROOM_TRY(FileQuality::create(file, check_facts(file, settings))));
    }
    result.pass_ = HOMEROOM_TRY(CleaningPass::create(file, settings, into, std::move(known),
                                                     result.ledger_.get(), result.quality_.get()));
    return result;
  }

  std::span<const clean::OpenRows> find_open(Batch& batch) { return pass_->find_open(batch); }

  [[nodiscard]] Status take(Batch& batch) { return pass_->take(batch); }

  /// After the last batch. Verdicts that the pass did not know: it has to be made again with them.
  [[nodiscard]] Result<std::vector<KeyVerdict>> find_untold() {
    if (ledger_ == nullptr || ledger_->is_settled()) return std::vector<KeyVerdict>();
    return ledger_->finish();
  }

  /// After the last batch. Where it names lines, the pass has to be made again with them.
  [[nodiscard]] Result<validate::FileVerdict> judge() {
    if (quality_ == nullptr) return validate::FileVerdict();
    return quality_->finish();
  }

  [[nodiscard]] std::unique_ptr<CleaningPass> take_pass() { return std::move(pass_); }

 private:
  std::unique_ptr<KeyLedger> ledger_;
  std::unique_ptr<FileQuality> quality_;
  std::unique_ptr<CleaningPass> pass_;
};

// Sends all batches of the file, which was read before, to `pass`.
template <class Pass>
Status read_again(const PreparedFile& file, const Settings& settings, Pass& pass) {
  const auto stream = HOMEROOM_TRY(
      InputStream::open(file.input.path, file.dialect, settings, InputStream::Purpose::kReadAgain));
  // What is loaded has to be what was hashed.
  if (stream->stamp() != file.stamp) return tl::unexpected(changed_while_read(file.input.path));
  Batch batch;
  bool has_rows = true;
  while (has_rows) {
    has_rows = HOMEROOM_TRY(stream->reader().next(batch));
    pass.find_open(batch);
    HOMEROOM_TRY(pass.take(batch));
  }
  HOMEROOM_TRY(stream->finish());
  return {};
}

// The file's outcome by a pass that took all its batches.
Result<CleanedFile> finish_pass(const PreparedFile& file, const Settings& settings,
                                std::span<const validate::FileFinding> findings, CleaningPass& pass,
                                FileReport& report) {
  add_counts(pass.take_counts(), report);
  report_findings(file, settings, findings, report);
  warn_if_empty(file, report);
  if (report.status == FileStatus::kHeld || hold_if_mostly_bad(file, settings, report)) {
    make_all_pending(report);
    return CleanedFile{};
  }
  CleanedFile cleaned = HOMEROOM_TRY(pass.commit());
  for (const CleanObject& object : cleaned.objects) report.outputs.push_back(object.key);
  if (!cleaned.changes_key.empty()) report.outputs.push_back(cleaned.changes_key);
  if (!cleaned.quarantine_key.empty()) report.outputs.push_back(cleaned.quarantine_key);
  return cleaned;
}

// The same, made again when keys repeat, or lines break a check of the whole file, of which it did
// not know.
Result<CleanedFile> finish_file(const PreparedFile& file, const Settings& settings, CleanInto into,
                                WatchedPass watched, FileReport& report) {
  KnownLines known{.verdicts = HOMEROOM_TRY(watched.find_untold())};
  validate::FileVerdict verdict = HOMEROOM_TRY(watched.judge());
  known.problems = std::move(verdict.lines);
  std::unique_ptr<CleaningPass> pass = watched.take_pass();
  std::optional<WatchedPass> again;  // beside the first: what was found names that one's checks
  if (!known.problems.empty() && known.verdicts.empty()) {
    // Keys were told as they came: they are told again.
    again = HOMEROOM_TRY(
        WatchedPass::create(file, settings, into, known, WatchedPass::Checks::kOfRows));
    HOMEROOM_TRY(read_again(file, settings, *again));
    known.verdicts = HOMEROOM_TRY(again->find_untold());
    pass = again->take_pass();
  }
  if (!known.verdicts.empty()) {
    pass = HOMEROOM_TRY(
        CleaningPass::create(file, settings, into, std::move(known), nullptr, nullptr));
    HOMEROOM_TRY(read_again(file, settings, *pass));
  }
  return finish_pass(file, settings, verdict.findings, *pass, report);
}

// A pass by the plan that the first batches suggest, made while the rest is still being read. It
// counts only if the plan of all rows turns out to be the same.
class Trial {
 public:
  Trial(const OpenedFile& opened, const Settings& settings, CleanInto into)
      : opened_(&opened), settings_(&settings), into_(into) {}

  // `first` are the file's first batches, as they were read.
  void begin(clean::Profiler& profiler, std::span<Batch> first) {
    FileReport unused;
    file_ = std::make_unique<PreparedFile>(opened_->file);
    const auto profiles = profiler.finish();
    if (!plan_file(*opened_, *settings_, profiles, *file_, unused)) return;
    suppose_orders(file_->contexts);
    Result<WatchedPass> pass = WatchedPass::create(*file_, *settings_, into_);
    if (!pass) return;
    pass_ = std::make_unique<WatchedPass>(std::move(*pass));
    profiler.keep_to(clean::wanted_of(file_->contexts, profiles));
    for (Batch& batch : first) {
      find_open(batch);
      take(batch);
    }
  }

  [[nodiscard]] bool is_running() const { return pass_ != nullptr; }

  // What the plan's columns hold that this pass does not know; empty: all of it.
  std::span<const clean::OpenRows> find_open(Batch& batch) {
    return is_running() ? pass_->find_open(batch) : std::span<const clean::OpenRows>();
  }

  // What goes wrong here goes wrong again in the pass that is made instead, and is told of there.
  void take(Batch& batch) {
    if (is_running() && !pass_->take(batch)) pass_.reset();
  }

  // Gives up as soon as what is known of the columns contradicts the plan.
  void look(const clean::Profiler& profiler) {
    if (!is_running() || ++num_looks_ % kBatchesBetweenLooks != 0) return;
    const contract::Match* match = file_->match ? &*file_->match : nullptr;
    auto profiles = profiler.finish();
    decide_dates(*file_, profiles);
    auto contexts = clean::plan_cleaning(match, profiles);
    suppose_orders(contexts);
    for (std::size_t i = 0; i < contexts.size(); ++i) {
      contexts[i].school_year = file_->contexts[i].school_year;
    }
    if (contexts != file_->contexts) pass_.reset();
  }

  // `file` is planned by all rows.
  [[nodiscard]] bool is_right(const PreparedFile& file) const {
    return is_running() && file.is_cleaned_like(*file_);
  }

  // True when the columns of `file` were profiled for what they are.
  [[nodiscard]] bool has_facts_for(const PreparedFile& file) const {
    return file_ == nullptr || file.is_matched_like(*file_);
  }

  // Once it is right.
  [[nodiscard]] Result<CleanedFile> finish(const PreparedFile& file, FileReport& report) {
    file_->sha256 = file.sha256;
    file_->stamp = file.stamp;
    return finish_file(*file_, *settings_, into_, std::move(*pass_), report);
  }

 private:
  // Where nothing tells yet: as most write.
  static void suppose_orders(std::vector<clean::ColumnContext>& contexts) {
    for (clean::ColumnContext& context : contexts) {
      clean::DateOrder& order = context.profile.date_order;
      if (order == clean::DateOrder::kAmbiguous) order = clean::DateOrder::kMonthFirst;
    }
  }

  const OpenedFile* opened_;
  const Settings* settings_;
  CleanInto into_;
  std::unique_ptr<PreparedFile> file_;  // the pass refers to it
  std::unique_ptr<WatchedPass> pass_;
  std::uint64_t num_looks_ = 0;
};

// Reads the rest of the file's batches; each is profiled, then tried.
Status read_rest(OpenedFile& opened, clean::Profiler& profiler, Trial& trial) {
  Batch batch;
  bool has_rows = true;
  while (has_rows) {
    has_rows = HOMEROOM_TRY(opened.stream->reader().next(batch));
    profiler.observe(batch, trial.find_open(batch));
    trial.take(batch);
    trial.look(profiler);
  }
  return {};
}

}  // namespace

Result<CleanedFile> clean_file(const PreparedFile& file, const Settings& settings, CleanInto into,
                               FileReport& report) {
  WatchedPass pass = HOMEROOM_TRY(WatchedPass::create(file, settings, into));
  HOMEROOM_TRY(read_again(file, settings, pass));
  return finish_file(file, settings, into, std::move(pass), report);
}

Result<CleanedFile> read_and_clean(OpenedFile& opened, const Settings& settings,
                                   const Remembered& remembered, CleanInto into, FileReport& report,
                                   std::optional<PreparedFile>& file) {
  const FileReport before = report;
  clean::Profiler profiler(opened.file.header.size());
  std::vector<Batch> first;
  bool has_rows = true;
  while (has_rows && first.size() < kTrialBatches) {
    has_rows = HOMEROOM_TRY(opened.stream->reader().next(first.emplace_back()));
    profiler.observe(first.back());
  }
  Trial trial(opened, settings, into);
  const bool is_whole = !has_rows;
  if (!is_whole) {
    trial.begin(profiler, first);
    first = std::vector<Batch>();
    HOMEROOM_TRY(read_rest(opened, profiler, trial));
  }
  HOMEROOM_TRY(finish_reading(opened, report));
  PreparedFile prepared = opened.file;
  HOMEROOM_TRY(plan_file(opened, settings, profiler.finish(), prepared, report));
  HOMEROOM_FAILPOINT("matched");
  file = std::move(prepared);
  if (!trial.has_facts_for(*file)) {
    FileReport known;
    OpenedFile again =
        HOMEROOM_TRY(open_file(opened.file.input, settings, nullptr, known, remembered));
    report = before;
    file = HOMEROOM_TRY(prepare_opened(again, settings, report));
    return clean_file(*file, settings, into, report);
  }
  if (trial.is_right(*file)) return trial.finish(*file, report);
  if (!is_whole) return clean_file(*file, settings, into, report);
  WatchedPass pass = HOMEROOM_TRY(WatchedPass::create(*file, settings, into));
  for (Batch& batch : first) {
    pass.find_open(batch);
    HOMEROOM_TRY(pass.take(batch));
  }
  return finish_file(*file, settings, into, std::move(pass), report);
}

}  // namespace homeroom::run
