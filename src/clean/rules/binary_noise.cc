#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "clean/canonical.h"
#include "clean/characters.h"
#include "clean/column_edit.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

// A double holds 15 decimal digits for certain; 16 and more are written of what was computed.
constexpr std::size_t kCertainDigits = 15;
// So many zeros at their end are no chance: one number in a thousand has them.
constexpr std::size_t kFewestZeros = 3;

std::size_t count_digits(std::string_view number) {
  const std::size_t first = number.find_first_of("123456789");
  if (first == std::string_view::npos) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(number.substr(first), is_digit));
}

// The number rounded to 15 digits, when that makes it short; false when it is not such a one.
bool write_rounded(std::string_view text, std::string& out) {
  if (!is_canonical_decimal(text) || count_digits(text) <= kCertainDigits) return false;
  if (text.find('.') == std::string_view::npos) return false;
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc()) return false;
  out = fmt::format("{:.15g}", number);
  return count_digits(out) + kFewestZeros <= kCertainDigits && is_canonical_decimal(out);
}

void apply(const ColumnContext& /*context*/, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    if (write_rounded(edit.text(row), edit.scratch())) edit.replace(row, edit.scratch());
  }
}

constexpr std::array kKinds = {Kind::kDecimal, Kind::kPercent};

constexpr Example example(std::string_view in, std::string_view out) {
  return {.in = in, .out = out, .kind = Kind::kDecimal};
}

constexpr std::array kExamples = {
    example("0.057999999999999996", "0.058"),
    example("0.30000000000000004", "0.3"),
    example("-85.699999999999989", "-85.7"),
    example("0.1234567890123456", "0.1234567890123456"),
    example("0.05799", "0.05799"),
    example("12345678901234567890", "12345678901234567890"),
};

}  // namespace

extern const Rule rule_binary_noise = {
    .name = "binary_noise",
    .summary =
        "Writes 0.30000000000000004 as 0.3: more than 15 digits, of which the 15th and those "
        "before it are zeros or nines, come from a computer's binary fractions",
    .applies_to = kKinds,
    .is_default = false,
    .order = 120,
    .looks_for = kEveryValue,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
