#pragma once

// The one form in which a value of each kind is stored, recognised in a few instructions: what is
// in it already needs no rule.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/date.h"
#include "clean/characters.h"
#include "clean/short_text.h"

namespace homeroom::clean {

/// True for one or more digits and nothing else.
[[nodiscard]] inline bool is_all_digits(std::string_view text) {
  const std::size_t size = text.size();
  if (size == 0) return false;
  if (size < 8) {
    return are_digits(load_short_word(text.data(), size) | (spread('0') << (size * 8)));
  }
  for (std::size_t at = 0; at + 8 <= size; at += 8) {
    if (!are_digits(load_word(text.data() + at))) return false;
  }
  return are_digits(load_word(text.data() + size - 8));
}

/// Digits without a leading zero, at most 18 of them.
[[nodiscard]] inline bool is_small_whole_number(std::string_view text) {
  return text.size() <= 18 && is_all_digits(text) && (text[0] != '0' || text.size() == 1);
}

/// -?(0|[1-9][0-9]*) that fits 64 bits; not "-0".
[[nodiscard]] bool is_canonical_integer(std::string_view text);

/// A canonical integer of any size, with or without a point and digits: "12.50", "0.5"; not ".5",
/// "5.", "-0.0". PostgreSQL's numeric prints it back as it is.
[[nodiscard]] bool is_canonical_decimal(std::string_view text);

/// HH:MM:SS of one day.
[[nodiscard]] inline bool is_canonical_time(std::string_view text) {
  if (text.size() != 8) return false;
  constexpr std::uint64_t kMarks = 0x0000FF0000FF0000ULL;
  constexpr std::uint64_t kColons = 0x00003A00003A0000ULL;
  const std::uint64_t word = load_word(text.data());
  if ((word & kMarks) != kColons || !are_digits((word & ~kMarks) | (spread('0') & kMarks))) {
    return false;
  }
  return digit_value(text[0]) * 10 + digit_value(text[1]) < 24 && text[3] < '6' && text[6] < '6';
}

/// YYYY-MM-DD HH:MM:SS, or YYYY-MM-DDTHH:MM:SSZ; each with up to six digits of a second's parts.
[[nodiscard]] bool is_canonical_timestamp(std::string_view text);

/// A year from 1900 to 2100.
[[nodiscard]] bool is_canonical_school_year(std::string_view text);

[[nodiscard]] inline bool is_canonical_boolean(std::string_view text) {
  return text == "true" || text == "false";
}

/// Days that programs write for "no date": the first or last one they can hold.
[[nodiscard]] inline bool is_sentinel(const CivilDate& date) {
  const auto is = [&](int year, int month, int day) {
    return date.year == year && date.month == month && date.day == day;
  };
  return is(1900, 1, 1) || is(1899, 12, 30) || is(1, 1, 1) || is(9999, 12, 31);
}

/// YYYY-MM-DD of a day that exists, from year 1 on.
[[nodiscard]] inline bool is_canonical_date(std::string_view text) {
  if (text.size() != 10) return false;
  // "YYYY-MM-" and "-MM-DD" with the marks made zeros, so that all must be digits.
  constexpr std::uint64_t kHeadMarks = 0xFF0000FF00000000ULL;
  constexpr std::uint64_t kHeadDashes = 0x2D00002D00000000ULL;
  const std::uint64_t head = load_word(text.data());
  if ((head & kHeadMarks) != kHeadDashes) return false;
  if (!are_digits((head & ~kHeadMarks) | (spread('0') & kHeadMarks))) return false;
  if (!is_digit(text[8]) || !is_digit(text[9])) return false;
  const auto two = [&](std::size_t at) {
    return digit_value(text[at]) * 10 + digit_value(text[at + 1]);
  };
  const int month = two(5);
  const int day = two(8);
  const int year = two(0) * 100 + two(2);
  if (month < 1 || month > 12 || day < 1 || year < 1) return false;
  return day <= 28 || is_valid({.year = year, .month = month, .day = day});
}

/// The same, and no sentinel: such a date is stored as it stands.
[[nodiscard]] inline bool is_stored_date(std::string_view text) {
  if (!is_canonical_date(text)) return false;
  return text[0] == '2' || !is_sentinel(*parse_iso_date(text));
}

}  // namespace homeroom::clean
