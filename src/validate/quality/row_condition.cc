#include <optional>
#include <string>

#include <fmt/format.h>

#include "validate/bound_condition.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class ConditionChecker : public RowChecker {
 public:
  ConditionChecker(BoundCondition condition, std::optional<BoundCondition> where,
                   std::vector<std::uint32_t> columns, std::string reason)
      : condition_(std::move(condition)),
        where_(std::move(where)),
        columns_(std::move(columns)),
        reason_(std::move(reason)) {}

  void check(const CheckedRows& rows, std::vector<RowProblem>& out) override {
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (where_ && where_->test(rows, row) != Truth::kTrue) continue;
      if (condition_.test(rows, row) != Truth::kFalse) continue;
      for (const std::uint32_t column : columns_) {
        out.push_back({.row = row, .column = column, .reason = reason_});
      }
    }
  }

 private:
  BoundCondition condition_;
  std::optional<BoundCondition> where_;
  std::vector<std::uint32_t> columns_;
  std::string reason_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  const std::string* text = quality.find("condition");
  if (text == nullptr) {
    return fail_quality(quality, "it has no condition", "write {condition: a <= b}");
  }
  auto condition = HOMEROOM_TRY(BoundCondition::create(*text, quality, table, facts));
  std::string reason = fmt::format("does not meet {}", *text);
  std::optional<BoundCondition> where;
  if (const std::string* filter = quality.find("where")) {
    where = HOMEROOM_TRY(BoundCondition::create(*filter, quality, table, facts));
    if (!where) return BoundQuality{};
    reason += fmt::format(", which holds where {}", *filter);
  }
  std::vector<std::uint32_t> columns;
  if (quality.arguments.contains("blames")) {
    columns = HOMEROOM_TRY(columns_of(quality, table, facts, "blames"));
  }
  if (!condition) return BoundQuality{};
  if (columns.empty()) columns.push_back(condition->first_column());
  return BoundQuality{.rows = std::make_unique<ConditionChecker>(
                          std::move(*condition), std::move(where), std::move(columns),
                          with_why(std::move(reason), quality))};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: row_condition, "
             "condition: present <= enrolled}}",
     .columns = "present:decimal enrolled:integer",
     .rows = "170.5|180 / 181|180 / 180.0|180 / |180",
     .says = "line 3, present: does not meet present <= enrolled"},
    {.yaml = "{type: custom, engine: homeroom, description: Who left says why., implementation: "
             "{check: row_condition, condition: reason is not null, where: left_on is not null, "
             "blames: reason}}",
     .columns = "left_on:date reason:text",
     .rows = "2025-11-03|moved / 2025-11-03| / |",
     .says = "line 3, reason: does not meet reason is not null, which holds where left_on is not "
             "null (Who left says why)"},
    {.yaml = "{type: custom, engine: homeroom, severity: warning, implementation: {check: "
             "row_condition, condition: boys + girls = students}}",
     .columns = "boys:integer girls:integer students:integer",
     .rows = "10|12|22 / 10|12|23 / 9|9|19",
     .says = "warning: 2 rows (66.66 %): does not meet boys + girls = students, first at line 3"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: row_condition, condition: "
             "\"day <> '2025-12-25'\", mustBeLessThan: 50, unit: percent}}",
     .columns = "day:date",
     .rows = "2025-12-24 / 2025-12-25",
     .says = "error: 1 row (50 %): does not meet day <> '2025-12-25'; must be less than 50 %, "
             "first at line 3"},
};

}  // namespace

extern const QualityCheck check_row_condition = {
    .name = "row_condition",
    .summary =
        "Each row meets a condition; `where` says for which rows it holds, `blames` which "
        "columns are named when it is not met",
    .arguments = "condition where blames",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
