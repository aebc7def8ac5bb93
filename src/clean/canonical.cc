#include "clean/canonical.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace homeroom::clean {
namespace {

constexpr std::string_view kLargest = "9223372036854775807";
constexpr std::string_view kSmallest = "9223372036854775808";

// PostgreSQL holds 131,072 digits; nothing a school counts comes near this.
constexpr std::size_t kMaxDigits = 1000;

// (0|[1-9][0-9]*)
bool is_whole(std::string_view text) {
  return is_all_digits(text) && (text[0] != '0' || text.size() == 1);
}

bool is_zero(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c == '0' || c == '.'; });
}

}  // namespace

bool is_canonical_integer(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  const std::string_view digits = is_negative ? text.substr(1) : text;
  if (!is_whole(digits) || (is_negative && digits == "0")) return false;
  if (digits.size() != kLargest.size()) return digits.size() < kLargest.size();
  return digits <= (is_negative ? kSmallest : kLargest);
}

bool is_canonical_decimal(std::string_view text) {
  if (is_small_whole_number(text)) return true;
  if (text.size() > kMaxDigits) return false;
  const bool is_negative = text.starts_with('-');
  const std::string_view number = is_negative ? text.substr(1) : text;
  const std::size_t point = number.find('.');
  if (!is_whole(number.substr(0, point))) return false;
  if (point != std::string_view::npos && !is_all_digits(number.substr(point + 1))) return false;
  return !is_negative || !is_zero(number);
}

bool is_canonical_timestamp(std::string_view text) {
  constexpr std::size_t kSeconds = 19;  // "2025-09-11 13:05:00"
  if (text.size() < kSeconds || !is_canonical_date(text.substr(0, 10))) return false;
  if (!is_canonical_time(text.substr(11, 8))) return false;
  const bool is_utc = text[10] == 'T' && text.back() == 'Z';
  if (!is_utc && text[10] != ' ') return false;
  std::string_view parts = text.substr(kSeconds);
  if (is_utc) parts.remove_suffix(1);
  if (parts.empty()) return true;
  return parts.front() == '.' && parts.size() <= 7 && is_all_digits(parts.substr(1));
}

bool is_canonical_school_year(std::string_view text) {
  return text.size() == 4 && is_all_digits(text) && text >= "1900" && text <= "2100";
}

}  // namespace homeroom::clean
