#include <array>
#include <string_view>

#include "base/text.h"
#include "clean/column_edit.h"
#include "clean/number_text.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

// `text` without the unit before or after it; the same text when that leaves no number.
std::string_view drop_unit(std::string_view text, std::string_view unit) {
  if (text.size() <= unit.size()) return text;
  const std::size_t size = text.size() - unit.size();
  std::string_view number = text;
  if (equals_ignoring_case(text.substr(size), unit)) {
    number = trim(text.substr(0, size));
  } else if (equals_ignoring_case(text.substr(0, unit.size()), unit)) {
    number = trim(text.substr(unit.size()));
  }
  return read_number(number) ? number : text;
}

void apply(const ColumnContext& context, ColumnEdit& edit) {
  if (context.units.empty()) return;
  for (const RowIndex row : edit.rows()) {
    for (const std::string& unit : context.units) {
      const std::string_view number = drop_unit(edit.text(row), unit);
      if (number.size() == edit.text(row).size()) continue;
      edit.replace_with_view(row, number);
      break;
    }
  }
}

constexpr std::array kKinds = {Kind::kInteger, Kind::kDecimal};

constexpr Example example(std::string_view in, std::string_view out, std::string_view unit) {
  return {.in = in, .out = out, .kind = Kind::kDecimal, .unit = unit};
}

constexpr std::array kExamples = {
    example("12.0 oz", "12.0", "oz"),
    example("12.0OZ", "12.0", "oz"),
    example("0.09%", "0.09", "%"),
    example("$1,200", "1,200", "$"),
    example("12 ounces", "12 ounces", "oz"),
    example("oz", "oz", "oz"),
    example("12 oz 3 oz", "12 oz 3 oz", "oz"),
};

}  // namespace

extern const Rule rule_unit = {
    .name = "unit",
    .summary = "Takes the column's unit (homeroom.units) off a number: \"12.0 oz\" is 12.0",
    .applies_to = kKinds,
    .order = 90,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
