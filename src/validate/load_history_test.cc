#include "validate/load_history.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <random>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace homeroom::validate {
namespace {

using What = VolumeVerdict::What;

constexpr contract::VolumeCheck kCheck;

std::vector<PastLoad> loads(std::initializer_list<std::uint64_t> counts,
                            std::optional<int> weekday = std::nullopt) {
  std::vector<PastLoad> history;
  for (const std::uint64_t count : counts) {
    history.push_back({.weekday = weekday, .num_rows = count});
  }
  return history;
}

TEST(Volume, IsJudgedByTheMedianOfEarlierLoads) {
  struct Case {
    std::vector<PastLoad> history;
    std::uint64_t num_rows;
    What what;
  };

  const Case cases[] = {
      {loads({}), 100, What::kLearning},
      {loads({100, 100, 100, 100}), 10, What::kLearning},
      {loads({100, 100, 100, 100, 100}), 100, What::kGood},
      {loads({100, 100, 100, 100, 100}), 76, What::kGood},
      {loads({100, 100, 100, 100, 100}), 75, What::kWarn},
      {loads({100, 100, 100, 100, 100}), 61, What::kWarn},
      {loads({100, 100, 100, 100, 100}), 60, What::kHold},
      {loads({100, 100, 100, 100, 100}), 0, What::kHold},
      {loads({100, 100, 100, 100, 100}), 155, What::kGood},
      {loads({100, 100, 100, 100, 100}), 200, What::kHold},
      {loads({10'000, 10'000, 10'000, 10'000, 10'000}), 12'900, What::kGood},
      {loads({10'000, 10'000, 10'000, 10'000, 10'000}), 13'100, What::kHold},
      // One load gone wrong does not move the median.
      {loads({1, 100, 102, 98, 101, 99}), 100, What::kGood},
      {loads({1, 100, 102, 98, 101, 99}), 50, What::kHold},
      // Few rows: half of them is chance where they vary, and not where they never did.
      {loads({3, 1, 5, 2, 4, 0, 3}), 0, What::kGood},
      {loads({10, 10, 10, 10, 10}), 4, What::kHold},
      {loads({8, 11, 9, 14, 6, 10, 12}), 5, What::kGood},
      {loads({0, 0, 0, 0, 0}), 40, What::kGood},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(judge_volume(each.history, std::nullopt, each.num_rows, kCheck).what, each.what)
        << each.num_rows << " rows after " << each.history.size() << " loads";
  }
}

TEST(Volume, OnlyTheLatestTenCount) {
  std::vector<PastLoad> history = loads({200, 200, 200, 200, 200, 200, 200, 200, 200, 200});
  for (int i = 0; i < 40; ++i) history.push_back({.weekday = {}, .num_rows = 1000});
  const VolumeVerdict verdict = judge_volume(history, std::nullopt, 200, kCheck);
  EXPECT_EQ(verdict.what, What::kGood);
  EXPECT_EQ(verdict.expected, 200);
  EXPECT_EQ(verdict.num_loads, 10);
}

TEST(Volume, ComparesAWeekdayWithItselfOnceItIsKnown) {
  // Wednesdays are half days.
  std::vector<PastLoad> history;
  for (int week = 0; week < 5; ++week) {
    for (const int weekday : {4, 3, 2, 1, 0}) {
      history.push_back({.weekday = weekday, .num_rows = weekday == 2 ? 500U : 1000U});
    }
  }
  EXPECT_EQ(judge_volume(history, 2, 490, kCheck).what, What::kGood);
  EXPECT_TRUE(judge_volume(history, 2, 490, kCheck).is_same_weekday);
  EXPECT_EQ(judge_volume(history, 3, 490, kCheck).what, What::kHold);
  // Known from one Wednesday only, and not of a Saturday.
  history.resize(6);
  EXPECT_EQ(judge_volume(history, 2, 490, kCheck).what, What::kGood);
  EXPECT_EQ(judge_volume(history, 5, 490, kCheck).what, What::kHold);
}

TEST(Volume, FollowsTheContractsTolerance) {
  contract::VolumeCheck check;
  check.warn_drop = 0.02;
  check.hold_drop = 0.05;
  check.min_loads = 2;
  EXPECT_EQ(judge_volume(loads({100, 100}), std::nullopt, 97, check).what, What::kWarn);
  EXPECT_EQ(judge_volume(loads({100, 100}), std::nullopt, 95, check).what, What::kHold);
}

TEST(NullRate, WarnsFromTenPointsMore) {
  const contract::NullRateCheck check;
  EXPECT_FALSE(has_more_nulls({100, 20}, {100, 30}, check));
  EXPECT_TRUE(has_more_nulls({100, 20}, {100, 31}, check));
  EXPECT_FALSE(has_more_nulls({100, 90}, {100, 0}, check));
  EXPECT_FALSE(has_more_nulls({100, 0}, {19, 19}, check)) << "a few rows say little";
  EXPECT_FALSE(has_more_nulls({0, 0}, {100, 100}, check)) << "nothing to compare with";
}

TEST(Drift, IsNothingForEqualSharesAndGrowsWithTheShift) {
  constexpr std::array<std::uint64_t, 4> kBefore = {1000, 2000, 1000, 500};
  EXPECT_NEAR(population_stability(kBefore, std::array<std::uint64_t, 4>{100, 200, 100, 50}), 0,
              0.001);
  EXPECT_LT(population_stability(kBefore, std::array<std::uint64_t, 4>{120, 190, 95, 45}), 0.2);
  EXPECT_GT(population_stability(kBefore, std::array<std::uint64_t, 4>{50, 100, 200, 100}), 0.2);
  EXPECT_GT(population_stability(kBefore, std::array<std::uint64_t, 4>{0, 0, 0, 450}), 1);
  EXPECT_EQ(population_stability({}, {}), 0);
}

// A school year of one data set's files.
struct Feed {
  std::string_view name;
  double rows;
  double noise;          ///< deviation, as a share; of a Poisson count where it is 0
  double weekday_swing;  ///< Fridays have so much more, Mondays half of that
  double season_swing;   ///< so much more in February than in August
  double growth;         ///< by June
  double judged_from;    ///< drops at least this large are to be found
};

constexpr Feed kFeeds[] = {
    {"students", 5200, 0.002, 0, 0, 0.02, 0.42},
    {"enrollments", 5400, 0.002, 0, 0, 0.04, 0.42},
    {"attendance of all", 5000, 0.01, -0.03, -0.03, 0, 0.45},
    {"periods of all", 31'000, 0.01, -0.03, -0.03, 0, 0.45},
    {"section enrollments", 33'000, 0.003, 0, 0, 0.03, 0.42},
    {"sections", 420, 0.002, 0, 0, 0, 0.42},
    {"staff", 380, 0.002, 0, 0, 0.01, 0.42},
    {"marks", 29'000, 0.02, 0, 0, 0, 0.45},
    {"GPA", 5100, 0.002, 0, 0, 0, 0.42},
    {"demographics", 5200, 0.002, 0, 0, 0.02, 0.42},
    {"absences", 390, 0.08, 0.25, 0.10, 0, 0.65},
    {"incidents", 9, 0, 0.2, 0.10, 0, 2},  // too few and too irregular for any drop
};

struct Score {
  int num_injected = 0;
  int num_found = 0;
  int num_normal = 0;
  int num_false = 0;
};

// What chance makes of a file of the feed on a day.
std::uint64_t rows_on(const Feed& feed, int day, int weekday, std::mt19937_64& random) {
  const double season = std::sin(M_PI * day / 180);
  double rows = feed.rows * (1 + feed.season_swing * season) * (1 + feed.growth * day / 180);
  if (weekday == 4) rows *= 1 + feed.weekday_swing;
  if (weekday == 0) rows *= 1 + (feed.weekday_swing / 2);
  if (feed.noise == 0) {
    return static_cast<std::uint64_t>(std::poisson_distribution<int>(rows)(random));
  }
  rows *= std::normal_distribution<double>(1, feed.noise)(random);
  return static_cast<std::uint64_t>(std::llround(std::max(rows, 0.0)));
}

bool is_school_day(int date) {
  const bool is_holiday = (date > 115 && date < 130) || date == 14 || date == 95 || date == 160;
  return date % 7 < 5 && !is_holiday;
}

// Part of the file is missing, it is empty, or it holds everything twice.
std::uint64_t spoiled(std::uint64_t rows, const Feed& feed, std::mt19937_64& random) {
  std::uniform_real_distribution<double> share(0, 1);
  const double kind = share(random);
  if (kind < 0.15) return 0;
  if (kind > 0.85 && feed.noise < 0.05) return 2 * rows;
  return static_cast<std::uint64_t>(static_cast<double>(rows) * (1 - feed.judged_from) *
                                    share(random));
}

// 180 school days with holidays. After six weeks every twelfth file, by chance, goes wrong.
void simulate(const Feed& feed, unsigned seed, Score& score) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> share(0, 1);
  std::deque<PastLoad> history;
  int day = 0;
  for (int date = 0; day < 180; ++date) {
    if (!is_school_day(date)) continue;
    const int weekday = date % 7;
    std::uint64_t rows = rows_on(feed, day++, weekday, random);
    const bool is_wrong = day > 30 && feed.judged_from < 1 && share(random) < 1.0 / 12;
    if (is_wrong) rows = spoiled(rows, feed, random);
    const std::vector<PastLoad> known(history.begin(), history.end());
    const What what = judge_volume(known, weekday, rows, kCheck).what;
    const bool is_flagged = what == What::kWarn || what == What::kHold;
    if (is_wrong) {
      EXPECT_EQ(what, What::kHold) << feed.name << " seed " << seed << " day " << day;
      ++score.num_injected;
      score.num_found += is_flagged ? 1 : 0;
      continue;  // held, and sent again right: not simulated
    }
    ++score.num_normal;
    score.num_false += is_flagged ? 1 : 0;
    history.push_front({.weekday = weekday, .num_rows = rows});
  }
}

TEST(Volume, InAYearOfTwelveFeedsFindsEveryLargeDropAndSeldomCriesWolf) {
  Score all;
  for (const Feed& feed : kFeeds) {
    Score score;
    for (unsigned seed = 1; seed <= 20; ++seed) simulate(feed, seed, score);
    // At most one false alarm in 60 school days.
    EXPECT_LE(score.num_false, score.num_normal / 60) << feed.name;
    all.num_injected += score.num_injected;
    all.num_found += score.num_found;
    all.num_normal += score.num_normal;
    all.num_false += score.num_false;
  }
  EXPECT_EQ(all.num_normal + all.num_injected, 180 * 20 * 12);
  EXPECT_GT(all.num_injected, 2000);
  EXPECT_EQ(all.num_found, all.num_injected);
  EXPECT_LE(all.num_false * 20, all.num_found) << "precision of at least 95 %";
  RecordProperty("false_alarms", all.num_false);
  RecordProperty("injected", all.num_injected);
}

}  // namespace
}  // namespace homeroom::validate
