#include <array>
#include <string_view>

#include "clean/column_edit.h"
#include "clean/rule.h"
#include "clean/tokens.h"

namespace homeroom::clean {
namespace {

void apply(const ColumnContext& context, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    const std::string_view text = edit.text(row);
    if (is_null_token(context, text) && !is_code(context, text, edit.scratch())) {
      edit.mark_null(row);
    }
  }
}

using contract::Kind;

constexpr std::array kExamples = {
    Example{.in = "N/A", .out = {}, .state = CellState::kNull},
    Example{.in = "NULL", .out = {}, .state = CellState::kNull},
    Example{.in = "Null", .out = "Null"},
    Example{.in = "Na", .out = "Na"},
    Example{.in = "Unknown", .out = "Unknown"},
    Example{.in = "Unknown", .out = {}, .state = CellState::kNull, .kind = Kind::kDate},
    Example{.in = "no score", .out = {}, .state = CellState::kNull, .kind = Kind::kDecimal},
    Example{.in = "0000-00-00", .out = {}, .state = CellState::kNull, .kind = Kind::kDate},
    Example{.in = "\\N", .out = {}, .state = CellState::kNull, .kind = Kind::kIdentifier},
    Example{.in = "0", .out = "0", .kind = Kind::kInteger},
    Example{.in = "none", .out = {}, .state = CellState::kNull, .is_declared = false},
    Example{.in = "Unknown", .out = "Unknown", .is_declared = false},
};

}  // namespace

extern const Rule rule_null_token = {
    .name = "null_token",
    .summary = "Takes what programs write for \"no value\" (NULL, N/A, -, #N/A) as no value",
    .applies_to = {},
    .order = 70,
    .needs_declaration = false,
    .looks_for = kToken,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
