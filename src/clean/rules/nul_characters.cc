#include <array>
#include <string>
#include <string_view>

#include "clean/column_edit.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using std::string_view_literals::operator""sv;

// PostgreSQL's text cannot hold the character U+0000, so it goes wherever it stands.
void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    if (edit.text(row).find('\0') == std::string_view::npos) continue;
    std::string& out = edit.scratch();
    out = edit.text(row);
    std::erase(out, '\0');
    edit.replace(row, out);
  }
}

constexpr std::array kExamples = {
    Example{.in = "Ann\0a"sv, .out = "Anna"},
    Example{.in = "12\0"sv, .out = "12", .is_declared = false},
    Example{.in = "\0\0"sv, .out = {}, .state = CellState::kNull},
    Example{.in = "line\nline", .out = "line\nline"},
};

}  // namespace

extern const Rule rule_nul_characters = {
    .name = "nul_characters",
    .summary = "Drops characters of value zero, which no database text can hold",
    .applies_to = {},
    .order = 10,
    .needs_declaration = false,
    .looks_for = kControl,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
