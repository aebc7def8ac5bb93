#include "base/date.h"

#include <chrono>
#include <cstddef>

namespace homeroom {
namespace {

void write_digits(int value, int width, char* out) {
  for (int i = width - 1; i >= 0; --i) {
    out[i] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
}

}  // namespace

bool is_valid(const CivilDate& date) {
  if (date.month < 1 || date.month > 12 || date.day < 1) return false;
  return std::chrono::year_month_day{std::chrono::year{date.year},
                                     std::chrono::month{static_cast<unsigned>(date.month)},
                                     std::chrono::day{static_cast<unsigned>(date.day)}}
      .ok();
}

DayNumber to_day_number(const CivilDate& date) {
  const int year = date.month <= 2 ? date.year - 1 : date.year;
  const int era = (year >= 0 ? year : year - 399) / 400;
  const int year_of_era = year - era * 400;
  const int day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilDate to_civil_date(DayNumber day) {
  const int shifted = day + 719468;
  const int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const int day_of_era = shifted - era * 146097;
  const int year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const int shifted_month = (5 * day_of_year + 2) / 153;
  const int month = shifted_month + (shifted_month < 10 ? 3 : -9);
  const int year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  return {.year = year, .month = month, .day = day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

void write_iso_date(const CivilDate& date, char* out) {
  write_digits(date.year, 4, out);
  out[4] = '-';
  write_digits(date.month, 2, out + 5);
  out[7] = '-';
  write_digits(date.day, 2, out + 8);
}

std::optional<CivilDate> parse_iso_date(std::string_view text) {
  if (!is_iso_date(text)) return std::nullopt;
  const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  return CivilDate{.year = two(0) * 100 + two(2), .month = two(5), .day = two(8)};
}

int school_year_of(const CivilDate& date, int first_month) {
  return date.month >= first_month ? date.year + 1 : date.year;
}

int weekday_of(DayNumber day) {
  const int shifted = (day + 3) % 7;  // 1970-01-01 was a Thursday
  return shifted < 0 ? shifted + 7 : shifted;
}

}  // namespace homeroom
