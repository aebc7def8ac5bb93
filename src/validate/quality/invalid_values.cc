#include <algorithm>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "validate/full_match.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class ValidChecker : public RowChecker {
 public:
  ValidChecker(std::uint32_t column, std::vector<std::string> values,
               std::optional<FullMatch> pattern, std::string reason)
      : column_(column),
        values_(std::move(values)),
        pattern_(std::move(pattern)),
        reason_(std::move(reason)) {
    std::ranges::sort(values_);
  }

  void check(const CheckedRows& rows, std::vector<RowProblem>& out) override {
    const auto cells = rows.cells(column_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (!cells[row].has_value() || is_valid(cells[row].text())) continue;
      out.push_back({.row = row, .column = column_, .reason = reason_});
    }
  }

 private:
  [[nodiscard]] bool is_valid(std::string_view text) const {
    if (pattern_ && !pattern_->matches(text)) return false;
    return values_.empty() || std::ranges::binary_search(values_, text, std::less<>{});
  }

  std::uint32_t column_;
  std::vector<std::string> values_;
  std::optional<FullMatch> pattern_;
  std::string reason_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  std::vector<std::string> values;
  const auto listed = quality.arguments.find("valid_values");
  if (listed != quality.arguments.end()) values = listed->second;
  const std::string* pattern = quality.find("pattern");
  if (values.empty() && pattern == nullptr) {
    return fail_quality(quality, "it does not say which values are valid",
                        "write arguments: {validValues: [A, B]}, or {pattern: '[A-Z]{2}'}");
  }
  std::optional<FullMatch> match;
  if (pattern != nullptr) match = HOMEROOM_TRY(FullMatch::create(*pattern, quality));
  const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
  if (column == nullptr) return BoundQuality{};
  std::string reason = values.empty() ? fmt::format("does not match the pattern {}", *pattern)
                                      : "is not one of the valid values";
  return BoundQuality{.rows = std::make_unique<ValidChecker>(column->index, std::move(values),
                                                             std::move(match),
                                                             with_why(std::move(reason), quality))};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{metric: invalidValues, mustBe: 0, arguments: {validValues: [P, A, T]}}",
     .columns = "code:text",
     .rows = "P / X / ",
     .says = "line 3, code: is not one of the valid values"},
    {.yaml = "{metric: invalidValues, mustBe: 0, arguments: {pattern: '[A-Z]{2}'}}",
     .columns = "state:text",
     .rows = "MA / AK-* / M",
     .says = "line 3, state: does not match the pattern [A-Z]{2}; line 4, state: does not match "
             "the pattern [A-Z]{2}"},
    {.yaml = "{metric: invalidValues, mustBeLessThan: 50, unit: percent, severity: warning, "
             "arguments: {validValues: [P]}}",
     .columns = "code:text",
     .rows = "P / X / P",
     .says = ""},
};

}  // namespace

extern const QualityCheck check_invalid_values = {
    .name = "invalid_values",
    .summary = "How many values are not of the list `validValues`, or do not match `pattern`",
    .arguments = "valid_values pattern",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
