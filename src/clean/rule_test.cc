#include "clean/rule.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "clean/column_run.h"
#include "contract/contract.h"

namespace homeroom::clean {
namespace {

using contract::ContractSet;
using contract::Kind;

const ContractSet& contracts() {
  static const ContractSet kContracts = ContractSet::load("").value();
  return kContracts;
}

ColumnContext context_of(const Example& example) {
  return clean::context_of(example, contracts());
}

// The texts of an example's value in a second pass.
std::vector<std::string> once(const ColumnRun& run) {
  return {std::string(run.cell().text())};
}

// Values as they are stored, by kind; no rule may touch one.
std::vector<std::string> canonical_values(Kind kind) {
  switch (kind) {
    case Kind::kText:
      return {"Jos\xC3\xA9 van der Berg", "O'Neil, Ana", "two\nlines", "07", "Unknown", "1,5"};
    case Kind::kIdentifier:
      return {"0012345", "S-010", "01-01", "{3F2504E0-4F89}", "5E10", "1.5"};
    case Kind::kInteger:
      return {"0", "-7", "1234567", "9223372036854775807"};
    case Kind::kDecimal:
      return {"12.50", "0.5", "-3", "100", "12345678901234567890.5"};
    case Kind::kPercent:
      return {"92", "92.5", "0", "100"};
    case Kind::kDate:
      return {"2025-09-11", "1999-12-31", "2024-02-29"};
    case Kind::kTime:
      return {"00:00:00", "23:59:59"};
    case Kind::kTimestamp:
      return {"2025-09-11 13:05:00", "2025-09-11T17:05:00Z", "2023-09-01T14:53:15.913Z"};
    case Kind::kBoolean:
      return {"true", "false"};
    case Kind::kSchoolYear:
      return {"2025", "1999"};
    case Kind::kEnumeration:
      return {"KG", "01", "OTHER"};
    case Kind::kMark:
      return {"A-", "85.12 B+", "INC", "3.5"};
    case Kind::kPersonName:
      return {"Jos\xC3\xA9 van der Berg", "O'Neil, Ana", "SMITH-JONES, Jr.", "Null", "D’Arcy"};
    case Kind::kEmail:
      return {"ana.ruiz@example.org", "o'neil+lunch@k12.ma.us", "Ana_1@Example.ORG"};
    case Kind::kPhone:
      return {"(555) 555-0100", "555-0100", "+1 555 555 0100", "555-555-0100 x12", "5555550100"};
    case Kind::kPostcode:
      return {"01907", "01907-1234", "V5K 0A1"};
  }
  return {};
}

class EveryRule : public testing::TestWithParam<const Rule*> {};

TEST_P(EveryRule, DoesWhatItsExamplesSay) {
  for (const Example& example : GetParam()->examples) {
    const ColumnRun run(context_of(example), {GetParam()}, {std::string(example.in)});
    EXPECT_EQ(run.describe(), ColumnRun::describe(example.state, example.out)) << example.in;
  }
}

TEST_P(EveryRule, AppliedTwiceChangesNothingMore) {
  for (const Example& example : GetParam()->examples) {
    const ColumnContext context = context_of(example);
    const ColumnRun first(context, {GetParam()}, {std::string(example.in)});
    if (!first.cell().has_value()) continue;
    const ColumnRun second(context_once_cleaned(context), {GetParam()}, once(first));
    EXPECT_EQ(second.describe(), first.describe()) << example.in;
    EXPECT_EQ(second.num_changed(), 0U) << example.in;
  }
}

TEST_P(EveryRule, LeavesStoredFormsOfEveryKindItRunsOnAlone) {
  for (int i = 0; i <= static_cast<int>(Kind::kPostcode); ++i) {
    ColumnContext context;
    context.kind = static_cast<Kind>(i);
    context.is_declared = true;
    context.profile.date_order = DateOrder::kDayFirst;
    context.enumeration = contracts().find_enumeration("grade_level");
    if (context.kind != Kind::kEnumeration) context.enumeration = nullptr;
    const auto& kinds = GetParam()->applies_to;
    if (!kinds.empty() && std::ranges::find(kinds, context.kind) == kinds.end()) continue;
    if (!GetParam()->is_default) continue;  // asked for because the form is not liked
    for (const std::string& value : canonical_values(context.kind)) {
      const ColumnRun run(context, {GetParam()}, {value});
      EXPECT_EQ(run.describe(), "value " + value);
      EXPECT_EQ(run.num_changed(), 0U) << value;
    }
  }
}

// Bytes that look like cells more often than chance would make them.
std::string random_text(std::uint64_t& state) {
  static constexpr std::string_view kPieces[] = {
      "0",    "1",  "9", "2025", "/",   "-",  ".",   ",",        " ",        "%",
      "E+",   "*",  ":", "PM",   "=\"", "\"", "Jan", "\xC2\xA0", "\xCC\x81", "\xE2\x80\x8D",
      "\xFF", "\n", "Z", "e"};
  const auto next = [&state](std::uint64_t below) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state >> 33U) % below;
  };
  std::string text;
  for (std::uint64_t left = next(7); left > 0; --left) {
    const std::uint64_t piece = next(std::size(kPieces) + 4);
    if (piece < std::size(kPieces)) {
      text += kPieces[piece];
    } else {
      text += static_cast<char>(next(256));
    }
  }
  return text;
}

TEST_P(EveryRule, AcceptsAnyBytesAndSettlesThemInOnePass) {
  std::uint64_t seed = 7;
  for (const Example& example : GetParam()->examples) {
    std::vector<std::string> texts;
    for (int i = 0; i < 300; ++i) texts.push_back(random_text(seed));
    const ColumnContext context = context_of(example);
    const ColumnRun first(context, {GetParam()}, texts);
    std::vector<std::string> values;
    for (std::size_t row = 0; row < texts.size(); ++row) {
      if (first.cell(row).has_value()) values.emplace_back(first.cell(row).text());
    }
    const ColumnRun second(context_once_cleaned(context), {GetParam()}, values);
    EXPECT_EQ(second.num_changed(), 0U);
    for (std::size_t row = 0; row < values.size(); ++row) {
      EXPECT_EQ(second.describe(row), "value " + values[row]);
    }
  }
}

TEST_P(EveryRule, SaysInOneSentenceWhatItDoesAndShowsIt) {
  EXPECT_FALSE(GetParam()->name.empty());
  EXPECT_FALSE(GetParam()->summary.empty());
  EXPECT_FALSE(GetParam()->summary.ends_with('.'));
  EXPECT_GE(GetParam()->examples.size(), 3U);
  EXPECT_NE(GetParam()->apply, nullptr);
  EXPECT_NE(GetParam()->looks_for, 0);
}

TEST_P(EveryRule, NeverRepeatsTheCellInWhatItSaysOfIt) {
  for (const Example& example : GetParam()->examples) {
    const ColumnRun run(context_of(example), {GetParam()}, {std::string(example.in)});
    for (const BadCell& bad : run.out().bad) {
      EXPECT_FALSE(bad.reason.empty());
      EXPECT_FALSE(bad.reason.ends_with('.'));
      EXPECT_EQ(bad.reason.find(example.in), std::string_view::npos);
      EXPECT_NE(bad.suggestion, example.in);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rules, EveryRule, testing::ValuesIn(all_rules()),
                         [](const auto& rule) { return std::string(rule.param->name); });

TEST(AllRules, AreFoundByNameInAlphabeticalOrder) {
  EXPECT_TRUE(std::ranges::is_sorted(all_rules(), {}, &Rule::name));
  EXPECT_GE(all_rules().size(), 20U);
}

TEST(AllRules, WithoutADeclarationAreTheFewThatCannotMakeARightValueWrong) {
  std::vector<std::string_view> names;
  for (const Rule* rule : all_rules()) {
    if (!rule->needs_declaration) names.push_back(rule->name);
  }
  EXPECT_EQ(names, (std::vector<std::string_view>{"excel_wrapper", "nul_characters", "null_token",
                                                  "suppression_mark", "trim", "unicode_nfc"}));
}

}  // namespace
}  // namespace homeroom::clean
