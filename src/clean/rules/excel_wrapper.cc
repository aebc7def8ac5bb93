#include <array>
#include <string_view>

#include "clean/column_edit.h"
#include "clean/rule.h"
#include "clean/spreadsheet_text.h"
#include "clean/unicode_text.h"

namespace homeroom::clean {
namespace {

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    const auto wrapped = drop_formula_wrapper(edit.text(row));
    if (wrapped) edit.replace_with_view(row, trim_blanks(*wrapped));
  }
}

constexpr std::array kExamples = {
    Example{.in = "=\"0012\"", .out = "0012", .kind = contract::Kind::kIdentifier},
    Example{.in = "=\"2850013\"", .out = "2850013", .is_declared = false},
    Example{.in = "=\" 7 \"", .out = "7"},
    Example{.in = "=\"\"", .out = {}, .state = CellState::kNull},
    Example{.in = "=\"a\"\"b\"", .out = "=\"a\"\"b\""},
    Example{.in = "=A1+1", .out = "=A1+1"},
};

}  // namespace

extern const Rule rule_excel_wrapper = {
    .name = "excel_wrapper",
    .summary =
        "Takes a value out of the formula =\"...\" that keeps a spreadsheet from changing it",
    .applies_to = {},
    .order = 40,
    .needs_declaration = false,
    .looks_for = kEquals,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
