#include <array>
#include <string_view>

#include "clean/canonical.h"
#include "clean/column_edit.h"
#include "clean/column_number.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

// "1,234", "+5", "12.0", "007" in a column that a contract says is whole numbers.
void apply(const ColumnContext& context, ColumnEdit& edit) {
  ColumnContext whole = context;
  whole.profile.uses_decimal_comma = false;  // no whole number has one
  for (const RowIndex row : edit.rows()) {
    auto [number, reason] = read_column_number(whole, edit.text(row));
    const bool is_whole = number.fraction.empty() || has_zero_fraction(number);
    if (reason.empty() && (!is_whole || number.exponent != 0)) reason = "not a whole number";
    if (!reason.empty()) {
      edit.mark_bad(row, reason);
      continue;
    }
    number.fraction = {};
    write_number(number, 0, edit.scratch());
    if (is_canonical_integer(edit.scratch())) {
      edit.replace(row, edit.scratch());
    } else {
      edit.mark_bad(row, "larger than any number the database counts with");
    }
  }
}

constexpr std::array kKinds = {Kind::kInteger};

constexpr std::array kExamples = {
    Example{.in = "1,234", .out = "1234", .kind = Kind::kInteger},
    Example{.in = "12.0", .out = "12", .kind = Kind::kInteger},
    Example{.in = "+5", .out = "5", .kind = Kind::kInteger},
    Example{.in = "007", .out = "7", .kind = Kind::kInteger},
    Example{.in = "-0", .out = "0", .kind = Kind::kInteger},
    Example{.in = "\xE2\x88\x92"
                  "3",
            .out = "-3",
            .kind = Kind::kInteger},
    Example{.in = "12.5", .out = {}, .state = CellState::kBad, .kind = Kind::kInteger},
    Example{.in = "8O", .out = {}, .state = CellState::kBad, .kind = Kind::kInteger},
    Example{.in = "1.2E+05", .out = {}, .state = CellState::kBad, .kind = Kind::kInteger},
    Example{
        .in = "9223372036854775808", .out = {}, .state = CellState::kBad, .kind = Kind::kInteger},
};

}  // namespace

extern const Rule rule_integer = {
    .name = "integer",
    .summary = "Writes a whole number without thousands marks, plus sign, leading zeros and \".0\"",
    .applies_to = kKinds,
    .order = 100,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
