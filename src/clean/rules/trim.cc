#include <array>
#include <string_view>

#include "clean/column_edit.h"
#include "clean/rule.h"
#include "clean/unicode_text.h"

namespace homeroom::clean {
namespace {

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    const std::string_view trimmed = trim_blanks(edit.text(row));
    if (trimmed.empty()) {
      edit.mark_blank(row);
    } else {
      edit.replace_with_view(row, trimmed);
    }
  }
}

constexpr std::array kExamples = {
    Example{.in = " 0012345 ", .out = "0012345"},
    Example{.in = "Ana\t", .out = "Ana", .is_declared = false},
    Example{.in = "\xC2\xA0Lincoln High\xE3\x80\x80", .out = "Lincoln High"},
    Example{.in = "Lincoln  High", .out = "Lincoln  High"},
    Example{.in = "   ", .out = {}, .state = CellState::kNull},
    Example{.in = "\r\n", .out = {}, .state = CellState::kNull},
};

}  // namespace

extern const Rule rule_trim = {
    .name = "trim",
    .summary = "Drops blanks before and after a value",
    .applies_to = {},
    .order = 30,
    .needs_declaration = false,
    .looks_for = kOuterBlank | kOddUnicode,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
