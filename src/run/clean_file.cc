#include "run/clean_file.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "clean/cleaner.h"
#include "run/evidence/change_log.h"
#include "run/file_quality.h"
#include "run/reading/input_stream.h"
#include "run/slot_scope.h"
#include "shape/shape.h"
#include "validate/check.h"
#include "validate/key_ledger.h"

namespace homeroom::run {
namespace {

using validate::KeyVerdict;

// One pass over the rows of a file. Lives as long as the pass.
class CleaningPass {
 public:
  CleaningPass(const PreparedFile& file, const Settings& settings, const io::Store* store,
               FileReport& report)
      : file_(&file),
        settings_(&settings),
        report_(&report),
        output_(store, file),
        changes_([this](std::size_t column) { return column_name(column); }),
        shaper_(file.plan),
        scope_(file.contract(), file.plan) {
    if (store == nullptr || !settings.keeps_changes) return;
    changes_.write_all(*store,
                       fmt::format("changes/{}/{}.csv", file.dataset(), file.object_name()));
  }

  // `verdicts` and `line_problems` (ascending by line) come from an earlier pass; `ledger` (may be
  // null) learns keys, `quality` (may be null) sees all rows.
  [[nodiscard]] Status run(std::span<const KeyVerdict> verdicts,
                           std::span<const validate::LineProblem> line_problems,
                           validate::KeyLedger* ledger, FileQuality* quality);

  [[nodiscard]] Result<CleanedFile> commit();

 private:
  [[nodiscard]] Status handle_batch(validate::KeyLedger* ledger);
  [[nodiscard]] bool is_meant(RowIndex row) const;
  [[nodiscard]] Status quarantine_row(RowIndex row);
  [[nodiscard]] Status quarantine_ragged(const RaggedRow& ragged);
  [[nodiscard]] Status keep_row(RowIndex row, validate::KeyLedger* ledger);
  void collect_problems();
  void find_shaped_rows(RowIndex row);
  [[nodiscard]] const KeyVerdict* verdict_of(LineNumber line);
  [[nodiscard]] Issue issue_of(const clean::BadCell& bad) const;
  [[nodiscard]] Issue issue_of(const validate::RowProblem& problem) const;
  [[nodiscard]] Issue issue_of(const validate::LineProblem& problem) const;
  [[nodiscard]] Status observe(FileQuality& quality);
  void add_line_problems();
  [[nodiscard]] Issue conflict_issue(const KeyVerdict& verdict) const;
  [[nodiscard]] std::string column_name(std::size_t source_column) const;
  [[nodiscard]] std::span<const Cell> original_cells(RowIndex row);
  void note_skipped(LineNumber line, std::string reason);
  void count_changes(const clean::Cleaner& cleaner);

  const PreparedFile* file_;
  const Settings* settings_;
  FileReport* report_;
  CleanOutput output_;
  ChangeLog changes_;
  shape::Shaper shaper_;
  SlotScope scope_;
  std::optional<validate::RowValidator> validator_;
  std::vector<std::size_t> key_columns_;
  std::span<const KeyVerdict> verdicts_;
  std::span<const validate::LineProblem> line_problems_;

  Batch batch_;
  clean::CleanedBatch cleaned_;
  shape::ShapedBatch shaped_;
  std::vector<validate::RowProblem> row_problems_;
  // Problems of the batch as issues, by source row; first in the order cleaning, then checks.
  std::multimap<RowIndex, Issue> problems_;
  RowIndex next_shaped_ = 0;
  RowIndex first_shaped_ = 0;
  std::size_t next_ragged_ = 0;
  std::vector<Cell> cells_;
  std::vector<Cell> key_cells_;
};

Status CleaningPass::run(std::span<const KeyVerdict> verdicts,
                         std::span<const validate::LineProblem> line_problems,
                         validate::KeyLedger* ledger, FileQuality* quality) {
  verdicts_ = verdicts;
  line_problems_ = line_problems;
  const TableSchema& table = file_->plan.table;
  const validate::CheckFacts facts = check_facts(*file_, *settings_);
  validator_ = HOMEROOM_TRY(validate::RowValidator::create(table, file_->contract(),
                                                           file_->plan.contract_columns, &facts));
  for (const std::string& name : table.key) {
    const TableColumn* column = table.find(name);
    if (column != nullptr) {
      key_columns_.push_back(static_cast<std::size_t>(column - table.columns.data()));
    }
  }
  auto cleaner = HOMEROOM_TRY(
      clean::Cleaner::create(file_->contexts, settings_->keeps_changes ? clean::KeepChanges::kYes
                                                                       : clean::KeepChanges::kNo));
  const auto stream = HOMEROOM_TRY(InputStream::open(file_->input.path, file_->dialect, *settings_,
                                                     InputStream::Purpose::kReadAgain));
  // What is loaded has to be what was hashed.
  if (stream->stamp() != file_->stamp) return tl::unexpected(changed_while_read(file_->input.path));
  bool has_rows = true;
  while (has_rows) {
    has_rows = HOMEROOM_TRY(stream->reader().next(batch_));
    for (const SkippedRow& skipped : batch_.skipped) note_skipped(skipped.line, skipped.reason);
    if (!has_rows) break;
    cleaner.clean(batch_, cleaned_);
    HOMEROOM_TRY(changes_.note(batch_, cleaned_, *report_));
    shaper_.shape(batch_, shaped_);
    row_problems_.clear();
    validator_->check(shaped_.columns, shaped_.num_rows, row_problems_);
    if (quality != nullptr) HOMEROOM_TRY(observe(*quality));
    HOMEROOM_TRY(handle_batch(ledger));
  }
  HOMEROOM_TRY(stream->finish());
  count_changes(cleaner);
  return {};
}

void CleaningPass::note_skipped(LineNumber line, std::string reason) {
  ++report_->rows.read;
  ++report_->rows.skipped;
  if (report_->skipped.size() < kMaxIssues) report_->skipped.push_back({line, std::move(reason)});
}

void CleaningPass::count_changes(const clean::Cleaner& cleaner) {
  for (const clean::ChangeCount& change : cleaner.change_counts()) {
    report_->values_changed += change.count;
    report_->changes.push_back({.column = column_name(change.column),
                                .rule = std::string(change.rule),
                                .count = change.count});
  }
}

// The data set's name for a column of the file, or the file's own.
std::string CleaningPass::column_name(std::size_t source_column) const {
  return name_of_column(*file_, source_column);
}

Issue CleaningPass::issue_of(const clean::BadCell& bad) const {
  std::string message(bad.reason);
  if (file_->match) {
    const int column = file_->match->columns[bad.column].column;
    if (column >= 0) {
      const auto& declared = file_->match->contract->columns[static_cast<std::size_t>(column)];
      if (!declared.why.empty()) message += " (" + declared.why + ")";
    }
  }
  return {.line = batch_.lines[bad.row],
          .field = bad.column + 1,
          .column = column_name(bad.column),
          .rule = std::string(bad.rule),
          .severity = Severity::kError,
          .message = std::move(message),
          .suggestion = std::string(bad.suggestion)};
}

Issue CleaningPass::issue_of(const validate::RowProblem& problem) const {
  Issue issue{.line = batch_.lines[shaped_.source_row(problem.row)],
              .column = {},
              .rule = std::string(problem.rule),
              .severity = Severity::kError,
              .message = std::string(problem.reason),
              .suggestion = std::string(problem.suggestion)};
  name_column(*file_, problem.column, issue);
  return issue;
}

Issue CleaningPass::issue_of(const validate::LineProblem& problem) const {
  Issue issue{.line = problem.line,
              .column = {},
              .rule = std::string(problem.rule),
              .severity = Severity::kError,
              .message = problem.reason,
              .suggestion = {}};
  name_column(*file_, problem.column, issue);
  return issue;
}

Issue CleaningPass::conflict_issue(const KeyVerdict& verdict) const {
  return {.line = verdict.line,
          .column = {},
          .rule = "unique_key",
          .severity = Severity::kError,
          .message = fmt::format("has the key ({}) of line {} but other values",
                                 join(file_->plan.table.key, ", "), verdict.first_line),
          .suggestion = "keep the row that is right and send the file again"};
}

// Bad cells and failed checks by source row; a ragged row says only that it is ragged.
void CleaningPass::collect_problems() {
  problems_.clear();
  for (const clean::BadCell& bad : cleaned_.bad) problems_.emplace(bad.row, issue_of(bad));
  for (const validate::RowProblem& problem : row_problems_) {
    const RowIndex row = shaped_.source_row(problem.row);
    Issue issue = issue_of(problem);
    const auto [first, last] = problems_.equal_range(row);
    // A cell that could not be read is reported once, not again as missing or out of range.
    const bool is_known = std::any_of(
        first, last, [&](const auto& known) { return known.second.column == issue.column; });
    if (!is_known) problems_.emplace(row, std::move(issue));
  }
  if (!line_problems_.empty()) add_line_problems();
}

// What the pass before found of the lines of this batch.
void CleaningPass::add_line_problems() {
  for (RowIndex row = 0; row < batch_.num_rows(); ++row) {
    while (!line_problems_.empty() && line_problems_.front().line <= batch_.lines[row]) {
      const validate::LineProblem& problem = line_problems_.front();
      if (problem.line == batch_.lines[row]) problems_.emplace(row, issue_of(problem));
      line_problems_ = line_problems_.subspan(1);
    }
  }
}

// Ragged records, and rows meant for another data set, are no rows of the file's table.
Status CleaningPass::observe(FileQuality& quality) {
  return quality.observe(batch_, shaped_, [this](RowIndex row) {
    return std::ranges::binary_search(batch_.ragged, row, {}, &RaggedRow::row) ||
           (file_->filter && !is_meant(row));
  });
}

const KeyVerdict* CleaningPass::verdict_of(LineNumber line) {
  while (!verdicts_.empty() && verdicts_.front().line < line) verdicts_ = verdicts_.subspan(1);
  const bool is_hit = !verdicts_.empty() && verdicts_.front().line == line;
  return is_hit ? &verdicts_.front() : nullptr;
}

// Sets [first_shaped_, next_shaped_) to the table rows made from a source row.
void CleaningPass::find_shaped_rows(RowIndex row) {
  first_shaped_ = next_shaped_;
  while (next_shaped_ < shaped_.num_rows && shaped_.source_row(next_shaped_) <= row) {
    ++next_shaped_;
  }
}

Status CleaningPass::handle_batch(validate::KeyLedger* ledger) {
  collect_problems();
  next_shaped_ = 0;
  next_ragged_ = 0;
  for (RowIndex row = 0; row < batch_.num_rows(); ++row) {
    find_shaped_rows(row);
    const bool is_ragged =
        next_ragged_ < batch_.ragged.size() && batch_.ragged[next_ragged_].row == row;
    if (is_ragged) {
      HOMEROOM_TRY(quarantine_ragged(batch_.ragged[next_ragged_++]));
    } else if (file_->filter && !is_meant(row)) {
      note_skipped(batch_.lines[row], std::string(file_->filter->layout->otherwise));
    } else if (!problems_.empty() && problems_.contains(row)) {
      HOMEROOM_TRY(quarantine_row(row));
    } else {
      HOMEROOM_TRY(keep_row(row, ledger));
    }
  }
  return {};
}

// By the value as it stood in the file.
bool CleaningPass::is_meant(RowIndex row) const {
  const std::size_t column = file_->filter->column;
  const auto& originals = cleaned_.originals;
  const bool is_changed = column < originals.size() && !originals[column].empty();
  const Cell& cell = is_changed ? originals[column][row] : batch_.columns[column][row];
  return file_->filter->keeps(cell.text());
}

Status CleaningPass::quarantine_ragged(const RaggedRow& ragged) {
  ++report_->rows.read;
  ++report_->rows.quarantined;
  const std::size_t num_fields = ragged.cells.size();
  std::string message =
      fmt::format("{}, header has {}", counted(num_fields, "field"), file_->header.size());
  if (!ragged.likely_cause.empty()) message += ": " + ragged.likely_cause;
  std::string_view suggestion =
      num_fields == file_->dialect.fields_per_row ? "mend the header: most rows are like this one"
      : num_fields < file_->header.size()
          ? "write every delimiter, also of empty values, then send the row again"
          : "put values that hold the delimiter in quotes, then send the row again";
  if (!file_->dialect.layout.empty()) {
    message = ragged.likely_cause;
    suggestion = "check the layout in the contract, and that the line arrived whole";
  }
  const std::uint32_t field = ragged.likely_column;
  const bool is_named = field >= 1 && field <= file_->header.size();
  Issue issue{.line = batch_.lines[ragged.row],
              .field = field,
              .column = is_named ? file_->header[field - 1] : std::string(),
              .rule = "field_count",
              .severity = Severity::kError,
              .message = std::move(message),
              .suggestion = std::string(suggestion),
              .byte_offset = ragged.byte_offset};
  HOMEROOM_TRY(output_.add_problem(ragged.cells, issue));
  report_->add_issue(std::move(issue));
  return {};
}

std::span<const Cell> CleaningPass::original_cells(RowIndex row) {
  cells_.clear();
  for (std::size_t i = 0; i < batch_.columns.size(); ++i) {
    const bool is_changed = i < cleaned_.originals.size() && !cleaned_.originals[i].empty();
    cells_.push_back(is_changed ? cleaned_.originals[i][row] : batch_.columns[i][row]);
  }
  return cells_;
}

Status CleaningPass::quarantine_row(RowIndex row) {
  ++report_->rows.read;
  ++report_->rows.quarantined;
  const std::span<const Cell> cells = original_cells(row);
  const auto [first, last] = problems_.equal_range(row);
  for (auto at = first; at != last; ++at) {
    HOMEROOM_TRY(output_.add_problem(cells, at->second));
    report_->add_issue(std::move(at->second));
  }
  return {};
}

Status CleaningPass::keep_row(RowIndex row, validate::KeyLedger* ledger) {
  ++report_->rows.read;
  const LineNumber line = batch_.lines[row];
  if (const KeyVerdict* verdict = verdict_of(line); verdict != nullptr) {
    if (verdict->what == KeyVerdict::What::kDuplicate) {
      ++report_->rows.duplicate;
      if (report_->skipped.size() < kMaxIssues) {
        report_->skipped.push_back(
            {line, fmt::format("duplicate of line {}", verdict->first_line)});
      }
      return {};
    }
    ++report_->rows.quarantined;
    Issue issue = conflict_issue(*verdict);
    HOMEROOM_TRY(output_.add_problem(original_cells(row), issue));
    report_->add_issue(std::move(issue));
    return {};
  }
  ++report_->rows.loaded;
  for (RowIndex shaped_row = first_shaped_; shaped_row < next_shaped_; ++shaped_row) {
    HOMEROOM_TRY(output_.add_row(shaped_, shaped_row, line));
    scope_.observe(shaped_, shaped_row);
    if (ledger == nullptr) continue;
    key_cells_.clear();
    cells_.clear();
    for (const std::size_t column : key_columns_) {
      key_cells_.push_back((*shaped_.columns[column])[shaped_row]);
    }
    for (const auto* column : shaped_.columns) cells_.push_back((*column)[shaped_row]);
    HOMEROOM_TRY(ledger->add(line, key_cells_, cells_));
  }
  return {};
}

Result<CleanedFile> CleaningPass::commit() {
  CleanedFile cleaned;
  cleaned.scope = scope_.text();
  cleaned.objects = HOMEROOM_TRY(output_.commit());
  cleaned.quarantine_key = output_.quarantine_key();
  cleaned.changes_key = HOMEROOM_TRY(changes_.commit());
  return cleaned;
}

// What a pass counted, taken back before the next one.
void forget_counts(FileReport& report, const FileReport& before) {
  report.rows = before.rows;
  report.changes = before.changes;
  report.samples = before.samples;
  report.issue_groups = before.issue_groups;
  report.values_changed = before.values_changed;
  report.issues = before.issues;
  report.issue_count = before.issue_count;
  report.skipped = before.skipped;
}

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

}  // namespace

Result<CleanedFile> clean_file(const PreparedFile& file, const Settings& settings,
                               const io::Store* store, FileReport& report) {
  const FileReport before = report;
  const bool has_key = settings.check_keys && !file.plan.table.key.empty();
  std::optional<validate::KeyLedger> ledger;
  if (has_key) ledger.emplace(settings.scratch, settings.key_memory_bytes);

  FileQuality quality = HOMEROOM_TRY(FileQuality::create(file, check_facts(file, settings)));
  auto pass = std::make_unique<CleaningPass>(file, settings, store, report);
  HOMEROOM_TRY(pass->run({}, {}, ledger ? &*ledger : nullptr, &quality));
  std::vector<KeyVerdict> verdicts;
  if (ledger) verdicts = HOMEROOM_TRY(ledger->finish());
  const validate::FileVerdict found = HOMEROOM_TRY(quality.finish());
  if (!verdicts.empty() || !found.lines.empty()) {
    forget_counts(report, before);
    pass = std::make_unique<CleaningPass>(file, settings, store, report);
    HOMEROOM_TRY(pass->run(verdicts, found.lines, nullptr, nullptr));
  }
  report_findings(file, settings, found.findings, report);
  warn_if_empty(file, report);
  if (report.status == FileStatus::kHeld || hold_if_mostly_bad(file, settings, report)) {
    make_all_pending(report);
    return CleanedFile{};
  }
  CleanedFile cleaned = HOMEROOM_TRY(pass->commit());
  for (const CleanObject& object : cleaned.objects) report.outputs.push_back(object.key);
  if (!cleaned.changes_key.empty()) report.outputs.push_back(cleaned.changes_key);
  if (!cleaned.quarantine_key.empty()) report.outputs.push_back(cleaned.quarantine_key);
  return cleaned;
}

}  // namespace homeroom::run
