#include "validate/exact_sum.h"

#include <algorithm>
#include <cstddef>

#include "validate/decimal.h"

namespace homeroom::validate {
namespace {

constexpr std::size_t kMaxWhole = 20;
constexpr std::size_t kMaxFraction = 9;

}  // namespace

bool ExactSum::add(std::string_view text, bool is_negative) {
  const auto number = parse_decimal(text);
  if (!number || number->whole.size() > kMaxWhole || number->fraction.size() > kMaxFraction) {
    return false;
  }
  Int128 value = 0;
  for (const char digit : number->whole) value = value * 10 + (digit - '0');
  for (std::size_t i = 0; i < kMaxFraction; ++i) {
    value = value * 10 + (i < number->fraction.size() ? number->fraction[i] - '0' : 0);
  }
  billionths_ += number->is_negative == is_negative ? value : -value;
  return true;
}

std::string ExactSum::text() const {
  std::string digits;
  Int128 left = billionths_ < 0 ? -billionths_ : billionths_;
  for (std::size_t i = 0; i <= kMaxFraction || left > 0; ++i) {
    if (i == kMaxFraction) digits += '.';
    digits += static_cast<char>('0' + static_cast<int>(left % 10));
    left /= 10;
  }
  std::ranges::reverse(digits);
  while (digits.ends_with('0')) digits.pop_back();
  if (digits.ends_with('.')) digits.pop_back();
  return (billionths_ < 0 ? "-" : "") + digits;
}

double ExactSum::approximate() const {
  return static_cast<double>(billionths_) / 1e9;
}

}  // namespace homeroom::validate
