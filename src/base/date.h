#pragma once

// Days of the civil calendar, as one number, and the school year a day belongs to.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/word.h"

namespace homeroom {

/// Days since 1970-01-01; negative before it.
using DayNumber = std::int32_t;

/// A day by its parts. Not checked: see `is_valid`.
struct CivilDate {
  int year = 1970;
  int month = 1;
  int day = 1;
};

[[nodiscard]] bool is_valid(const CivilDate& date);

/// The day's number. Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
[[nodiscard]] DayNumber to_day_number(const CivilDate& date);
[[nodiscard]] CivilDate to_civil_date(DayNumber day);

/// Writes YYYY-MM-DD, 10 bytes, for years 0 to 9999.
void write_iso_date(const CivilDate& date, char* out);

/// True for YYYY-MM-DD of a day that exists, from year 0 on.
[[nodiscard]] inline bool is_iso_date(std::string_view text) {
  if (text.size() != 10) return false;
  // The marks of the first eight bytes made zeros, then both words must be digits.
  constexpr std::uint64_t kMarks = 0xFF0000FF00000000ULL;
  constexpr std::uint64_t kDashes = 0x2D00002D00000000ULL;
  const std::uint64_t head = load_word(text.data());
  const std::uint64_t tail = load_word(text.data() + 2);
  const std::uint64_t digits = (head & ~kMarks) | (spread('0') & kMarks);
  const auto last =
      static_cast<std::uint64_t>(tail >> 48U) | (spread('0') & ~std::uint64_t{0xFFFF});
  if ((head & kMarks) != kDashes || !are_digits(digits) || !are_digits(last)) return false;
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const int month = two(5);
  const int day = two(8);
  const bool is_plain = month >= 1 && month <= 12 && day >= 1 && day <= 28;
  return is_plain || is_valid({.year = two(0) * 100 + two(2), .month = month, .day = day});
}

/// Reads exactly YYYY-MM-DD; nothing for any other form or a day that does not exist.
[[nodiscard]] std::optional<CivilDate> parse_iso_date(std::string_view text);

/// The year a school year ends in: 2025-07-01 to 2026-06-30 is 2026 when it starts in July.
[[nodiscard]] int school_year_of(const CivilDate& date, int first_month = 7);

/// Monday is 0, Sunday is 6.
[[nodiscard]] int weekday_of(DayNumber day);

}  // namespace homeroom
