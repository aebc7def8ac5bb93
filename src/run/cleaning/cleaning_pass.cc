#include "run/cleaning/cleaning_pass.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/failpoint.h"
#include "base/text.h"

namespace homeroom::run {
namespace {

using validate::KeyVerdict;

// So far ahead the ledger is told which keys come: about as long as memory takes to answer.
constexpr RowIndex kRowsAhead = 16;

}  // namespace

CleaningPass::CleaningPass(const PreparedFile& file, const Settings& settings,
                           const io::Store* store, clean::Cleaner cleaner,
                           validate::RowValidator validator)
    : file_(&file),
      output_(store, file),
      changes_([this](std::size_t column) { return name_of_column(*file_, column); }),
      known_cells_(file.header.size()),
      cleaner_(std::move(cleaner)),
      shaper_(file.plan),
      validator_(std::move(validator)),
      scope_(file.contract(), file.plan),
      parts_(file),
      file_cell_([this](std::uint32_t column, RowIndex row) { return file_cell(column, row); }),
      hasher_(settings.hash_secret) {
  if (store != nullptr && settings.keeps_changes) {
    changes_.write_all(*store, fmt::format("changes/{}/", file.dataset()));
  }
  note_columns();
  const TableSchema& table = file.plan.table;
  for (const std::string& name : table.key) {
    const TableColumn* column = table.find(name);
    if (column != nullptr) {
      key_columns_.push_back(static_cast<std::size_t>(column - table.columns.data()));
    }
  }
}

Result<std::unique_ptr<CleaningPass>> CleaningPass::create(const PreparedFile& file,
                                                           const Settings& settings, CleanInto into,
                                                           KnownLines known,
                                                           validate::KeyLedger* ledger,
                                                           FileQuality* quality) {
  const validate::CheckFacts facts = check_facts(file, settings);
  auto validator = HOMEROOM_TRY(validate::RowValidator::create(file.plan.table, file.contract(),
                                                               file.plan.contract_columns, &facts));
  auto cleaner = HOMEROOM_TRY(clean::Cleaner::create(
      file.contexts, settings.keeps_changes ? clean::KeepChanges::kYes : clean::KeepChanges::kNo));
  std::unique_ptr<CleaningPass> pass(
      new CleaningPass(file, settings, into.store, std::move(cleaner), std::move(validator)));
  pass->known_ = std::move(known);
  pass->rows_ = into.rows;
  if (into.rows != nullptr) HOMEROOM_TRY(into.rows->begin(file));
  pass->ledger_ = ledger;
  pass->quality_ = quality;
  return pass;
}

void CleaningPass::note_columns() {
  const shape::ShapePlan& plan = file_->plan;
  table_columns_.assign(file_->header.size(), validate::kWholeRow);
  open_.assign(plan.origins.size(), nullptr);
  if (!plan.groups.empty()) return;
  for (std::size_t i = 0; i < plan.origins.size(); ++i) {
    const shape::ColumnOrigin& origin = plan.origins[i];
    if (origin.from != shape::ColumnOrigin::From::kSource) continue;
    if (table_columns_[origin.source] == validate::kWholeRow) {
      table_columns_[origin.source] = static_cast<std::uint32_t>(i);
    }
  }
}

std::span<const clean::OpenRows> CleaningPass::find_open(Batch& batch) {
  const std::span<const clean::OpenRows> open = known_cells_.find_open(batch);
  for (std::size_t i = 0; i < table_columns_.size(); ++i) {
    if (table_columns_[i] == validate::kWholeRow) continue;
    open_[table_columns_[i]] = open[i].is_all ? nullptr : &open[i].rows;
  }
  return open;
}

void CleaningPass::learn_texts() {
  for (std::size_t i = 0; i < table_columns_.size(); ++i) {
    if (known_cells_.column(i).is_useful()) learn_texts_of(i);
  }
}

// Texts that stand as they came, and of which no check had anything to say.
void CleaningPass::learn_texts_of(std::size_t source_column) {
  clean::KnownTexts& known = known_cells_.column(source_column);
  problem_rows_.clear();
  for (const validate::RowProblem& problem : row_problems_) {
    const bool is_of_column = problem.column == table_columns_[source_column];
    if (is_of_column) problem_rows_.push_back(problem.row);
  }
  for (const RaggedRow& row : batch_->ragged) problem_rows_.push_back(row.row);
  std::ranges::sort(problem_rows_);
  auto next_problem = problem_rows_.begin();
  const std::vector<Cell>& cells = batch_->columns[source_column];
  const std::vector<Cell>& originals = cleaned_.originals[source_column];
  const auto learn = [&](RowIndex row) {
    while (next_problem != problem_rows_.end() && *next_problem < row) ++next_problem;
    if (next_problem != problem_rows_.end() && *next_problem == row) return;
    const Cell& cell = cells[row];
    const bool is_as_it_came =
        originals.empty() || (originals[row].data == cell.data && originals[row].size == cell.size);
    if (cell.state == CellState::kNull) known.learn({});
    if (cell.state == CellState::kValue && is_as_it_came) known.learn(cell.text());
  };
  const clean::OpenRows& open = known_cells_.open()[source_column];
  if (open.is_all) {
    for (RowIndex row = 0; row < batch_->num_rows(); ++row) learn(row);
  } else {
    for (const RowIndex row : open.rows) learn(row);
  }
}

Status CleaningPass::take(Batch& batch) {
  batch_ = &batch;
  for (const SkippedRow& skipped : batch.skipped) note_skipped(skipped.line, skipped.reason);
  if (quality_ != nullptr) quality_->note(batch);
  if (batch.num_rows() == 0) return {};
  HOMEROOM_FAILPOINT("clean_chunk");
  cleaner_.clean(batch, cleaned_, known_cells_.open());
  HOMEROOM_TRY(changes_.note(batch, cleaned_, counted_));
  shaper_.shape(batch, shaped_);
  parts_.note(batch, shaped_, [this](RowIndex row) { return is_no_row(row); });
  HOMEROOM_FAILPOINT("validate_chunk");
  validator_.check(shaped_.columns, shaped_.num_rows, row_problems_, open_, &file_cell_);
  learn_texts();
  if (quality_ != nullptr) HOMEROOM_TRY(observe(*quality_));
  output_.begin_batch(shaped_);
  if (ledger_ != nullptr) hash_keys();
  return handle_batch();
}

FileReport CleaningPass::take_counts() {
  for (const clean::ChangeCount& change : cleaner_.change_counts()) {
    counted_.values_changed += change.count;
    counted_.changes.push_back({.column = column_name(change.column),
                                .rule = std::string(change.rule),
                                .count = change.count});
  }
  parts_.report(counted_);
  return std::move(counted_);
}

// As it stood in the file.
const Cell* CleaningPass::file_cell(std::uint32_t column, RowIndex row) const {
  const shape::ColumnOrigin& origin = file_->plan.origins[column];
  if (origin.from != shape::ColumnOrigin::From::kSource) return nullptr;
  const RowIndex source = shaped_.source_row(row);
  const std::vector<Cell>& originals = cleaned_.originals[origin.source];
  return originals.empty() ? &batch_->columns[origin.source][source] : &originals[source];
}

void CleaningPass::note_skipped(LineNumber line, std::string reason) {
  ++counted_.rows.read;
  ++counted_.rows.skipped;
  if (counted_.skipped.size() < kMaxIssues) counted_.skipped.push_back({line, std::move(reason)});
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
  return {.line = batch_->lines[bad.row],
          .field = bad.column + 1,
          .column = column_name(bad.column),
          .rule = std::string(bad.rule),
          .severity = Severity::kError,
          .message = std::move(message),
          .suggestion = std::string(bad.suggestion)};
}

Issue CleaningPass::issue_of(const validate::RowProblem& problem) const {
  Issue issue{.line = batch_->lines[shaped_.source_row(problem.row)],
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
  if (next_line_problem_ < known_.problems.size()) add_line_problems();
}

// What the pass before found of the lines of this batch.
void CleaningPass::add_line_problems() {
  const auto& problems = known_.problems;
  for (RowIndex row = 0; row < batch_->num_rows(); ++row) {
    const LineNumber line = batch_->lines[row];
    for (; next_line_problem_ < problems.size() && problems[next_line_problem_].line <= line;
         ++next_line_problem_) {
      const validate::LineProblem& problem = problems[next_line_problem_];
      if (problem.line == line) problems_.emplace(row, issue_of(problem));
    }
  }
}

// Ragged records, and rows meant for another data set, are no rows of the file's table.
Status CleaningPass::observe(FileQuality& quality) {
  return quality.observe(
      *batch_, shaped_, [this](RowIndex row) { return is_no_row(row); }, file_cell_);
}

bool CleaningPass::is_no_row(RowIndex row) const {
  return std::ranges::binary_search(batch_->ragged, row, {}, &RaggedRow::row) ||
         (file_->filter && !is_meant(row));
}

const KeyVerdict* CleaningPass::verdict_of(LineNumber line) {
  const auto& verdicts = known_.verdicts;
  while (next_verdict_ < verdicts.size() && verdicts[next_verdict_].line < line) ++next_verdict_;
  const bool is_hit = next_verdict_ < verdicts.size() && verdicts[next_verdict_].line == line;
  return is_hit ? &verdicts[next_verdict_] : nullptr;
}

// Sets [first_shaped_, next_shaped_) to the table rows made from a source row.
void CleaningPass::find_shaped_rows(RowIndex row) {
  first_shaped_ = next_shaped_;
  while (next_shaped_ < shaped_.num_rows && shaped_.source_row(next_shaped_) <= row) {
    ++next_shaped_;
  }
}

void CleaningPass::hash_keys() {
  keys_.resize(shaped_.num_rows);
  for (RowIndex row = 0; row < shaped_.num_rows; ++row) {
    cells_.clear();
    for (const std::size_t column : key_columns_) {
      cells_.push_back((*shaped_.columns[column])[row]);
    }
    keys_[row] = hasher_.hash128(cells_);
  }
}

Status CleaningPass::handle_batch() {
  collect_problems();
  auto next_problem = problems_.begin();
  next_shaped_ = 0;
  next_ragged_ = 0;
  for (RowIndex row = 0; row < batch_->num_rows(); ++row) {
    find_shaped_rows(row);
    while (next_problem != problems_.end() && next_problem->first < row) ++next_problem;
    const bool is_ragged =
        next_ragged_ < batch_->ragged.size() && batch_->ragged[next_ragged_].row == row;
    if (is_ragged) {
      HOMEROOM_TRY(quarantine_ragged(batch_->ragged[next_ragged_++]));
    } else if (file_->filter && !is_meant(row)) {
      note_skipped(batch_->lines[row], std::string(file_->filter->layout->otherwise));
    } else if (next_problem != problems_.end() && next_problem->first == row) {
      HOMEROOM_TRY(quarantine_row(row));
    } else {
      HOMEROOM_TRY(keep_row(row));
    }
  }
  return {};
}

// By the value as it stood in the file.
bool CleaningPass::is_meant(RowIndex row) const {
  const std::size_t column = file_->filter->column;
  const auto& originals = cleaned_.originals;
  const bool is_changed = column < originals.size() && !originals[column].empty();
  const Cell& cell = is_changed ? originals[column][row] : batch_->columns[column][row];
  return file_->filter->keeps(cell.text());
}

Status CleaningPass::quarantine_ragged(const RaggedRow& ragged) {
  ++counted_.rows.read;
  ++counted_.rows.quarantined;
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
  Issue issue{.line = batch_->lines[ragged.row],
              .field = field,
              .column = is_named ? file_->header[field - 1] : std::string(),
              .rule = "field_count",
              .severity = Severity::kError,
              .message = std::move(message),
              .suggestion = std::string(suggestion),
              .byte_offset = ragged.byte_offset};
  HOMEROOM_TRY(output_.add_problem(ragged.cells, issue));
  counted_.add_issue(std::move(issue));
  return {};
}

std::span<const Cell> CleaningPass::original_cells(RowIndex row) {
  cells_.clear();
  for (std::size_t i = 0; i < batch_->columns.size(); ++i) {
    const bool is_changed = i < cleaned_.originals.size() && !cleaned_.originals[i].empty();
    cells_.push_back(is_changed ? cleaned_.originals[i][row] : batch_->columns[i][row]);
  }
  return cells_;
}

Status CleaningPass::quarantine_row(RowIndex row) {
  ++counted_.rows.read;
  ++counted_.rows.quarantined;
  const std::span<const Cell> cells = original_cells(row);
  const auto [first, last] = problems_.equal_range(row);
  for (auto at = first; at != last; ++at) {
    HOMEROOM_TRY(output_.add_problem(cells, at->second));
    counted_.add_issue(std::move(at->second));
  }
  return {};
}

void CleaningPass::note_duplicate(LineNumber line, LineNumber first_line) {
  ++counted_.rows.duplicate;
  if (counted_.skipped.size() >= kMaxIssues) return;
  counted_.skipped.push_back({line, fmt::format("duplicate of line {}", first_line)});
}

Status CleaningPass::keep_row(RowIndex row) {
  ++counted_.rows.read;
  const LineNumber line = batch_->lines[row];
  if (const KeyVerdict* verdict = verdict_of(line); verdict != nullptr) {
    if (verdict->what == KeyVerdict::What::kDuplicate) {
      note_duplicate(line, verdict->first_line);
      return {};
    }
    ++counted_.rows.quarantined;
    Issue issue = conflict_issue(*verdict);
    HOMEROOM_TRY(output_.add_problem(original_cells(row), issue));
    counted_.add_issue(std::move(issue));
    return {};
  }
  bool is_loaded = false;
  for (RowIndex shaped_row = first_shaped_; shaped_row < next_shaped_; ++shaped_row) {
    is_loaded |= HOMEROOM_TRY(add_shaped_row(shaped_row, line));
  }
  counted_.rows.loaded += is_loaded ? 1 : 0;
  return {};
}

// False for a row that is known to be a duplicate. A conflict needs no answer: the pass is made
// again.
Result<bool> CleaningPass::add_shaped_row(RowIndex shaped_row, LineNumber line) {
  HOMEROOM_TRY(output_.begin_row(shaped_row));
  if (ledger_ != nullptr) {
    const RowIndex ahead = shaped_row + kRowsAhead;
    if (ahead < shaped_.num_rows) ledger_->prefetch(keys_[ahead]);
    const validate::KeySighting seen =
        HOMEROOM_TRY(ledger_->add(line, keys_[shaped_row], output_.hash_row(hasher_)));
    if (seen.what == validate::KeySighting::What::kDuplicate) {
      output_.drop_row();
      note_duplicate(line, seen.first_line);
      return false;
    }
  }
  scope_.observe(shaped_, shaped_row);
  HOMEROOM_TRY(output_.end_row(line));
  if (rows_ != nullptr) HOMEROOM_TRY(rows_->add(shaped_, shaped_row, line));
  return true;
}

Result<CleanedFile> CleaningPass::commit() {
  CleanedFile cleaned;
  cleaned.scope = scope_.text();
  cleaned.objects = HOMEROOM_TRY(output_.commit());
  cleaned.quarantine_key = output_.quarantine_key();
  cleaned.changes_key = HOMEROOM_TRY(changes_.commit(file_->object_name()));
  return cleaned;
}

}  // namespace homeroom::run
