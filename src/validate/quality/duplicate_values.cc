#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "validate/group_ledger.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class DuplicateChecker : public FileChecker {
 public:
  DuplicateChecker(const contract::Quality& quality, const CheckFacts& facts,
                   std::vector<std::uint32_t> columns, std::string names)
      : quality_(&quality),
        columns_(std::move(columns)),
        names_(std::move(names)),
        ledger_(facts.scratch, facts.memory_bytes, facts.hash_secret) {}

  Status observe(const CheckedRows& rows, std::span<const LineNumber> lines) override {
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (rows.is_left_out(row)) continue;
      group_.clear();
      for (const std::uint32_t column : columns_) group_.push_back(rows.cells(column)[row]);
      if (!std::ranges::all_of(group_, &Cell::has_value)) continue;
      content_.clear();
      for (const auto* column : rows.columns) content_.push_back((*column)[row]);
      HOMEROOM_TRY(ledger_.add(lines[row], group_, content_));
    }
    return {};
  }

  // Of equal rows the first is right; of rows that differ none can be told to be.
  Status finish(FileVerdict& out) override {
    const std::uint32_t column = columns_.size() == 1 ? columns_[0] : kWholeRow;
    return ledger_.each([&](const GroupedRow& row, std::uint64_t /*num_same*/,
                            const GroupLedger::Group& group) -> Status {
      if (group.num_contents == 1 && row.line == group.first_line) return {};
      std::string reason =
          row.line == group.first_line
              ? fmt::format("has a value of {} that later rows have too", names_)
              : fmt::format("has the value of {} that line {} has", names_, group.first_line);
      out.add_line(
          {.line = row.line, .column = column, .reason = with_why(std::move(reason), *quality_)});
      return {};
    });
  }

  [[nodiscard]] bool finds_lines() const override { return true; }

 private:
  const contract::Quality* quality_;
  std::vector<std::uint32_t> columns_;
  std::string names_;
  GroupLedger ledger_;
  std::vector<Cell> group_;
  std::vector<Cell> content_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  std::vector<std::uint32_t> columns;
  if (quality.column.empty()) {
    columns = HOMEROOM_TRY(columns_of(quality, table, facts, "properties"));
  } else if (const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts))) {
    columns.push_back(column->index);
  }
  if (columns.empty()) return BoundQuality{};
  std::vector<std::string> names;
  for (const std::uint32_t column : columns) names.push_back(table.columns[column].table->name);
  return BoundQuality{.file = std::make_unique<DuplicateChecker>(quality, facts, std::move(columns),
                                                                 join(names, ", "))};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{metric: duplicateValues, mustBe: 0}",
     .columns = "club_id:text name:text",
     .rows = "1|Chess / 2|Choir / 1|Chess / |Art / |Go",
     .says = "line 4, club_id: has the value of club_id that line 2 has"},
    {.yaml = "{metric: duplicateValues, mustBe: 0}",
     .columns = "club_id:text name:text",
     .rows = "1|Chess / 1|Choir",
     .says = "line 2, club_id: has a value of club_id that later rows have too; line 3, club_id: "
             "has the value of club_id that line 2 has"},
    {.yaml = "{metric: duplicateValues, mustBeLessThan: 5, unit: percent, arguments: {properties: "
             "[school, club_id]}}",
     .columns = "school:text club_id:text",
     .rows = "A|1 / A|2 / B|1 / A|1",
     .says = "error: 1 row (25 %): has the value of school, club_id that line 2 has; must be less "
             "than 5 %, first at line 5",
     .is_of_dataset = true},
};

}  // namespace

extern const QualityCheck check_duplicate_values = {
    .name = "duplicate_values",
    .summary =
        "How many rows repeat a value of the column, or of the columns `properties`; of "
        "equal rows the first is not counted, missing values equal nothing",
    .arguments = "properties",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
