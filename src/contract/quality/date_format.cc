#include "contract/quality/date_format.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"

namespace homeroom::contract {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};
constexpr std::size_t kShortMonth = 3;

struct Range {
  char letter;
  std::size_t most_letters;
  int low;
  int high;
};

constexpr std::array<Range, 8> kRanges = {{{'y', 4, 0, 9999},
                                           {'M', 4, 1, 12},
                                           {'d', 2, 1, 31},
                                           {'H', 2, 0, 23},
                                           {'h', 2, 1, 12},
                                           {'m', 2, 0, 59},
                                           {'s', 2, 0, 59},
                                           {'a', 1, 0, 0}}};

const Range* range_of(char letter) {
  const auto found = std::ranges::find(kRanges, letter, &Range::letter);
  return found == kRanges.end() ? nullptr : &*found;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool take_month(std::size_t count, std::string_view& rest) {
  const std::string text = to_lower(rest);
  for (const std::string_view month : kMonths) {
    const std::string_view name = count == kShortMonth ? month.substr(0, kShortMonth) : month;
    if (!text.starts_with(name)) continue;
    rest.remove_prefix(name.size());
    return rest.empty() || !is_letter(rest.front());
  }
  return false;
}

bool take_half(std::string_view& rest) {
  const std::string half = to_lower(rest.substr(0, 2));
  if (half != "am" && half != "pm") return false;
  rest.remove_prefix(2);
  return true;
}

bool take_number(const Range& range, std::size_t least, std::size_t most, std::string_view& rest) {
  int number = 0;
  std::size_t size = 0;
  while (size < most && size < rest.size() && is_digit(rest[size])) {
    number = number * 10 + (rest[size++] - '0');
  }
  if (size < least || number < range.low || number > range.high) return false;
  rest.remove_prefix(size);
  return true;
}

}  // namespace

std::optional<DateFormat> DateFormat::parse(std::string_view format) {
  DateFormat parsed;
  bool ends_in_digits = false;
  bool is_open = false;  // how many digits it has is not known
  while (!format.empty()) {
    Part part;
    if (format.front() == '\'') {
      const std::size_t end = format.find('\'', 1);
      if (end == std::string_view::npos) return std::nullopt;
      part.text = end == 1 ? "'" : std::string(format.substr(1, end - 1));
      format.remove_prefix(end + 1);
    } else if (is_letter(format.front())) {
      part.letter = format.front();
      part.count = std::min(format.find_first_not_of(part.letter), format.size());
      format.remove_prefix(part.count);
      const Range* range = range_of(part.letter);
      const bool is_known = range != nullptr && part.count <= range->most_letters &&
                            (part.letter != 'y' || part.count % 2 == 0) &&
                            parsed.position_of(part.letter) == parsed.parts_.size();
      if (!is_known) return std::nullopt;
    } else {
      part.text = format.front();
      format.remove_prefix(1);
    }
    const bool is_name = part.letter == 'a' || (part.letter == 'M' && part.count >= kShortMonth);
    const bool is_number = part.letter != 0 && !is_name;
    if (is_number && ends_in_digits && (is_open || part.count == 1)) return std::nullopt;
    ends_in_digits = is_number;
    is_open = is_number && part.count == 1;
    parsed.parts_.push_back(std::move(part));
  }
  const bool is_whole = std::ranges::all_of(std::string_view("yMd"), [&](char needed) {
    return parsed.position_of(needed) < parsed.parts_.size();
  });
  return is_whole ? std::optional(std::move(parsed)) : std::nullopt;
}

std::size_t DateFormat::position_of(char letter) const {
  return static_cast<std::size_t>(std::ranges::find(parts_, letter, &Part::letter) -
                                  parts_.begin());
}

bool DateFormat::is_month_first() const {
  const std::size_t month = position_of('M');
  return parts_[month].count < kShortMonth && month < position_of('d') && month < position_of('y');
}

bool DateFormat::is_day_first() const {
  const std::size_t month = position_of('M');
  return parts_[month].count < kShortMonth && position_of('d') < month;
}

bool DateFormat::take_part(const Part& part, std::string_view& rest) {
  if (part.letter == 0) {
    if (!rest.starts_with(part.text)) return false;
    rest.remove_prefix(part.text.size());
    return true;
  }
  if (part.letter == 'a') return take_half(rest);
  if (part.letter == 'M' && part.count >= kShortMonth) return take_month(part.count, rest);
  return take_number(*range_of(part.letter), part.count, std::max<std::size_t>(part.count, 2),
                     rest);
}

bool DateFormat::matches(std::string_view text) const {
  return std::ranges::all_of(parts_, [&](const Part& part) { return take_part(part, text); }) &&
         text.empty();
}

}  // namespace homeroom::contract
