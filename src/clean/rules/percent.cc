#include <array>
#include <string_view>

#include "base/text.h"
#include "clean/canonical.h"
#include "clean/column_edit.h"
#include "clean/column_number.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

// Between 0 and 1, neither included.
bool is_proper_fraction(const NumberText& number) {
  return number.whole.find_first_not_of('0') == std::string_view::npos &&
         number.fraction.find_first_not_of('0') != std::string_view::npos;
}

void apply(const ColumnContext& context, ColumnEdit& edit) {
  const ColumnProfile& profile = context.profile;
  for (const RowIndex row : edit.rows()) {
    std::string_view text = edit.text(row);
    const bool has_sign = text.ends_with('%');
    if (has_sign) text = trim(text.substr(0, text.size() - 1));
    auto [number, reason] = read_column_number(context, text);
    if (reason.empty() && !has_sign && profile.mixes_percent_and_fraction &&
        is_proper_fraction(number)) {
      reason = "may be a fraction of one among percentages";
    }
    const bool is_fraction = !has_sign && profile.is_fraction;
    if (!reason.empty()) {
      edit.mark_bad(row, reason);
    } else if (is_fraction || !is_canonical_decimal(edit.text(row))) {
      write_number(number, is_fraction ? 2 : 0, edit.scratch());
      edit.replace(row, edit.scratch());
    }
  }
}

constexpr std::array kKinds = {Kind::kPercent};

constexpr std::array kExamples = {
    Example{.in = "92%", .out = "92", .kind = Kind::kPercent},
    Example{.in = "92.5 %", .out = "92.5", .kind = Kind::kPercent},
    Example{.in = "0.92", .out = "92", .kind = Kind::kPercent, .is_fraction = true},
    Example{.in = "1", .out = "100", .kind = Kind::kPercent, .is_fraction = true},
    Example{.in = "0.925", .out = "92.5", .kind = Kind::kPercent, .is_fraction = true},
    Example{.in = "0.5", .out = "0.5", .kind = Kind::kPercent},
    Example{.in = "7,5 %", .out = "7.5", .kind = Kind::kPercent},
    Example{.in = "5%%", .out = {}, .state = CellState::kBad, .kind = Kind::kPercent},
    Example{.in = "high", .out = {}, .state = CellState::kBad, .kind = Kind::kPercent},
};

}  // namespace

extern const Rule rule_percent = {
    .name = "percent",
    .summary =
        "Writes a percentage as a number from 0 to 100: 92% is 92, and 0.92 is 92 where no "
        "value of the column is above 1",
    .applies_to = kKinds,
    .order = 90,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
