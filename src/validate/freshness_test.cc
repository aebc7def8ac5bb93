#include "validate/freshness.h"

#include <array>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace homeroom::validate {
namespace {

using std::chrono::minutes;

// Days of the test count from 0; day 2 and 3 are no school days.
constexpr std::array<DayNumber, 5> kSchoolDays = {0, 1, 4, 5, 6};

WallMinute at(int day, int hour, int minute = 0) {
  return minutes((day * 24 * 60) + (hour * 60) + minute);
}

contract::Freshness by_half_past_six() {
  contract::Freshness freshness;
  freshness.time_of_day = minutes(6 * 60 + 30);
  return freshness;
}

TEST(Freshness, CountsSchoolDaysWhoseFileIsMissing) {
  struct Case {
    std::string_view what;
    WallMinute now;
    WallMinute last_arrival;
    Lateness lateness;
    std::size_t num_missed;
  };

  const Case cases[] = {
      {"came in time", at(1, 9), at(1, 6), Lateness::kOnTime, 0},
      {"not due yet", at(1, 6, 29), at(0, 6), Lateness::kOnTime, 0},
      {"within its grace", at(1, 6, 59), at(0, 6), Lateness::kOnTime, 0},
      {"the grace is over", at(1, 7), at(0, 6), Lateness::kLate, 1},
      {"came late, all is well again", at(1, 10), at(1, 9), Lateness::kOnTime, 0},
      {"came the evening before", at(1, 10), at(0, 20), Lateness::kOnTime, 0},
      {"no school, nothing due", at(3, 12), at(1, 6), Lateness::kOnTime, 0},
      {"the day after the weekend", at(4, 7), at(1, 6), Lateness::kLate, 1},
      {"came on the weekend", at(4, 7), at(2, 12), Lateness::kOnTime, 0},
      {"two days are missing", at(5, 7), at(1, 6), Lateness::kCritical, 2},
      {"three days are missing", at(6, 7), at(1, 6), Lateness::kCritical, 3},
      {"one file makes up for all", at(6, 9), at(6, 8), Lateness::kOnTime, 0},
      {"yesterday's came late, today's is missing", at(6, 9), at(5, 7), Lateness::kLate, 1},
  };
  for (const Case& each : cases) {
    const FreshnessVerdict verdict =
        judge_freshness(each.now, each.last_arrival, kSchoolDays, by_half_past_six());
    EXPECT_EQ(verdict.lateness, each.lateness) << each.what;
    EXPECT_EQ(verdict.num_missed, each.num_missed) << each.what;
  }
  EXPECT_EQ(judge_freshness(at(6, 7), at(1, 6), kSchoolDays, by_half_past_six()).due, at(4, 7));
}

TEST(Freshness, IsNotAskedOfWhatComesWhenItComes) {
  EXPECT_EQ(judge_freshness(at(6, 7), at(0, 0), kSchoolDays, {}).lateness, Lateness::kOnTime);
  EXPECT_EQ(judge_freshness(at(6, 7), at(0, 0), {}, by_half_past_six()).lateness,
            Lateness::kOnTime);
}

// A school year of a daily feed: every file that is missing at nine is told of, and nothing else.
TEST(Freshness, FindsEveryLateFileOfAYear) {
  std::vector<DayNumber> days;
  for (DayNumber date = 0; days.size() < 180; ++date) {
    if (date % 7 < 5 && !(date > 115 && date < 130)) days.push_back(date);
  }
  for (std::size_t late = 1; late < days.size(); ++late) {
    WallMinute last = at(days[0], 6);
    for (std::size_t i = 1; i < days.size(); ++i) {
      if (i != late) last = at(days[i], 6);
      const Lateness lateness =
          judge_freshness(at(days[i], 9), last, days, by_half_past_six()).lateness;
      EXPECT_EQ(lateness, i == late ? Lateness::kLate : Lateness::kOnTime) << i;
    }
  }
}

}  // namespace
}  // namespace homeroom::validate
