#include "clean/school_year_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "clean/characters.h"

namespace homeroom::clean {
namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2100;
constexpr int kShortYearBase = 2000;  // "24" in a school year; no file is of the 1900s

/// What a word before the year says about it.
struct Prefix {
  std::string_view word;
  int years_to_end = 0;  ///< from the calendar year it is given with
};

constexpr std::array<Prefix, 8> kPrefixes = {{{"sy", 0},
                                              {"fy", 0},
                                              {"ay", 0},
                                              {"school year", 0},
                                              {"fall", 1},
                                              {"fa", 1},
                                              {"spring", 0},
                                              {"sp", 0}}};

// Takes the word before the year; nothing when it is not known.
std::optional<Prefix> take_prefix(std::string_view& text) {
  const auto first_digit = std::ranges::find_if(text, is_digit);
  const auto size = static_cast<std::size_t>(std::distance(text.begin(), first_digit));
  const std::string_view word = trim(text.substr(0, size));
  text.remove_prefix(size);
  if (word.empty()) return Prefix{};
  for (const Prefix& prefix : kPrefixes) {
    if (equals_ignoring_case(prefix.word, word)) return prefix;
  }
  return std::nullopt;
}

// Takes two or four digits.
struct Year {
  int number = 0;
  bool is_short = false;
};

std::optional<Year> take_year(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto size = static_cast<std::size_t>(std::distance(text.begin(), end));
  if (size != 2 && size != 4) return std::nullopt;
  Year year{.number = 0, .is_short = size == 2};
  for (const char c : text.substr(0, size)) year.number = year.number * 10 + digit_value(c);
  text.remove_prefix(size);
  return year;
}

bool take_separator(std::string_view& text) {
  text = trim(text);
  for (const std::string_view mark : {"-", "/", "_", "\xE2\x80\x93"}) {
    if (!text.starts_with(mark)) continue;
    text = trim(text.substr(mark.size()));
    return true;
  }
  return false;
}

std::optional<int> in_range(int year) {
  if (year < kFirstYear || year > kLastYear) return std::nullopt;
  return year;
}

}  // namespace

std::optional<int> read_school_year(std::string_view text, bool is_start) {
  if (text.ends_with(".0")) text.remove_suffix(2);
  const auto prefix = take_prefix(text);
  if (!prefix) return std::nullopt;
  const auto first = take_year(text);
  if (!first) return std::nullopt;
  const int start = first->number + (first->is_short ? kShortYearBase : 0);
  if (text.empty()) {
    const bool is_lone = prefix->word.empty();
    if (is_lone && first->is_short) return std::nullopt;
    return in_range(start + (is_lone && is_start ? 1 : prefix->years_to_end));
  }
  if (!take_separator(text)) return std::nullopt;
  const auto last = take_year(text);
  if (!last || !text.empty()) return std::nullopt;
  const int end = start + 1;
  const bool follows = last->number == (last->is_short ? end % 100 : end);
  return follows ? in_range(end) : std::nullopt;
}

}  // namespace homeroom::clean
