#include "contract/quality/quality.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract.h"

namespace homeroom::contract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string contract_with(std::string_view of_dataset, std::string_view of_column,
                          std::string_view options = "") {
  std::string text =
      "apiVersion: v3.1.0\nkind: DataContract\nid: x.clubs\nversion: 1.0.0\nstatus: active\n"
      "schema:\n  - name: clubs\n";
  if (!of_dataset.empty()) text += "    quality:\n      - " + std::string(of_dataset) + "\n";
  text += "    properties:\n      - name: club_id\n";
  if (!options.empty()) text += "        " + std::string(options) + "\n";
  if (!of_column.empty()) text += "        quality:\n          - " + std::string(of_column) + "\n";
  return text;
}

Result<ContractSet> load(std::initializer_list<std::string> texts) {
  std::vector<EmbeddedFile> files;
  for (const std::string& text : texts) files.push_back({"clubs.odcs.yaml", text});
  return ContractSet::from_files(files);
}

const std::vector<Quality>& checks_of(const ContractSet& set) {
  return set.find("clubs")->quality;
}

TEST(Quality, ReadsAMetricOfTheStandard) {
  const auto set = load({contract_with("",
                                       "{metric: nullValues, mustBeLessThan: 5, unit: percent, "
                                       "severity: warning, description: Clubs are numbered.}")});
  ASSERT_TRUE(set.has_value()) << set.error().message;
  const Quality& quality = checks_of(*set).at(0);
  EXPECT_EQ(quality.check, "null_values");
  EXPECT_EQ(quality.column, "club_id");
  EXPECT_EQ(quality.why, "Clubs are numbered.");
  EXPECT_EQ(quality.severity, Severity::kWarning);
  EXPECT_EQ(quality.bound->words(), "less than 5 %");
  EXPECT_FALSE(quality.tolerates_nothing());
  EXPECT_EQ(quality.line, 11U);
}

TEST(Quality, ReadsACheckOfOurOwnAsKeysAndAsText) {
  const std::string keys =
      "{type: custom, engine: homeroom, implementation: {check: row_condition, "
      "condition: club_id <> '0', blames: [club_id]}}";
  const std::string text =
      "{type: custom, engine: homeroom, implementation: 'check: row_condition'}";
  const auto set = load({contract_with(keys, text)});
  ASSERT_TRUE(set.has_value()) << set.error().message;
  const Quality& first = checks_of(*set).at(1);  // the data set's come last
  EXPECT_EQ(first.check, "row_condition");
  EXPECT_EQ(*first.find("condition"), "club_id <> '0'");
  EXPECT_THAT(first.arguments.at("blames"), ElementsAre("club_id"));
  EXPECT_TRUE(first.tolerates_nothing());
  EXPECT_EQ(checks_of(*set).at(0).check, "row_condition");
}

TEST(Quality, LeavesWhatIsOfOthersAlone) {
  const auto set = load({contract_with("{type: custom, engine: soda, implementation: x}",
                                       "{type: sql, query: select 1, mustBe: 1}"),
                         contract_with("{type: text, description: Counted twice a year.}", "")});
  ASSERT_TRUE(set.has_value()) << set.error().message;
  EXPECT_TRUE(checks_of(*set).empty());
}

TEST(Quality, OfADistrictReplacesTheCheckWithItsId) {
  const auto set = load({contract_with("{id: few, metric: rowCount, mustBeLessThan: 9}", ""),
                         contract_with("{id: few, metric: rowCount, mustBeLessThan: 90}", ""),
                         contract_with("{metric: rowCount, mustBeGreaterThan: 1}", "")});
  ASSERT_TRUE(set.has_value()) << set.error().message;
  ASSERT_EQ(checks_of(*set).size(), 2U);
  EXPECT_EQ(checks_of(*set)[0].bound->words(), "less than 90");
}

TEST(Quality, SaysWhatIsWrongWithItByFileAndLine) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"{metric: nulValues, mustBe: 0}", "unknown metric nulValues"},
      {"{metric: nullValues}", "nullValues does not say what it must be"},
      {"{metric: nullValues, mustBee: 0}", "unknown key of a check mustBee"},
      {"{metric: nullValues, mustBe: many}", "mustBe is not a number"},
      {"{metric: nullValues, mustBe: 0, mustNotBe: 1}", "a check has one mustBe..."},
      {"{metric: nullValues, mustBe: 0, unit: files}", "unknown unit files"},
      {"{metric: nullValues, mustBe: 0, severity: high}", "unknown severity high"},
      {"{metric: rowCount, mustBeBetween: 5}", "mustBeBetween is not a list of two numbers"},
      {"{metric: rowCount, mustBeBetween: [9, 5]}", "mustBeBetween has its larger number first"},
      {"{type: custom, engine: homeroom}", "a check of homeroom has no implementation"},
      {"{type: custom, engine: homeroom, implementation: {condition: a}}",
       "the implementation names no check"},
      {"{type: customs}", "unknown type of check customs"},
      {"{mustBe: 0}", "a check of the library has no metric"},
  };
  for (const auto& [quality, message] : cases) {
    const auto set = load({contract_with("", quality)});
    ASSERT_FALSE(set.has_value()) << quality;
    EXPECT_EQ(set.error().code, ErrorCode::kConfig);
    EXPECT_THAT(set.error().message, HasSubstr(message));
    EXPECT_THAT(set.error().message, HasSubstr("clubs.odcs.yaml"));
    EXPECT_EQ(set.error().position.line, 11U) << quality;
  }
}

TEST(ColumnOptions, AreReadInFull) {
  const auto set = load({contract_with(
      "", "",
      "logicalType: number\n        unique: true\n        logicalTypeOptions: "
      "{exclusiveMinimum: 0, exclusiveMaximum: 1.5, multipleOf: 0.5, format: f64}")});
  ASSERT_TRUE(set.has_value()) << set.error().message;
  const Column& column = set->find("clubs")->columns[0];
  EXPECT_EQ(column.above, "0");
  EXPECT_EQ(column.below, "1.5");
  EXPECT_EQ(column.multiple_of, "0.5");
  EXPECT_EQ(column.format, "f64");
  EXPECT_TRUE(column.is_unique);
  const auto wrong = load(
      {contract_with("", "", "logicalType: number\n        logicalTypeOptions: {multipleOf: 0}")});
  ASSERT_FALSE(wrong.has_value());
  EXPECT_THAT(wrong.error().message, HasSubstr("multipleOf is not above zero"));
}

}  // namespace
}  // namespace homeroom::contract
