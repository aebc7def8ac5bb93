#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "clean/cleaner.h"
#include "clean/rule.h"
#include "contract/contract.h"
#include "contract/match.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

// A contract of one column for each kind, and a match that declares all but the last.
class Planning : public testing::Test {
 protected:
  void add_column(Kind kind, ColumnProfile profile = {}) {
    contract::Column column;
    column.name = "column_" + std::to_string(contract_.columns.size());
    column.kind = kind;
    contract_.columns.push_back(column);
    match_.columns.emplace_back();
    match_.columns.back().column = static_cast<int>(contract_.columns.size()) - 1;
    header_.push_back("Header " + std::to_string(header_.size() + 1));
    profiles_.push_back(profile);
    match_.contract = &contract_;
  }

  void add_undeclared(ColumnProfile profile) {
    match_.columns.emplace_back();
    header_.push_back("Header " + std::to_string(header_.size() + 1));
    profiles_.push_back(profile);
  }

  void clear() {
    contract_.columns.clear();
    match_.columns.clear();
    header_.clear();
    profiles_.clear();
  }

  std::vector<ColumnContext> plan() { return plan_cleaning(&match_, profiles_); }

  std::vector<Issue> undecided() { return undecided_columns(&match_, header_, profiles_); }

  contract::Contract contract_;
  contract::Match match_;
  std::vector<std::string> header_;
  std::vector<ColumnProfile> profiles_;
};

const ColumnProfile kMonthFirst = {
    .date_order = DateOrder::kMonthFirst, .num_month_first = 7, .first_month_first_line = 3};
const ColumnProfile kDayFirst = {
    .date_order = DateOrder::kDayFirst, .num_day_first = 7, .first_day_first_line = 4};
const ColumnProfile kAmbiguous = {.date_order = DateOrder::kAmbiguous, .first_ambiguous_line = 2};
const ColumnProfile kMixed = {
    .date_order = DateOrder::kMixed, .first_month_first_line = 3, .first_day_first_line = 9};

TEST_F(Planning, TakesDeclaredColumnsFromTheContractAndOthersFromTheirValues) {
  add_column(Kind::kIdentifier);
  add_undeclared({.type = SqlType::kNumeric});
  add_undeclared({.type = SqlType::kText});
  const auto contexts = plan();
  ASSERT_EQ(contexts.size(), 3U);
  EXPECT_TRUE(contexts[0].is_declared);
  EXPECT_EQ(static_cast<int>(contexts[0].kind), static_cast<int>(Kind::kIdentifier));
  EXPECT_FALSE(contexts[1].is_declared);
  EXPECT_EQ(static_cast<int>(contexts[1].kind), static_cast<int>(Kind::kDecimal));
  EXPECT_EQ(static_cast<int>(contexts[2].kind), static_cast<int>(Kind::kText));
}

// A plan keeps of a profile what the kind's rules look at: each example says what that is.
TEST_F(Planning, KeepsWhatTheExamplesOfARuleNeed) {
  for (const Rule* rule : all_rules()) {
    for (const Example& example : rule->examples) {
      const bool is_of_kind =
          std::ranges::find(rule->applies_to, example.kind) != rule->applies_to.end();
      if (!example.is_declared || !is_of_kind) continue;
      SCOPED_TRACE(std::string(rule->name) + ": " + std::string(example.in));
      clear();
      add_column(example.kind, {.date_order = example.date_order,
                                .is_fraction = example.is_fraction,
                                .uses_decimal_comma = example.uses_decimal_comma,
                                .all_end_in_point_zero = example.all_end_in_point_zero});
      const ColumnProfile kept = plan()[0].profile;
      EXPECT_EQ(kept.is_fraction, example.is_fraction);
      EXPECT_EQ(kept.uses_decimal_comma, example.uses_decimal_comma);
      EXPECT_EQ(kept.all_end_in_point_zero, example.all_end_in_point_zero);
      EXPECT_EQ(kept.date_order, example.date_order);
    }
  }
}

TEST_F(Planning, WorksWithoutAContract) {
  const std::vector<ColumnProfile> profiles = {{.type = SqlType::kBigint}};
  const auto contexts = plan_cleaning(nullptr, profiles);
  ASSERT_EQ(contexts.size(), 1U);
  EXPECT_EQ(static_cast<int>(contexts[0].kind), static_cast<int>(Kind::kInteger));
  const std::vector<std::string> header = {"when"};
  EXPECT_TRUE(undecided_columns(nullptr, header, std::vector{kAmbiguous}).empty());
}

TEST_F(Planning, SuppressesInUndeclaredColumnsOnlyAmongNumbers) {
  add_undeclared({.num_suppressed = 2, .type = SqlType::kBigint});
  add_undeclared({.num_suppressed = 2, .type = SqlType::kText});
  add_undeclared({.num_suppressed = 0, .type = SqlType::kBigint});
  const auto contexts = plan();
  EXPECT_TRUE(contexts[0].is_suppressible);
  EXPECT_FALSE(contexts[1].is_suppressible);
  EXPECT_FALSE(contexts[2].is_suppressible);
}

TEST_F(Planning, HoldsAColumnOfTwoOrdersWithBothLines) {
  add_column(Kind::kText);
  add_column(Kind::kDate, kMixed);
  const auto issues = undecided();
  ASSERT_EQ(issues.size(), 1U);
  EXPECT_EQ(issues[0].message, "reads as month/day at line 3 and as day/month at line 9");
  EXPECT_EQ(issues[0].suggestion, "export the column in one form, best YYYY-MM-DD");
  EXPECT_EQ(issues[0].rule, "date_to_iso");
  EXPECT_EQ(issues[0].column, "Header 2");
  EXPECT_EQ(issues[0].field, 2U);
}

TEST_F(Planning, HoldsAnAmbiguousColumnThatNothingDecides) {
  add_column(Kind::kDate, kAmbiguous);
  add_column(Kind::kTimestamp, kAmbiguous);
  add_column(Kind::kDate);
  const auto issues = undecided();
  ASSERT_EQ(issues.size(), 2U);
  EXPECT_EQ(issues[0].message,
            "no value tells whether the month or the day comes first, beginning at line 2");
  EXPECT_EQ(issues[0].suggestion, "export the column as YYYY-MM-DD");
}

TEST_F(Planning, LetsTheFilesOtherDatesDecideAnAmbiguousColumn) {
  add_column(Kind::kDate, kAmbiguous);
  add_column(Kind::kDate, kDayFirst);
  add_column(Kind::kDate);
  EXPECT_TRUE(undecided().empty());
  EXPECT_EQ(static_cast<int>(plan()[0].profile.date_order), static_cast<int>(DateOrder::kDayFirst));
  EXPECT_EQ(static_cast<int>(plan()[2].profile.date_order), static_cast<int>(DateOrder::kNone));
}

TEST_F(Planning, HoldsAnAmbiguousColumnWhereTheOthersDisagree) {
  add_column(Kind::kDate, kAmbiguous);
  add_column(Kind::kDate, kDayFirst);
  add_column(Kind::kDate, kMonthFirst);
  ASSERT_EQ(undecided().size(), 1U);
  EXPECT_EQ(undecided()[0].field, 1U);
}

TEST_F(Planning, LeavesUndeclaredDatesOutOfIt) {
  add_column(Kind::kDate, kAmbiguous);
  add_undeclared(kMonthFirst);
  add_undeclared(kMixed);
  ASSERT_EQ(undecided().size(), 1U);
  EXPECT_EQ(undecided()[0].field, 1U);
}

TEST_F(Planning, SetsAsideOptionalDatesOfWhichNoneIsADate) {
  ColumnProfile without;
  without.num_values = 3;
  ColumnProfile with = without;
  with.has_date = true;
  const ColumnProfile empty;
  add_column(Kind::kDate, without);
  add_column(Kind::kDate, with);
  add_column(Kind::kDate, empty);
  add_column(Kind::kText, without);
  add_column(Kind::kTimestamp, without);
  EXPECT_EQ(dateless_columns(match_, profiles_), (std::vector<std::size_t>{0, 4}));
  contract_.columns[0].is_required = true;
  EXPECT_EQ(dateless_columns(match_, profiles_), (std::vector<std::size_t>{4}));
}

}  // namespace
}  // namespace homeroom::clean
