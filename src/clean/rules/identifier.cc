#include <array>
#include <string_view>

#include "clean/column_edit.h"
#include "clean/rule.h"
#include "clean/spreadsheet_text.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

void apply(const ColumnContext& context, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    if (is_scientific(edit.text(row))) {
      edit.mark_bad(row, "lost its digits in a spreadsheet");
      continue;
    }
    if (!context.profile.all_end_in_point_zero) continue;
    if (const auto whole = drop_point_zero(edit.text(row))) edit.replace_with_view(row, *whole);
  }
}

constexpr std::array kKinds = {Kind::kIdentifier};

constexpr std::array kExamples = {
    Example{
        .in = "1234.0", .out = "1234", .kind = Kind::kIdentifier, .all_end_in_point_zero = true},
    Example{.in = "1234.0", .out = "1234.0", .kind = Kind::kIdentifier},
    Example{.in = "1.23E+05", .out = {}, .state = CellState::kBad, .kind = Kind::kIdentifier},
    Example{.in = "1E+11", .out = {}, .state = CellState::kBad, .kind = Kind::kIdentifier},
    Example{.in = "0012345", .out = "0012345", .kind = Kind::kIdentifier},
    Example{.in = "5E10", .out = "5E10", .kind = Kind::kIdentifier},
    Example{.in = "01-01", .out = "01-01", .kind = Kind::kIdentifier},
};

}  // namespace

extern const Rule rule_identifier = {
    .name = "identifier",
    .summary =
        "Keeps an identifier as it is; takes \".0\" off where the whole column has it, and "
        "refuses 1.23E+05, whose digits a spreadsheet lost",
    .applies_to = kKinds,
    .order = 100,
    .looks_for = kPoint | kPlus,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
