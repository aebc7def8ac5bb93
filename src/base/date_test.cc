#include "base/date.h"

#include <string>

#include <gtest/gtest.h>

namespace homeroom {
namespace {

TEST(DayNumber, ComesBackAsTheSameDayForFourCenturies) {
  for (DayNumber day = -90000; day < 60000; ++day) {
    const CivilDate date = to_civil_date(day);
    ASSERT_TRUE(is_valid(date)) << day;
    ASSERT_EQ(to_day_number(date), day);
  }
  EXPECT_EQ(to_day_number({.year = 1970, .month = 1, .day = 1}), 0);
  EXPECT_EQ(to_day_number({.year = 2000, .month = 2, .day = 29}), 11016);
}

TEST(IsoDate, IsReadOnlyInItsExactForm) {
  EXPECT_TRUE(parse_iso_date("2025-11-03").has_value());
  for (const char* text : {"2025-13-01", "2025-02-29", "2025-1-03", "20251103", "2025-11-03 ", "",
                           "2025/11/03", "2025-11-3a"}) {
    EXPECT_FALSE(parse_iso_date(text).has_value()) << text;
  }
}

TEST(IsoDate, IsWrittenInTenBytes) {
  std::string text(10, '?');
  write_iso_date({.year = 987, .month = 6, .day = 5}, text.data());
  EXPECT_EQ(text, "0987-06-05");
}

TEST(SchoolYear, IsNamedAfterTheYearItEndsIn) {
  EXPECT_EQ(school_year_of({.year = 2025, .month = 7, .day = 1}), 2026);
  EXPECT_EQ(school_year_of({.year = 2026, .month = 6, .day = 30}), 2026);
  EXPECT_EQ(school_year_of({.year = 2026, .month = 7, .day = 31}, 8), 2026);
}

TEST(Weekday, CountsFromMonday) {
  EXPECT_EQ(weekday_of(0), 3);
  EXPECT_EQ(weekday_of(to_day_number({.year = 2025, .month = 11, .day = 3})), 0);
  EXPECT_EQ(weekday_of(to_day_number({.year = 1969, .month = 12, .day = 28})), 6);
}

}  // namespace
}  // namespace homeroom
