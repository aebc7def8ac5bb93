#include "sample/school_calendar.h"

#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/date.h"

namespace homeroom::sample {
namespace {

using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::Le;

DayNumber day_number(int year, int month, int day) {
  return to_day_number({.year = year, .month = month, .day = day});
}

std::string_view note_of(const SchoolCalendar& calendar, DayNumber date) {
  for (const CalendarDay& day : calendar.all_days()) {
    if (day.date == date) return day.note;
  }
  return "not in the calendar";
}

TEST(SchoolCalendar, RunsFromAugustToJuneInAnyYear) {
  std::vector<int> starts;  // days after 1 August
  std::vector<int> ends;    // days after 1 May
  std::vector<int> export_weekdays;
  for (int year = 2001; year <= 2099; ++year) {
    const SchoolCalendar calendar(year);
    starts.push_back(calendar.date(0) - day_number(year - 1, 8, 1));
    ends.push_back(calendar.date(SchoolCalendar::kNumDays - 1) - day_number(year, 5, 1));
    export_weekdays.push_back(weekday_of(calendar.export_date()));
  }
  EXPECT_THAT(starts, Each(AllOf(Ge(15), Le(21))));
  EXPECT_THAT(ends, Each(AllOf(Ge(27), Le(40))));
  EXPECT_THAT(export_weekdays, Each(0));
}

TEST(SchoolCalendar, TeachesOnEveryWeekdayWithoutANote) {
  const SchoolCalendar calendar(2026);
  int num_taught = 0;
  for (const CalendarDay& day : calendar.all_days()) {
    EXPECT_EQ(day.in_session, weekday_of(day.date) < 5 && day.note.empty());
    num_taught += day.in_session ? 1 : 0;
  }
  EXPECT_EQ(num_taught, SchoolCalendar::kNumDays);
}

TEST(SchoolCalendar, KnowsTheHolidays) {
  const SchoolCalendar calendar(2026);
  const std::vector<std::pair<DayNumber, std::string_view>> holidays = {
      {day_number(2025, 9, 1), "Labor Day"},
      {day_number(2025, 11, 27), "Thanksgiving break"},
      {day_number(2025, 12, 25), "Winter break"},
      {day_number(2026, 1, 19), "Martin Luther King Jr. Day"},
      {day_number(2026, 5, 25), "Memorial Day"}};
  for (const auto& [date, note] : holidays) EXPECT_EQ(note_of(calendar, date), note);
}

TEST(SchoolCalendar, CutsTheYearIntoFourQuarters) {
  const SchoolCalendar calendar(2026);
  for (int quarter = 0; quarter < SchoolCalendar::kNumQuarters; ++quarter) {
    EXPECT_EQ(calendar.quarter_of(calendar.first_day_of(quarter)), quarter);
    EXPECT_EQ(calendar.quarter_of(calendar.last_day_of(quarter)), quarter);
  }
  EXPECT_EQ(calendar.last_day_of(3), SchoolCalendar::kNumDays - 1);
}

}  // namespace
}  // namespace homeroom::sample
