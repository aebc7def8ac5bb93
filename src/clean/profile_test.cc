#include "clean/profile.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "table/batch.h"

namespace homeroom::clean {
namespace {

ColumnProfile profile_of(const std::vector<std::string>& texts, std::size_t batch_size = 1000) {
  Profiler profiler(1);
  for (std::size_t start = 0; start < texts.size(); start += batch_size) {
    Batch batch;
    batch.columns.resize(1);
    for (std::size_t i = start; i < std::min(texts.size(), start + batch_size); ++i) {
      batch.columns[0].push_back(value_cell(texts[i]));
      batch.lines.push_back(i + 2);  // the header is line 1
    }
    profiler.observe(batch);
  }
  return profiler.finish()[0];
}

std::vector<std::string> repeat(const std::string& text, std::size_t times) {
  return std::vector<std::string>(times, text);
}

std::vector<std::string> operator+(std::vector<std::string> left,
                                   const std::vector<std::string>& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

TEST(Profiler, GivesATypeOnlyToWhatPrintsBackTheSame) {
  const std::vector<std::pair<std::vector<std::string>, SqlType>> table = {
      {{"1", "20", "-3"}, SqlType::kBigint},
      {{"1", "", "N/A", " 7 ", "=\"12\""}, SqlType::kBigint},
      {{"1", "007"}, SqlType::kText},
      {{"0188799", "1"}, SqlType::kText},
      {{"00", "1"}, SqlType::kText},
      {{"1", "+2"}, SqlType::kText},
      {{"1", "-0"}, SqlType::kText},
      {{"1", "2e3"}, SqlType::kText},
      {{"1,234", "5"}, SqlType::kText},
      {{"9223372036854775807"}, SqlType::kBigint},
      {{"9223372036854775808"}, SqlType::kNumeric},
      {{"12.50", "3"}, SqlType::kNumeric},
      {{"12.50", ".5"}, SqlType::kText},
      {{"true", "false"}, SqlType::kBoolean},
      {{"TRUE", "FALSE"}, SqlType::kText},
      {{"true", "1"}, SqlType::kText},
      {{"2025-09-11", "2025-09-12"}, SqlType::kDate},
      {{"2025-09-11", "2025-09-31"}, SqlType::kText},
      {{"9/14/2025", "9/15/2025"}, SqlType::kText},
      {{"2025-09-11 10:00:00"}, SqlType::kText},
      {{"2025-09-11", "7"}, SqlType::kText},
      {{"1", "x"}, SqlType::kText},
      {{}, SqlType::kText},
      {{"", "NA"}, SqlType::kText},
  };
  for (const auto& [texts, type] : table) {
    EXPECT_EQ(to_string(profile_of(texts).type), to_string(type)) << testing::PrintToString(texts);
  }
}

TEST(Profiler, TakesAStarAsSuppressedAmongNumbersOnly) {
  EXPECT_EQ(profile_of({"12.5", "*", "7"}).type, SqlType::kNumeric);
  EXPECT_EQ(profile_of({"12.5", "*", "7"}).num_suppressed, 1U);
  EXPECT_EQ(profile_of({"2025-09-11", "*"}).type, SqlType::kText);
  EXPECT_EQ(profile_of({"true", "*"}).type, SqlType::kText);
  EXPECT_EQ(profile_of({"*", "*"}).type, SqlType::kText);
  EXPECT_EQ(profile_of({"12.5", "<10"}).type, SqlType::kText);
}

TEST(Profiler, CountsWhatIsThere) {
  const ColumnProfile profile = profile_of({"12", "", "n/a", " ", "*", "12345 "});
  EXPECT_EQ(profile.num_values, 2U);
  EXPECT_EQ(profile.num_nulls, 3U);
  EXPECT_EQ(profile.num_suppressed, 1U);
  EXPECT_EQ(profile.max_length, 5U);
}

TEST(Profiler, DecidesTheOrderOfDatesByTheWholeColumn) {
  const std::vector<std::pair<std::vector<std::string>, DateOrder>> table = {
      {{"9/11/2025", "9/14/2025"}, DateOrder::kMonthFirst},
      {{"9/11/2025", "14/9/2025"}, DateOrder::kDayFirst},
      {{"9/11/2025", "10/11/2025"}, DateOrder::kAmbiguous},
      {{"9/9/2025", "1/1/1900"}, DateOrder::kNone},
      {{"2025-09-14", "14-Sep-2025", "20250914"}, DateOrder::kNone},
      {{"9/14/2025", "14/9/2025"}, DateOrder::kMixed},
      {{"13/45/2025", "9/11/2025"}, DateOrder::kAmbiguous},
      {{"09142025"}, DateOrder::kMonthFirst},
      {{"9/11/2025 10:00", "9/14/2025 1:05 PM"}, DateOrder::kMonthFirst},
      {{"9/14/2025 or so", "9/11/2025"}, DateOrder::kAmbiguous},
  };
  for (const auto& [texts, order] : table) {
    EXPECT_EQ(static_cast<int>(profile_of(texts).date_order), static_cast<int>(order))
        << testing::PrintToString(texts);
  }
}

TEST(Profiler, DoesNotLetAFewErrorsHoldAColumn) {
  struct Case {
    std::size_t month_first;
    std::size_t day_first;
    DateOrder order;
  };

  const std::vector<Case> table = {
      {1000, 1, DateOrder::kMonthFirst}, {1, 1000, DateOrder::kDayFirst},
      {990, 10, DateOrder::kMonthFirst}, {989, 11, DateOrder::kMixed},
      {97, 2, DateOrder::kMonthFirst},   {96, 3, DateOrder::kMixed},
      {10, 1, DateOrder::kMonthFirst},   {9, 1, DateOrder::kMixed},
      {20, 2, DateOrder::kMonthFirst},   {19, 2, DateOrder::kMixed},
      {1, 1, DateOrder::kMixed},
  };
  for (const auto& [month_first, day_first, order] : table) {
    const ColumnProfile profile =
        profile_of(repeat("9/14/2025", month_first) + repeat("14/9/2025", day_first));
    EXPECT_EQ(static_cast<int>(profile.date_order), static_cast<int>(order))
        << month_first << " " << day_first;
    EXPECT_EQ(profile.num_month_first, month_first);
    EXPECT_EQ(profile.num_day_first, day_first);
  }
}

TEST(Profiler, RemembersTheFirstLineOfEachOrder) {
  const ColumnProfile profile =
      profile_of({"1/2/2025", "1/14/2025", "1/15/2025", "14/1/2025", "15/1/2025"}, 2);
  EXPECT_EQ(profile.first_ambiguous_line, 2U);
  EXPECT_EQ(profile.first_month_first_line, 3U);
  EXPECT_EQ(profile.first_day_first_line, 5U);
}

TEST(Profiler, TellsFractionsFromPercentages) {
  EXPECT_TRUE(profile_of({"0.92", "1", "0"}).is_fraction);
  EXPECT_TRUE(profile_of({"0.92", "n/s", "1.00"}).is_fraction);
  EXPECT_FALSE(profile_of({"0.92", "1.5"}).is_fraction);
  EXPECT_FALSE(profile_of({"0.92", "-0.5"}).is_fraction);
  EXPECT_FALSE(profile_of({"0.92", "92%"}).is_fraction);
  EXPECT_FALSE(profile_of({"92"}).is_fraction);
  EXPECT_FALSE(profile_of({"high"}).is_fraction);
  EXPECT_TRUE(profile_of({"0.92", "92%"}).has_percent_sign);
  EXPECT_TRUE(profile_of({"0.92", "92%"}).mixes_percent_and_fraction);
  EXPECT_FALSE(profile_of({"0.92", "92%", "85"}).mixes_percent_and_fraction);
  EXPECT_FALSE(profile_of({"92%", "0"}).mixes_percent_and_fraction);
}

TEST(Profiler, FindsWhatMarksMean) {
  EXPECT_TRUE(profile_of({"12,5"}).uses_decimal_comma);
  EXPECT_TRUE(profile_of({"1.234,56"}).uses_decimal_comma);
  EXPECT_FALSE(profile_of({"1,234"}).uses_decimal_comma);
  EXPECT_TRUE(profile_of({"1,234.5"}).uses_thousands_comma);
  EXPECT_FALSE(profile_of({"1,234"}).uses_thousands_comma);
  EXPECT_TRUE(profile_of({"1234.0", "", "7.0"}).all_end_in_point_zero);
  EXPECT_FALSE(profile_of({"1234.0", "7"}).all_end_in_point_zero);
  EXPECT_FALSE(profile_of({""}).all_end_in_point_zero);
}

TEST(Profiler, SaysWhetherSomeValueIsADate) {
  for (const char* date : {"2025-09-05", "9/5/25", "20250905", "5-Sep-2025", "September 5, 2025",
                           "Friday, 5 September 2025", "2025-09-05T08:00:00Z"}) {
    EXPECT_TRUE(profile_of({"0523", "x", date}).has_date) << date;
  }
  EXPECT_FALSE(profile_of({"0523", "112023", "FA23", "Fall 2023-2024", "", "N/A"}).has_date);
}

TEST(Profiler, PassesOverRaggedRows) {
  Batch batch;
  batch.columns = {{value_cell("1"), value_cell("x"), value_cell("3")},
                   {value_cell("a"), value_cell("b"), value_cell("c")}};
  batch.lines = {2, 3, 4};
  batch.ragged.push_back({.row = 1, .cells = {}, .likely_cause = {}});
  Profiler profiler(2);
  profiler.observe(batch);
  const auto profiles = profiler.finish();
  EXPECT_EQ(profiles[0].type, SqlType::kBigint);
  EXPECT_EQ(profiles[0].num_values, 2U);
  EXPECT_EQ(profiles[1].num_values, 2U);
}

TEST(Profiler, SaysTheSameHoweverTheRowsAreCut) {
  const std::vector<std::string> texts = {"9/14/2025", "*", "", "12,5", "1.0", "14/9/2025", "x"};
  const ColumnProfile whole = profile_of(texts);
  for (const std::size_t size : {1U, 2U, 3U}) {
    const ColumnProfile cut = profile_of(texts, size);
    EXPECT_EQ(cut.num_values, whole.num_values);
    EXPECT_EQ(static_cast<int>(cut.date_order), static_cast<int>(whole.date_order));
    EXPECT_EQ(cut.first_day_first_line, whole.first_day_first_line);
    EXPECT_EQ(cut.uses_decimal_comma, whole.uses_decimal_comma);
  }
}

}  // namespace
}  // namespace homeroom::clean
