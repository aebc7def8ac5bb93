#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class CodeChecker : public RowChecker {
 public:
  CodeChecker(std::uint32_t column, const contract::Enumeration& codes, std::string reason)
      : column_(column), reason_(std::move(reason)) {
    for (const contract::EnumerationValue& value : codes.values) codes_.push_back(value.code);
    std::ranges::sort(codes_);
  }

  void check(const CheckedRows& rows, std::vector<RowProblem>& out) override {
    const auto cells = rows.cells(column_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      const Cell& cell = cells[row];
      if (!cell.has_value() || cell.text() == last_known_) continue;
      const auto known = std::ranges::lower_bound(codes_, cell.text());
      if (known != codes_.end() && *known == cell.text()) {
        last_known_ = *known;
        continue;
      }
      out.push_back({.row = row, .column = column_, .reason = reason_});
    }
  }

 private:
  std::uint32_t column_;
  std::vector<std::string_view> codes_;
  std::string_view last_known_ = {};  ///< the code that was met last: most rows repeat it
  std::string reason_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
  if (column == nullptr) return BoundQuality{};
  if (column->declared == nullptr || column->declared->enumeration == nullptr) {
    return fail_quality(quality, "the column has no list of codes",
                        "write homeroom.enumeration with the list's name");
  }
  const contract::Enumeration& codes = *column->declared->enumeration;
  std::string reason = fmt::format("is no code of {}", codes.name);
  return BoundQuality{.rows = std::make_unique<CodeChecker>(column->index, codes,
                                                            with_why(std::move(reason), quality))};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, severity: warning, description: Rates leave them "
             "out., implementation: {check: unknown_codes}}",
     .columns = "sex:sex",
     .rows = "F / Q / ",
     .says = "warning: 1 row (33.33 %): is no code of sex (Rates leave them out), first at line 3"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: unknown_codes, "
             "mustBeLessThan: 50, unit: percent}}",
     .columns = "sex:sex",
     .rows = "F / Q / M",
     .says = ""},
};

}  // namespace

extern const QualityCheck check_unknown_codes = {
    .name = "unknown_codes",
    .summary =
        "Values of an open list are codes that it knows: new codes are told of before they "
        "fall out of every figure",
    .arguments = "column",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
