#include <algorithm>
#include <string>

#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class MissingChecker : public RowChecker {
 public:
  MissingChecker(std::uint32_t column, std::vector<std::string> words, std::string reason)
      : column_(column), words_(std::move(words)), reason_(std::move(reason)) {}

  void check(const CheckedRows& rows, std::vector<RowProblem>& out) override {
    const auto cells = rows.cells(column_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      const Cell& cell = cells[row];
      const bool is_word =
          cell.has_value() && std::ranges::find(words_, cell.text()) != words_.end();
      if (cell.state != CellState::kNull && !is_word) continue;
      out.push_back({.row = row, .column = column_, .reason = reason_});
    }
  }

 private:
  std::uint32_t column_;
  std::vector<std::string> words_;
  std::string reason_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
  if (column == nullptr) return BoundQuality{};
  std::vector<std::string> words;
  const auto listed = quality.arguments.find("missing_values");
  if (listed != quality.arguments.end()) words = listed->second;
  return BoundQuality{.rows = std::make_unique<MissingChecker>(
                          column->index, std::move(words),
                          with_why("is empty, or says that there is no value", quality))};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{metric: missingValues, mustBe: 0, arguments: {missingValues: ['', tbd]}}",
     .columns = "club:text",
     .rows = "Chess / tbd / ",
     .says = "line 3, club: is empty, or says that there is no value; line 4, club: is empty, or "
             "says that there is no value"},
    {.yaml = "{metric: missingValues, mustBeLessOrEqualTo: 40, unit: percent}",
     .columns = "club:text",
     .rows = "Chess / Choir / ",
     .says = ""},
};

}  // namespace

extern const QualityCheck check_missing_values = {
    .name = "missing_values",
    .summary = "How many rows have no value in the column, or one of the texts listed as no value",
    .arguments = "missing_values",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
