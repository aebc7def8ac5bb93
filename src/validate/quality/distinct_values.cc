#include <string>

#include <fmt/format.h>

#include "validate/group_ledger.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class DistinctChecker : public FigureChecker {
 public:
  DistinctChecker(const contract::Quality& quality, const CheckFacts& facts,
                  const CheckedColumn& column)
      : FigureChecker(
            quality, column.index,
            fmt::format("the {} of different values of {}",
                        quality.bound->is_percent ? "share" : "number", column.table->name)),
        column_(column.index),
        is_percent_(quality.bound->is_percent),
        ledger_(facts.scratch, facts.memory_bytes, facts.hash_secret) {}

  Status observe(const CheckedRows& rows, std::span<const LineNumber> lines) override {
    const auto cells = rows.cells(column_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (rows.is_left_out(row) || !cells[row].has_value()) continue;
      ++num_values_;
      HOMEROOM_TRY(ledger_.add(lines[row], {&cells[row], 1}, {}));
    }
    return {};
  }

 private:
  // Every row of a group but one repeats a value.
  Result<std::optional<std::string>> figure() override {
    std::uint64_t num_repeats = 0;
    bool is_first = true;
    GroupedRow last;
    HOMEROOM_TRY(ledger_.each([&](const GroupedRow& row, std::uint64_t /*num_same*/,
                                  const GroupLedger::Group& /*group*/) -> Status {
      num_repeats += !is_first && row.is_same_group(last) ? 1 : 0;
      is_first = false;
      last = row;
      return {};
    }));
    const std::uint64_t num_distinct = num_values_ - num_repeats;
    if (!is_percent_) return std::to_string(num_distinct);
    if (num_values_ == 0) return std::nullopt;
    return percent_text(num_distinct, num_values_);
  }

  std::uint32_t column_;
  bool is_percent_;
  std::uint64_t num_values_ = 0;
  GroupLedger ledger_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  HOMEROOM_TRY(need_bound(quality));
  const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
  if (column == nullptr) return BoundQuality{};
  return BoundQuality{.file = std::make_unique<DistinctChecker>(quality, facts, *column)};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: distinct_values, "
             "mustBeBetween: [3, 40]}}",
     .columns = "school:text",
     .rows = "010 / 020 / 010 / ",
     .says = "error: the number of different values of school is 2, must be between 3 and 40"},
    {.yaml = "{type: custom, engine: homeroom, severity: warning, implementation: {check: "
             "distinct_values, mustBeGreaterThan: 90, unit: percent}}",
     .columns = "student:text",
     .rows = "1 / 2 / 3 / 3",
     .says = "warning: the share of different values of student is 75 %, must be more than 90 %"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: distinct_values, mustBe: "
             "1}}",
     .columns = "school:text",
     .rows = "010 / 010",
     .says = ""},
};

}  // namespace

extern const QualityCheck check_distinct_values = {
    .name = "distinct_values",
    .summary =
        "How many values differ: their number, or with `unit: percent` their share of all "
        "values",
    .arguments = "column",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
