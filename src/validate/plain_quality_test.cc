// Checks that a column's own keys ask for, made a warning or given a tolerance under `quality`.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract.h"
#include "contract/quality/tolerated.h"
#include "validate/file_checks.h"

namespace homeroom::validate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A column `minutes` from 0 to 420 that must be there, with `quality` beside it.
Result<contract::ContractSet> set_with(std::string_view quality) {
  const std::string text = fmt::format(
      "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\nschema:\n  - name: clubs\n"
      "    properties:\n"
      "      - name: minutes\n        logicalType: integer\n        required: true\n"
      "        logicalTypeOptions: {{minimum: 0, maximum: 420}}\n        quality: [{}]\n",
      quality);
  const std::vector<EmbeddedFile> files = {{"clubs.odcs.yaml", text}};
  return contract::ContractSet::from_files(files);
}

std::string said_of(std::string_view severity_and_check) {
  return fmt::format("{{type: custom, engine: homeroom, {}}}", severity_and_check);
}

struct Said {
  std::vector<std::string> rows;  ///< set aside
  std::vector<std::string> file;
};

// What is said of the cells 5, 421, 422, nothing.
Said judge(const contract::Contract& contract) {
  TableSchema table;
  table.columns = {{.name = "minutes", .type = SqlType::kBigint, .comment = ""}};
  const std::array columns = {0};
  auto rows = RowValidator::create(table, &contract, columns);
  auto file = FileChecks::create(table, &contract, columns, {});
  Said said;
  if (!rows || !file)
    return {.rows = {rows ? file.error().message : rows.error().message}, .file = {}};
  const std::vector<Cell> cells = {value_cell("5"), value_cell("421"), value_cell("422"),
                                   Cell{.data = nullptr, .size = 0, .state = CellState::kNull}};
  const std::array<const std::vector<Cell>*, 1> views = {&cells};
  std::vector<RowProblem> problems;
  rows->check(views, 4, problems);
  for (const RowProblem& problem : problems) {
    said.rows.push_back(fmt::format("{} {} {}", problem.row, problem.rule, problem.reason));
  }
  const std::array<LineNumber, 4> lines = {2, 3, 4, 5};
  EXPECT_TRUE(file->observe({.columns = views, .num_rows = 4}, lines));
  const auto verdict = file->finish();
  EXPECT_TRUE(verdict);
  for (const FileFinding& finding : verdict->findings) {
    said.file.push_back(fmt::format("{} {} line {}: {}", to_string(finding.severity), finding.rule,
                                    finding.line, finding.message));
  }
  return said;
}

TEST(PlainQuality, WithoutAWordEachRowIsSetAside) {
  const auto set = set_with("");
  ASSERT_TRUE(set) << set.error().message;
  const Said said = judge(*set->find("clubs"));
  EXPECT_THAT(said.rows,
              ElementsAre("1 range is above 420", "2 range is above 420", "3 required is empty"));
  EXPECT_THAT(said.file, IsEmpty());
}

TEST(PlainQuality, AWarningKeepsTheRowsAndIsToldOnceWithTheirNumber) {
  const auto set = set_with(
      said_of("severity: warning, description: Minutes of a day., implementation: {check: range}"));
  ASSERT_TRUE(set) << set.error().message;
  const contract::Contract& contract = *set->find("clubs");
  const Said said = judge(contract);
  EXPECT_THAT(said.rows, ElementsAre("3 required is empty"));
  EXPECT_THAT(said.file, ElementsAre("warning range line 3: 2 rows (50 %): is above 420 (Minutes "
                                     "of a day)"));
  EXPECT_EQ(contract::strict_part(contract, contract.columns[0]).maximum, std::nullopt);
  EXPECT_TRUE(contract::strict_part(contract, contract.columns[0]).is_required);
  EXPECT_TRUE(check_quality(contract));
}

TEST(PlainQuality, AToleranceHoldsTheFileOnlyBeyondIt) {
  const auto tolerated =
      set_with(said_of("implementation: {check: required, mustBeLessThan: 30, unit: percent}"));
  ASSERT_TRUE(tolerated) << tolerated.error().message;
  Said said = judge(*tolerated->find("clubs"));
  EXPECT_THAT(said.rows, ElementsAre("1 range is above 420", "2 range is above 420"));
  EXPECT_THAT(said.file, IsEmpty());
  EXPECT_FALSE(
      contract::is_never_empty(*tolerated->find("clubs"), tolerated->find("clubs")->columns[0]));

  const auto exceeded = set_with(said_of("implementation: {check: range, mustBeLessOrEqualTo: 1}"));
  ASSERT_TRUE(exceeded);
  said = judge(*exceeded->find("clubs"));
  EXPECT_THAT(said.rows, ElementsAre("3 required is empty"));
  EXPECT_THAT(said.file, ElementsAre("error range line 3: 2 rows (50 %): is above 420; must be at "
                                     "most 1"));
}

TEST(PlainQuality, WithSeverityErrorAndNoBoundRowsAreSetAsideAsEver) {
  const auto set = set_with(said_of("severity: error, implementation: {check: range}"));
  ASSERT_TRUE(set);
  const Said said = judge(*set->find("clubs"));
  EXPECT_THAT(said.rows,
              ElementsAre("1 range is above 420", "2 range is above 420", "3 required is empty"));
}

TEST(PlainQuality, WhatCannotBeToleratedIsAnErrorWithItsLine) {
  const std::array cases = {
      std::pair{"implementation: {check: type}", "there is no such check"},
      std::pair{"implementation: {check: pattern}", "the column minutes does not ask for it"},
      std::pair{"implementation: {check: range, column: x}", "it has no argument column"},
      std::pair{"implementation: {check: rnage}", "there is no such check"}};
  for (const auto& [text, message] : cases) {
    const auto set = set_with(said_of(text));
    ASSERT_TRUE(set);
    const Status checked = check_quality(*set->find("clubs"));
    ASSERT_FALSE(checked) << text;
    EXPECT_THAT(checked.error().message, HasSubstr(message));
    EXPECT_THAT(checked.error().message, HasSubstr("clubs.odcs.yaml, line 12: "));
  }
}

}  // namespace
}  // namespace homeroom::validate
