#include <array>
#include <string_view>

#include "clean/column_edit.h"
#include "clean/rule.h"
#include "clean/tokens.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

// Without a declaration only "*" counts, and plan_cleaning allows it only among numbers.
void apply(const ColumnContext& context, ColumnEdit& edit) {
  if (!context.is_suppressible) return;
  for (const RowIndex row : edit.rows()) {
    const std::string_view text = edit.text(row);
    const bool is_mark = context.is_declared ? is_suppression_mark(context.kind, text) &&
                                                   !is_code(context, text, edit.scratch())
                                             : text == "*";
    if (is_mark) edit.mark_suppressed(row);
  }
}

constexpr std::array kExamples = {
    Example{.in = "*",
            .out = {},
            .state = CellState::kSuppressed,
            .kind = Kind::kDecimal,
            .is_suppressible = true},
    Example{.in = "n<10",
            .out = {},
            .state = CellState::kSuppressed,
            .kind = Kind::kInteger,
            .is_suppressible = true},
    Example{.in = ">= 95%",
            .out = {},
            .state = CellState::kSuppressed,
            .kind = Kind::kPercent,
            .is_suppressible = true},
    Example{.in = "PS",
            .out = {},
            .state = CellState::kSuppressed,
            .kind = Kind::kInteger,
            .is_suppressible = true},
    Example{.in = "PS", .out = "PS", .kind = Kind::kText, .is_suppressible = true},
    Example{.in = "*",
            .out = {},
            .state = CellState::kSuppressed,
            .kind = Kind::kInteger,
            .is_declared = false,
            .is_suppressible = true},
    Example{.in = "*", .out = "*", .kind = Kind::kText, .is_declared = false},
};

}  // namespace

extern const Rule rule_suppression_mark = {
    .name = "suppression_mark",
    .summary =
        "Keeps a figure that was hidden to protect students (*, <10, n<10) as hidden: it is "
        "neither no value nor zero",
    .applies_to = {},
    .order = 80,
    .needs_declaration = false,
    .looks_for = kToken,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
