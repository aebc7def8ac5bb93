#pragma once

// Days of the civil calendar, as one number, and the school year a day belongs to.

#include <cstdint>
#include <optional>
#include <string_view>

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

/// Reads exactly YYYY-MM-DD; nothing for any other form or a day that does not exist.
[[nodiscard]] std::optional<CivilDate> parse_iso_date(std::string_view text);

/// The year a school year ends in: 2025-07-01 to 2026-06-30 is 2026 when it starts in July.
[[nodiscard]] int school_year_of(const CivilDate& date, int first_month = 7);

/// Monday is 0, Sunday is 6.
[[nodiscard]] int weekday_of(DayNumber day);

}  // namespace homeroom
