#include <string>

#include <fmt/format.h>

#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class Completeness : public FigureChecker {
 public:
  Completeness(const contract::Quality& quality, const CheckedColumn& column)
      : FigureChecker(quality, column.index,
                      fmt::format("the share of rows with a value in {}", column.table->name)),
        column_(column.index) {}

  Status observe(const CheckedRows& rows, std::span<const LineNumber> /*lines*/) override {
    const auto cells = rows.cells(column_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (rows.is_left_out(row)) continue;
      ++num_rows_;
      num_values_ += cells[row].state == CellState::kNull ? 0 : 1;
    }
    return {};
  }

 private:
  Result<std::optional<std::string>> figure() override {
    if (num_rows_ == 0) return std::nullopt;
    return percent_text(num_values_, num_rows_);
  }

  std::uint32_t column_;
  std::uint64_t num_rows_ = 0;
  std::uint64_t num_values_ = 0;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  HOMEROOM_TRY(need_bound(quality));
  if (!quality.bound->is_percent) {
    return fail_quality(quality, "completeness is a share", "write unit: percent");
  }
  const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
  if (column == nullptr) return BoundQuality{};
  return BoundQuality{.file = std::make_unique<Completeness>(quality, *column)};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: completeness, "
             "mustBeGreaterOrEqualTo: 95, unit: percent}}",
     .columns = "club:text",
     .rows = "Chess /  / * / Choir",
     .says = "error: the share of rows with a value in club is 75 %, must be at least 95 %"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: completeness, "
             "mustBeGreaterOrEqualTo: 75, unit: percent}}",
     .columns = "club:text",
     .rows = "Chess /  / Choir / Art",
     .says = ""},
};

}  // namespace

extern const QualityCheck check_completeness = {
    .name = "completeness",
    .summary = "The share of rows that have a value in the column",
    .arguments = "column",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
