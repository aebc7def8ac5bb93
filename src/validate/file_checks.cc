#include "validate/file_checks.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/quality/tolerated.h"

namespace homeroom::validate {
namespace {

using contract::Quality;

// "12 rows (0.5 %)"
std::string share_words(std::uint64_t count, std::uint64_t num_rows) {
  std::string percent = percent_text(count, num_rows);
  if (const std::size_t point = percent.find('.'); point != std::string::npos) {
    percent.resize(std::min(percent.size(), point + 3));
  }
  return fmt::format("{} ({} %)", counted(count, "row"), percent);
}

// What is said of many rows at once; nothing where they are as few as the contract allows.
void judge_count(const Quality& quality, std::uint64_t count, std::uint64_t num_rows,
                 FileFinding finding, std::string_view reason, FileVerdict& out) {
  if (quality.bound) {
    const std::string figure =
        quality.bound->is_percent ? percent_text(count, num_rows) : std::to_string(count);
    if (fits(*quality.bound, figure)) return;
  } else if (count == 0) {
    return;
  }
  finding.message = fmt::format("{}: {}", share_words(count, num_rows),
                                reason.empty() ? "none breaks the check" : reason);
  if (quality.bound) finding.message += fmt::format("; must be {}", quality.bound->words());
  out.findings.push_back(std::move(finding));
}

// Counts the rows that a check of rows finds.
class CountingChecker : public FileChecker {
 public:
  CountingChecker(const Quality& quality, std::unique_ptr<RowChecker> rows)
      : quality_(&quality), rows_(std::move(rows)) {}

  Status observe(const CheckedRows& rows, std::span<const LineNumber> lines) override {
    problems_.clear();
    rows_->check(rows, problems_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) num_rows_ += rows.is_left_out(row) ? 0 : 1;
    RowIndex last = kWholeRow;
    std::ranges::stable_sort(problems_, {}, &RowProblem::row);
    for (const RowProblem& problem : problems_) {
      if (problem.row == last || rows.is_left_out(problem.row)) continue;
      last = problem.row;
      if (++count_ > 1) continue;
      first_ = {.line = lines[problem.row], .column = problem.column};
      reason_ = problem.reason;
    }
    return {};
  }

  Status finish(FileVerdict& out) override {
    judge_count(*quality_, count_, num_rows_, first_, reason_, out);
    return {};
  }

 private:
  const Quality* quality_;
  std::unique_ptr<RowChecker> rows_;
  std::vector<RowProblem> problems_;
  std::uint64_t num_rows_ = 0;
  std::uint64_t count_ = 0;
  FileFinding first_;
  std::string reason_;
};

// What `unique: true` of columns asks for, and a manifest that counts the file.
std::unique_ptr<std::vector<Quality>> implied_by(const contract::Contract& contract,
                                                 const CheckFacts& facts) {
  auto checks = std::make_unique<std::vector<Quality>>();
  if (facts.manifest && contract::find_check(contract, "stated_rows", "") == nullptr) {
    Quality quality;
    quality.check = "stated_rows";
    quality.severity = Severity::kWarning;
    checks->push_back(std::move(quality));
  }
  for (const contract::Column& column : contract.columns) {
    if (!column.is_unique) continue;
    Quality quality;
    quality.check = "duplicate_values";
    quality.column = column.name;
    quality.why = column.why;
    quality.file = column.file;
    quality.line = column.line;
    checks->push_back(std::move(quality));
  }
  return checks;
}

// Lines that need not be set aside one by one become one finding.
void judge_lines(const Quality& quality, std::uint64_t num_rows, FileVerdict& verdict) {
  const bool is_strict = quality.severity == Severity::kError && quality.tolerates_nothing();
  if (is_strict && verdict.num_lines == verdict.lines.size()) return;
  verdict.lines.clear();
  const FileFinding first{.line = verdict.lowest.line, .column = verdict.lowest.column};
  judge_count(quality, verdict.num_lines, num_rows, first, verdict.lowest.reason, verdict);
}

}  // namespace

Result<FileChecks> FileChecks::create(const TableSchema& table, const contract::Contract* contract,
                                      std::span<const int> contract_columns, CheckFacts facts) {
  FileChecks checks;
  if (contract == nullptr) return checks;
  checks.facts_ = std::make_unique<CheckFacts>(std::move(facts));
  checks.implied_ = implied_by(*contract, *checks.facts_);
  const CheckedTable checked = describe(table, contract, contract_columns);
  std::vector<const Quality*> wanted;
  for (const Quality& quality : contract->quality) wanted.push_back(&quality);
  for (const Quality& quality : *checks.implied_) wanted.push_back(&quality);
  for (const Quality* const asked : wanted) {
    const Quality& quality = *asked;
    BoundQuality bound = HOMEROOM_TRY(bind_quality(quality, checked, *checks.facts_));
    if (bound.rows != nullptr && !is_of_rows(quality)) {
      bound.file = std::make_unique<CountingChecker>(quality, std::move(bound.rows));
    }
    if (bound.file != nullptr) checks.checks_.push_back({&quality, std::move(bound.file)});
  }
  return checks;
}

Status FileChecks::observe(const CheckedRows& rows, std::span<const LineNumber> lines) {
  if (checks_.empty()) return {};
  for (RowIndex row = 0; row < rows.num_rows; ++row) num_rows_ += rows.is_left_out(row) ? 0 : 1;
  for (const Bound& bound : checks_) HOMEROOM_TRY(bound.checker->observe(rows, lines));
  return {};
}

Result<FileVerdict> FileChecks::finish(const FileEnd& end) {
  FileVerdict all;
  for (const Bound& bound : checks_) {
    FileVerdict verdict;
    bound.checker->note_end(end);
    HOMEROOM_TRY(bound.checker->finish(verdict));
    if (bound.checker->finds_lines()) {
      judge_lines(*bound.quality, num_rows_, verdict);
    }
    for (FileFinding& finding : verdict.findings) {
      finding.rule = bound.quality->check;
      finding.severity = bound.quality->severity;
      all.findings.push_back(std::move(finding));
    }
    for (LineProblem& problem : verdict.lines) {
      problem.rule = bound.quality->check;
      all.lines.push_back(std::move(problem));
    }
  }
  std::ranges::stable_sort(all.lines, {}, &LineProblem::line);
  return all;
}

Status check_quality(const contract::Contract& contract) {
  TableSchema table;
  table.name = contract.name;
  table.key = contract.key;
  std::vector<int> contract_columns;
  for (const contract::Column& column : contract.columns) {
    contract_columns.push_back(static_cast<int>(contract_columns.size()));
    table.columns.push_back({.name = column.name, .type = column.sql_type(), .comment = {}});
  }
  HOMEROOM_TRY(RowValidator::create(table, &contract, contract_columns));
  HOMEROOM_TRY(FileChecks::create(table, &contract, contract_columns, {}));
  return {};
}

}  // namespace homeroom::validate
