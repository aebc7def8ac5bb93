#include <string>

#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class NullChecker : public RowChecker {
 public:
  NullChecker(std::uint32_t column, std::string reason)
      : column_(column), reason_(std::move(reason)) {}

  void check(const CheckedRows& rows, std::vector<RowProblem>& out) override {
    const auto cells = rows.cells(column_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (cells[row].state != CellState::kNull) continue;
      out.push_back({.row = row, .column = column_, .reason = reason_});
    }
  }

 private:
  std::uint32_t column_;
  std::string reason_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
  if (column == nullptr) return BoundQuality{};
  return BoundQuality{
      .rows = std::make_unique<NullChecker>(column->index, with_why("is empty", quality))};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{metric: nullValues, mustBe: 0}",
     .columns = "club:text",
     .rows = "Chess /  / *",
     .says = "line 3, club: is empty"},
    {.yaml = "{metric: nullValues, mustBeLessThan: 50, unit: percent, description: Most have one.}",
     .columns = "club:text",
     .rows = "Chess /  / ",
     .says = "error: 2 rows (66.66 %): is empty (Most have one); must be less than 50 %, first at "
             "line 3"},
    {.yaml = "{metric: nullValues, mustBeLessThan: 2}",
     .columns = "club:text",
     .rows = "a / ",
     .says = ""},
};

}  // namespace

extern const QualityCheck check_null_values = {
    .name = "null_values",
    .summary = "How many rows have no value in the column, as `nullValues` of the standard",
    .arguments = "",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
