#include <array>
#include <string_view>

#include "clean/canonical.h"
#include "clean/column_edit.h"
#include "clean/column_number.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

void apply(const ColumnContext& context, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    const auto [number, reason] = read_column_number(context, edit.text(row));
    if (!reason.empty()) {
      edit.mark_bad(row, reason);
    } else if (!is_canonical_decimal(edit.text(row))) {
      write_number(number, 0, edit.scratch());
      edit.replace(row, edit.scratch());
    }
  }
}

constexpr std::array kKinds = {Kind::kDecimal};

constexpr std::array kExamples = {
    Example{.in = "1,234.50", .out = "1234.50", .kind = Kind::kDecimal},
    Example{.in = "1,234", .out = "1234", .kind = Kind::kDecimal},
    Example{.in = "12,5", .out = "12.5", .kind = Kind::kDecimal},
    Example{.in = "1.234,5", .out = "1234.5", .kind = Kind::kDecimal},
    Example{.in = "1,234", .out = "1.234", .kind = Kind::kDecimal, .uses_decimal_comma = true},
    Example{.in = "1.234",
            .out = {},
            .state = CellState::kBad,
            .kind = Kind::kDecimal,
            .uses_decimal_comma = true},
    Example{.in = ".5", .out = "0.5", .kind = Kind::kDecimal},
    Example{.in = "5.", .out = "5", .kind = Kind::kDecimal},
    Example{.in = "+007.50", .out = "7.50", .kind = Kind::kDecimal},
    Example{.in = "-0.0", .out = "0.0", .kind = Kind::kDecimal},
    Example{.in = "1.5e-03", .out = "0.0015", .kind = Kind::kDecimal},
    Example{.in = "1.5E+06", .out = {}, .state = CellState::kBad, .kind = Kind::kDecimal},
    Example{.in = "1,23,4", .out = {}, .state = CellState::kBad, .kind = Kind::kDecimal},
    Example{.in = "85%", .out = {}, .state = CellState::kBad, .kind = Kind::kDecimal},
};

}  // namespace

extern const Rule rule_decimal = {
    .name = "decimal",
    .summary =
        "Writes a number with a decimal point and without thousands marks; a decimal comma "
        "only where nothing else makes sense",
    .applies_to = kKinds,
    .order = 100,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
