#include "clean/number_text.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "clean/canonical.h"
#include "clean/characters.h"

namespace homeroom::clean {
namespace {

constexpr std::size_t kMaxLength = 128;
constexpr std::string_view kNoBreakSpace = "\xC2\xA0";
constexpr std::string_view kMinusSign = "\xE2\x88\x92";  // U+2212

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

// Takes "E+02" off the end. False when an "E" is followed by anything else.
bool take_exponent(std::string_view& text, NumberText& number) {
  const auto is_exponent = [](char c) { return lower(c) == 'e'; };
  const auto at = static_cast<std::size_t>(
      std::distance(text.begin(), std::ranges::find_if(text, is_exponent)));
  if (at == text.size()) return true;
  std::string_view digits = text.substr(at + 1);
  const bool is_negative = digits.starts_with('-');
  if (is_negative || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.size() > 2 || !is_all_digits(digits)) return false;
  for (const char c : digits) number.exponent = number.exponent * 10 + digit_value(c);
  if (is_negative) number.exponent = -number.exponent;
  number.has_exponent = true;
  text = text.substr(0, at);
  return true;
}

// The mark that `text` begins with, and its length; 0 when it begins with none.
struct Mark {
  char kind = 0;
  std::size_t size = 0;
};

Mark mark_at(std::string_view text) {
  if (text.starts_with(kNoBreakSpace)) return {.kind = ' ', .size = kNoBreakSpace.size()};
  const char c = text.front();
  if (c == ',' || c == '.' || c == '\'' || c == ' ') return {.kind = c, .size = 1};
  return {};
}

// True for groups of three after a first of one to three, set off by `mark` alone.
bool is_grouped(std::string_view text, char mark) {
  std::size_t in_group = 0;
  bool is_first = true;
  while (!text.empty()) {
    if (is_digit(text.front())) {
      ++in_group;
      text.remove_prefix(1);
      continue;
    }
    const Mark found = mark_at(text);
    if (found.kind != mark || in_group == 0 || (is_first ? in_group > 3 : in_group != 3)) {
      return false;
    }
    is_first = false;
    in_group = 0;
    text.remove_prefix(found.size);
  }
  return !is_first && in_group == 3;
}

// The marks of a number: the last one, and the kind of those before it.
struct Marks {
  std::size_t count = 0;
  Mark last;
  std::size_t last_at = 0;
  char before = 0;
  bool is_wrong = false;  ///< a character that is neither digit nor mark, or three kinds
};

Marks find_marks(std::string_view text) {
  Marks marks;
  for (std::size_t at = 0; at < text.size();) {
    if (is_digit(text[at])) {
      ++at;
      continue;
    }
    const Mark mark = mark_at(text.substr(at));
    const bool is_third_kind = marks.before != 0 && marks.before != marks.last.kind;
    if (mark.kind == 0 || is_third_kind) {
      marks.is_wrong = true;
      return marks;
    }
    if (marks.count > 0) marks.before = marks.last.kind;
    ++marks.count;
    marks.last = mark;
    marks.last_at = at;
    at += mark.size;
  }
  return marks;
}

bool split_at_decimal_mark(std::string_view text, const Marks& marks, NumberText& number) {
  number.decimal_mark = marks.last.kind;
  number.whole = text.substr(0, marks.last_at);
  number.fraction = text.substr(marks.last_at + marks.last.size);
  if (marks.count > 1) {
    number.group_mark = marks.before;
    return is_grouped(number.whole, marks.before) && !number.fraction.empty();
  }
  if (number.decimal_mark == ',') return !number.whole.empty() && !number.fraction.empty();
  return !number.whole.empty() || !number.fraction.empty();
}

// Decides what the marks mean and fills the parts in.
bool split_parts(std::string_view text, NumberText& number) {
  const Marks marks = find_marks(text);
  if (marks.is_wrong) return false;
  if (marks.count == 0) {
    number.whole = text;
    return !text.empty();
  }
  const char mark = marks.last.kind;
  const bool is_same_kind = marks.count > 1 && marks.before == mark;
  const bool may_group = is_grouped(text, mark) && (marks.count > 1 || mark != '.');
  const bool leads_with_zero = text.front() == '0';
  if ((marks.count == 1 || is_same_kind) && may_group && !leads_with_zero) {
    number.whole = text;
    number.group_mark = mark;
    number.has_two_readings = marks.count == 1 && mark == ',';
    return true;
  }
  if (is_same_kind || (mark != '.' && mark != ',')) return false;
  return split_at_decimal_mark(text, marks, number);
}

std::string_view drop_leading_zeros(std::string_view digits) {
  const std::size_t at = digits.find_first_not_of('0');
  return at == std::string_view::npos ? std::string_view{} : digits.substr(at);
}

}  // namespace

std::optional<NumberText> read_number(std::string_view text) {
  if (text.empty() || text.size() > kMaxLength) return std::nullopt;
  NumberText number;
  number.is_negative = drop_prefix(text, "-") || drop_prefix(text, kMinusSign);
  if (!number.is_negative) drop_prefix(text, "+");
  if (!take_exponent(text, number) || !split_parts(text, number)) return std::nullopt;
  return number;
}

NumberText with_decimal_comma(const NumberText& number) {
  NumberText other = number;
  const std::size_t comma = number.whole.find(',');
  other.whole = number.whole.substr(0, comma);
  other.fraction = number.whole.substr(comma + 1);
  other.decimal_mark = ',';
  other.group_mark = 0;
  other.has_two_readings = false;
  return other;
}

void write_number(const NumberText& number, int shift, std::string& out) {
  const auto num_whole = std::ranges::count_if(number.whole, is_digit);
  const auto point = static_cast<std::ptrdiff_t>(num_whole) + number.exponent + shift;
  const auto split = static_cast<std::size_t>(std::max<std::ptrdiff_t>(point, 0));
  const auto num_zeros = static_cast<std::size_t>(std::max<std::ptrdiff_t>(-point, 0));
  std::string digits(num_zeros, '0');  // between the point and the first digit
  std::ranges::copy_if(number.whole, std::back_inserter(digits), is_digit);
  digits += number.fraction;
  if (split > digits.size()) digits.append(split - digits.size(), '0');
  const bool is_zero = digits.find_first_not_of('0') == std::string::npos;
  const std::string_view all = digits;
  const std::string_view whole = drop_leading_zeros(all.substr(0, split));
  out.clear();
  if (number.is_negative && !is_zero) out += '-';
  out += whole.empty() ? std::string_view("0") : whole;
  if (split < all.size()) {
    out += '.';
    out += all.substr(split);
  }
}

bool has_zero_fraction(const NumberText& number) {
  return !number.fraction.empty() &&
         number.fraction.find_first_not_of('0') == std::string_view::npos;
}

}  // namespace homeroom::clean
