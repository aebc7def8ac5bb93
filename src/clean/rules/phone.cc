#include <array>
#include <string_view>

#include "clean/column_edit.h"
#include "clean/contact_text.h"
#include "clean/inner_blanks.h"
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
    const auto whole = drop_point_zero(edit.text(row));
    if (whole && context.profile.all_end_in_point_zero) edit.replace_with_view(row, *whole);
    std::string& out = edit.scratch();
    collapse_blanks(edit.text(row), out);
    if (is_phone(out)) {
      edit.replace(row, out);
    } else {
      edit.mark_bad(row, "not a telephone number of 7 or 10 digits, or with a country");
    }
  }
}

constexpr std::array kKinds = {Kind::kPhone};

constexpr Example example(std::string_view in, std::string_view out) {
  return {.in = in,
          .out = out,
          .state = out.empty() ? CellState::kBad : CellState::kValue,
          .kind = Kind::kPhone};
}

constexpr std::array kExamples = {
    example("(555) 555-0100", "(555) 555-0100"),
    example("555.555.0100", "555.555.0100"),
    example("(555)  555-0100", "(555) 555-0100"),
    example("555-0100", "555-0100"),
    example("1-555-555-0100 ext. 12", "1-555-555-0100 ext. 12"),
    example("+44 20 7946 0000", "+44 20 7946 0000"),
    Example{.in = "5555550100.0",
            .out = "5555550100",
            .kind = Kind::kPhone,
            .all_end_in_point_zero = true},
    example("5.55555E+09", ""),
    example("555-555-010", ""),
    example("555-555-0100 / 555-555-0101", ""),
    example("call the office", ""),
};

}  // namespace

extern const Rule rule_phone = {
    .name = "phone",
    .summary =
        "Keeps a telephone number as it is written; takes \".0\" off where the whole column has "
        "it, and refuses what has too many or too few digits",
    .applies_to = kKinds,
    .order = 100,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
