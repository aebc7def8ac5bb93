#include "sample/school_calendar.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/date.h"

namespace homeroom::sample {
namespace {

constexpr int kMonday = 0;
constexpr int kTuesday = 1;
constexpr int kWednesday = 2;
constexpr int kThursday = 3;
constexpr int kFriday = 4;
constexpr int kSaturday = 5;

struct Closure {
  DayNumber first = 0;
  int num_days = 1;
  std::string_view note;
};

DayNumber day_number(int year, int month, int day) {
  return to_day_number({.year = year, .month = month, .day = day});
}

DayNumber weekday_on_or_after(DayNumber date, int weekday) {
  return date + (weekday - weekday_of(date) + 7) % 7;
}

DayNumber nth_weekday(int year, int month, int weekday, int nth) {
  return weekday_on_or_after(day_number(year, month, 1), weekday) + (nth - 1) * 7;
}

std::vector<Closure> closures_of(int school_year) {
  const int fall = school_year - 1;
  const DayNumber winter_break = weekday_on_or_after(day_number(fall, 12, 20), kMonday);
  const DayNumber spring_break = weekday_on_or_after(day_number(school_year, 3, 23), kMonday);
  return {
      {nth_weekday(fall, 9, kMonday, 1), 1, "Labor Day"},
      {nth_weekday(fall, 10, kMonday, 2), 1, "Indigenous Peoples' Day"},
      {nth_weekday(fall, 11, kMonday, 1), 1, "Staff development"},
      {day_number(fall, 11, 11), 1, "Veterans Day"},
      {nth_weekday(fall, 11, kThursday, 4) - 1, 3, "Thanksgiving break"},
      {winter_break, 12, "Winter break"},
      {winter_break + 14, 1, "Staff development"},
      {nth_weekday(school_year, 1, kMonday, 3), 1, "Martin Luther King Jr. Day"},
      {nth_weekday(school_year, 2, kTuesday, 1), 1, "Snow day"},
      {nth_weekday(school_year, 2, kMonday, 3), 1, "Presidents' Day"},
      {nth_weekday(school_year, 3, kMonday, 2), 1, "Staff development"},
      {spring_break, 5, "Spring break"},
      {weekday_on_or_after(day_number(school_year, 5, 25), kMonday), 1, "Memorial Day"},
  };
}

}  // namespace

DayNumber friday_on_or_after(DayNumber date) {
  return weekday_on_or_after(date, kFriday);
}

SchoolCalendar::SchoolCalendar(int school_year) : school_year_(school_year) {
  const std::vector<Closure> closures = closures_of(school_year);
  DayNumber date = weekday_on_or_after(day_number(school_year - 1, 8, 14), kMonday) + 2;
  for (; static_cast<int>(dates_.size()) < kNumDays; ++date) {
    CalendarDay day{.date = date, .in_session = weekday_of(date) < kSaturday, .note = {}};
    const auto closure = std::find_if(closures.begin(), closures.end(), [&](const Closure& c) {
      return date >= c.first && date < c.first + c.num_days;
    });
    if (day.in_session && closure != closures.end()) {
      day.in_session = false;
      day.note = closure->note;
    }
    if (day.in_session) dates_.push_back(date);
    all_days_.push_back(day);
  }
  boiler_day_ = day_on_or_after(nth_weekday(school_year, 1, kWednesday, 4));
}

int SchoolCalendar::day_on_or_after(DayNumber date) const {
  return static_cast<int>(std::lower_bound(dates_.begin(), dates_.end(), date) - dates_.begin());
}

int SchoolCalendar::quarter_of(int day) const {
  int quarter = 0;
  while (day > last_day_of(quarter)) ++quarter;
  return quarter;
}

bool SchoolCalendar::is_before_break(int day) const {
  return day + 1 < kNumDays && date(day + 1) - date(day) > 4;
}

DayNumber SchoolCalendar::export_date() const {
  return weekday_on_or_after(dates_.back() + 3, kMonday);
}

}  // namespace homeroom::sample
