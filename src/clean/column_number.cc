#include "clean/column_number.h"

#include <optional>
#include <string_view>

#include "clean/number_text.h"
#include "clean/rule.h"

namespace homeroom::clean {
namespace {

constexpr std::string_view kTwoReadings = "the mark may stand before thousands or before decimals";

// "1.234" among numbers with decimal commas.
bool may_be_thousands(const NumberText& number) {
  return number.decimal_mark == '.' && number.group_mark == 0 && number.fraction.size() == 3 &&
         !number.whole.empty() && number.whole.size() <= 3 && !number.whole.starts_with('0');
}

}  // namespace

NumberReading read_column_number(const ColumnContext& context, std::string_view text) {
  const ColumnProfile& profile = context.profile;
  const std::optional<NumberText> number = read_number(text);
  if (!number) return {.number = {}, .reason = "not a number"};
  NumberReading reading = {.number = *number, .reason = {}};
  if (number->has_two_readings && profile.uses_decimal_comma) {
    if (profile.uses_thousands_comma) reading.reason = kTwoReadings;
    reading.number = with_decimal_comma(*number);
  } else if (profile.uses_decimal_comma && may_be_thousands(*number)) {
    reading.reason = kTwoReadings;
  }
  // A spreadsheet rounds to six digits or so before it writes a large number this way.
  if (number->exponent > 0) reading.reason = "lost its digits in a spreadsheet";
  return reading;
}

}  // namespace homeroom::clean
