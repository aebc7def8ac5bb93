#include "run/cleaning/file_quality.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "contract/quality/tolerated.h"

namespace homeroom::run {
namespace {

constexpr std::string_view kStatedRows = "stated_rows";

}  // namespace

validate::CheckFacts check_facts(const PreparedFile& file, const Settings& settings) {
  constexpr std::size_t kShare = 4;  // of what the keys of the file may take
  validate::CheckFacts facts;
  facts.file_name = file.name.stem;
  facts.header = file.header;
  facts.today = settings.today;
  facts.scratch = settings.scratch;
  facts.memory_bytes = settings.key_memory_bytes / kShare;
  facts.hash_secret = settings.hash_secret;
  const source::BundlePlace& place = file.input.place;
  if (place.stated_rows) {
    facts.manifest = validate::StatedCount{.num_rows = *place.stated_rows, .by = place.stated_by};
  }
  if (file.match) {
    for (const auto& column : file.match->columns) facts.header_columns.push_back(column.column);
  }
  for (const shape::ColumnOrigin& origin : file.plan.origins) {
    facts.is_absent.push_back(origin.from == shape::ColumnOrigin::From::kNull ? 1 : 0);
  }
  return facts;
}

Result<FileQuality> FileQuality::create(const PreparedFile& file,
                                        const validate::CheckFacts& facts) {
  FileQuality quality;
  quality.checks_ = HOMEROOM_TRY(validate::FileChecks::create(file.plan.table, file.contract(),
                                                              file.plan.contract_columns, facts));
  return quality;
}

void FileQuality::note(const Batch& batch) {
  num_rows_ += batch.num_rows();
  if (!batch.footers.empty()) footers_ = batch.footers;
}

Status FileQuality::observe(const Batch& batch, const shape::ShapedBatch& shaped,
                            const std::function<bool(RowIndex)>& is_left_out,
                            const validate::FileCell& file_cell) {
  if (checks_.is_empty()) return {};
  lines_.clear();
  left_out_.clear();
  for (RowIndex row = 0; row < shaped.num_rows; ++row) {
    const RowIndex source = shaped.source_row(row);
    lines_.push_back(batch.lines[source]);
    left_out_.push_back(is_left_out(source) ? 1 : 0);
  }
  const validate::CheckedRows rows{.columns = shaped.columns,
                                   .num_rows = shaped.num_rows,
                                   .left_out = left_out_,
                                   .file_cell = &file_cell};
  return checks_.observe(rows, lines_);
}

std::string name_of_column(const PreparedFile& file, std::size_t source_column) {
  if (file.match) {
    const int column = file.match->columns[source_column].column;
    if (column >= 0) return file.match->contract->columns[static_cast<std::size_t>(column)].name;
  }
  return file.header[source_column];
}

void name_column(const PreparedFile& file, std::uint32_t table_column, Issue& issue) {
  if (table_column == validate::kWholeRow) return;
  const shape::ColumnOrigin& origin = file.plan.origins[table_column];
  const bool is_plain = origin.from == shape::ColumnOrigin::From::kSource;
  issue.field = is_plain ? static_cast<std::uint32_t>(origin.source + 1) : 0;
  issue.column =
      is_plain ? name_of_column(file, origin.source) : file.plan.table.columns[table_column].name;
}

void report_findings(const PreparedFile& file, const Settings& settings,
                     std::span<const validate::FileFinding> findings, FileReport& report) {
  // What the reader says of it by itself, the contract's check says as loud as it is meant.
  const contract::Contract* contract = file.contract();
  const bool is_asked =
      contract != nullptr && contract::find_check(*contract, kStatedRows, "") != nullptr;
  if (is_asked || file.input.place.stated_rows) {
    report.forget_issues(kStatedRows);
  }
  for (const validate::FileFinding& finding : findings) {
    Issue issue{.line = finding.line,
                .column = {},
                .rule = std::string(finding.rule),
                .severity = finding.severity,
                .message = finding.message,
                .suggestion = {}};
    name_column(file, finding.column, issue);
    const bool is_reason_to_hold = finding.severity == Severity::kError && !settings.is_released;
    if (is_reason_to_hold && report.status == FileStatus::kGood) {
      report.status = FileStatus::kHeld;
      report.reason = issue.column.empty()
                          ? finding.message
                          : fmt::format("column {}: {}", issue.column, finding.message);
    }
    report.add_issue(std::move(issue));
  }
}

}  // namespace homeroom::run
