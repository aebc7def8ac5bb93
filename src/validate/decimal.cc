#include "validate/decimal.h"

#include <algorithm>
#include <cstddef>

namespace homeroom::validate {
namespace {

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
}

// Without regard to the sign. Fractions compare as text: a missing digit is a zero.
std::strong_ordering compare_size(const Decimal& left, const Decimal& right) {
  if (const auto order = left.whole.size() <=> right.whole.size(); order != 0) return order;
  if (const auto order = left.whole <=> right.whole; order != 0) return order;
  return left.fraction <=> right.fraction;
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text) {
  Decimal number;
  if (text.starts_with('-')) {
    number.is_negative = true;
    text.remove_prefix(1);
  }
  const std::size_t num_whole = count_digits(text);
  if (num_whole == 0) return std::nullopt;
  number.whole = text.substr(0, num_whole);
  text.remove_prefix(num_whole);
  if (!text.empty()) {
    number.fraction = text.substr(1);
    const bool is_fraction = text.front() == '.' && !number.fraction.empty() &&
                             count_digits(number.fraction) == number.fraction.size();
    if (!is_fraction) return std::nullopt;
  }
  number.whole.remove_prefix(std::min(number.whole.find_first_not_of('0'), number.whole.size()));
  number.fraction = number.fraction.substr(0, number.fraction.find_last_not_of('0') + 1);
  if (number.whole.empty() && number.fraction.empty()) number.is_negative = false;
  return number;
}

std::strong_ordering compare(const Decimal& left, const Decimal& right) {
  if (left.is_negative != right.is_negative) {
    return left.is_negative ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return left.is_negative ? compare_size(right, left) : compare_size(left, right);
}

}  // namespace homeroom::validate
