#include "validate/check.h"

#include <algorithm>
#include <cstdlib>
#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace homeroom::validate {
namespace {

using contract::Kind;
using testing::ElementsAre;
using testing::IsEmpty;

SqlType type_of(Kind kind) {
  switch (kind) {
    case Kind::kInteger:
    case Kind::kSchoolYear:
      return SqlType::kBigint;
    case Kind::kDecimal:
    case Kind::kPercent:
      return SqlType::kNumeric;
    case Kind::kDate:
      return SqlType::kDate;
    case Kind::kTimestamp:
      return SqlType::kTimestamptz;
    case Kind::kBoolean:
      return SqlType::kBoolean;
    default:
      return SqlType::kText;
  }
}

Cell example_cell(std::string_view text) {
  Cell cell = value_cell(text);
  if (text.empty()) cell.state = CellState::kNull;
  if (text == "*") cell.state = CellState::kSuppressed;
  return cell;
}

std::vector<std::string> names_of(std::string_view names) {
  const auto parts = split(names, '|');
  return {parts.begin(), parts.end()};
}

std::optional<std::string> text_or_none(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

std::optional<std::size_t> number_or_none(std::size_t number) {
  return number == 0 ? std::nullopt : std::optional<std::size_t>(number);
}

contract::Column declare(const Example& example, std::string_view name) {
  contract::Column column;
  column.name = name;
  column.kind = example.kind;
  column.why = example.why;
  column.is_required = example.is_required;
  column.minimum = text_or_none(example.minimum);
  column.maximum = text_or_none(example.maximum);
  column.pattern = text_or_none(example.pattern);
  column.above = text_or_none(example.above);
  column.below = text_or_none(example.below);
  column.multiple_of = text_or_none(example.multiple_of);
  column.format = example.format;
  column.min_length = number_or_none(example.min_length);
  column.max_length = number_or_none(example.max_length);
  column.file = "contracts/example.odcs.yaml";
  column.line = 12;
  return column;
}

// The table that an example declares, with rows of its cells.
struct ExampleTable {
  TableSchema schema;
  contract::Contract contract;
  std::vector<int> contract_columns;
  std::vector<std::vector<Cell>> columns;

  explicit ExampleTable(const Example& example, std::size_t num_rows = 1) {
    if (!example.any_of.empty()) contract.any_of = names_of(example.any_of);
    const auto texts = split(example.in, '|');
    for (const std::string& name : names_of(example.columns)) {
      const std::size_t index = columns.size();
      contract.columns.push_back(declare(example, name));
      contract_columns.push_back(static_cast<int>(index));
      schema.columns.push_back({.name = name, .type = type_of(example.kind), .comment = ""});
      columns.emplace_back(num_rows, example_cell(texts.at(index)));
    }
  }

  void set_states(CellState state) {
    for (auto& column : columns) {
      for (Cell& cell : column) cell.state = state;
    }
  }

  [[nodiscard]] Result<RowValidator> make_validator() const {
    return RowValidator::create(schema, &contract, contract_columns);
  }

  void check(RowValidator& validator, std::vector<RowProblem>& out) const {
    std::vector<const std::vector<Cell>*> views;
    for (const auto& column : columns) views.push_back(&column);
    validator.check(views, static_cast<RowIndex>(columns.front().size()), out);
  }
};

struct Found {
  RowIndex row = 0;
  std::string reason;
  bool operator==(const Found&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Found& found) {
  return out << "row " << found.row << ": " << found.reason;
}

// What one check says about a table.
std::vector<Found> find_problems(const ExampleTable& table, std::string_view rule) {
  auto validator = table.make_validator();
  if (!validator) {
    ADD_FAILURE() << validator.error().message;
    return {};
  }
  std::vector<RowProblem> problems;
  table.check(*validator, problems);
  std::vector<Found> found;
  for (const RowProblem& problem : problems) {
    if (problem.rule == rule) found.push_back({problem.row, std::string(problem.reason)});
  }
  return found;
}

class EveryCheck : public testing::TestWithParam<const Check*> {};

TEST_P(EveryCheck, SaysOfEachRowWhatItsExampleSays) {
  for (const Example& example : GetParam()->examples) {
    SCOPED_TRACE(example.in);
    const auto found = find_problems(ExampleTable(example, 3), GetParam()->name);
    if (example.reason.empty()) {
      EXPECT_THAT(found, IsEmpty());
    } else {
      const std::string reason(example.reason);
      EXPECT_THAT(found, ElementsAre(Found{0, reason}, Found{1, reason}, Found{2, reason}));
    }
  }
}

TEST_P(EveryCheck, LeavesCellsToCleaningThatItCouldNotRead) {
  for (const Example& example : GetParam()->examples) {
    ExampleTable table(example);
    table.set_states(CellState::kBad);
    const bool has_columns = example.any_of.empty() || example.any_of == example.columns;
    if (!has_columns) continue;
    EXPECT_THAT(find_problems(table, GetParam()->name), IsEmpty()) << example.in;
  }
}

TEST_P(EveryCheck, PassesSuppressedValues) {
  for (const Example& example : GetParam()->examples) {
    ExampleTable table(example);
    table.set_states(CellState::kSuppressed);
    const bool has_columns = example.any_of.empty() || example.any_of == example.columns;
    if (!has_columns) continue;
    EXPECT_THAT(find_problems(table, GetParam()->name), IsEmpty()) << example.in;
  }
}

TEST_P(EveryCheck, PassesNullsUnlessAValueIsWanted) {
  for (const Example& example : GetParam()->examples) {
    if (example.is_required || !example.any_of.empty()) continue;
    ExampleTable table(example);
    table.set_states(CellState::kNull);
    EXPECT_THAT(find_problems(table, GetParam()->name), IsEmpty()) << example.in;
  }
}

TEST_P(EveryCheck, NeverSaysTheValue) {
  for (const Example& example : GetParam()->examples) {
    for (const std::string& text : names_of(example.in)) {
      if (text.size() < 2) continue;
      EXPECT_EQ(example.reason.find(text), std::string_view::npos) << example.reason;
    }
  }
}

TEST_P(EveryCheck, HasExamplesThatPassAndThatFail) {
  const auto is_pass = [](const Example& example) { return example.reason.empty(); };
  EXPECT_TRUE(std::ranges::any_of(GetParam()->examples, is_pass));
  EXPECT_FALSE(std::ranges::all_of(GetParam()->examples, is_pass));
}

TEST_P(EveryCheck, GivesTheContractsReason) {
  std::size_t num_reasons = 0;
  for (const Example& example : GetParam()->examples) {
    if (example.why.empty() || example.reason.empty()) continue;
    ++num_reasons;
    EXPECT_TRUE(example.reason.ends_with(')')) << example.reason;
  }
  const bool is_of_a_column = GetParam()->name != "any_of";
  EXPECT_EQ(num_reasons > 0, is_of_a_column);
}

TEST_P(EveryCheck, HasASummaryAndIsOfCellsOrOfRows) {
  const Check& check = *GetParam();
  EXPECT_NE(check.bind_column == nullptr, check.bind_table == nullptr);
  ASSERT_FALSE(check.summary.empty());
  EXPECT_TRUE(check.summary.front() >= 'A' && check.summary.front() <= 'Z') << check.summary;
  EXPECT_FALSE(check.summary.ends_with('.')) << check.summary;
}

INSTANTIATE_TEST_SUITE_P(All, EveryCheck,
                         testing::ValuesIn(all_checks().begin(), all_checks().end()),
                         [](const auto& check) { return std::string(check.param->name); });

TEST(AllChecks, AreThoseOfTheFolderByName) {
  std::vector<std::string_view> names;
  for (const Check* check : all_checks()) names.push_back(check->name);
  EXPECT_THAT(names, ElementsAre("any_of", "date_plausible", "end_not_before_start",
                                 "exclusive_range", "format", "length", "multiple_of", "pattern",
                                 "range", "required", "type"));
}

// The same numbers in every run.
std::mt19937 seeded(unsigned seed) {
  return std::mt19937(seed);
}

// Property: numbers with three decimals lie between two bounds as a thousand times their value
// does.
TEST(CheckRange, AgreesWithIntegerArithmetic) {
  std::mt19937 random = seeded(2);
  const auto write = [](int thousandths, bool is_whole) {
    const int size = std::abs(thousandths);
    const std::string fraction = std::to_string(1000 + size % 1000).substr(1);
    return (thousandths < 0 ? "-" : "") + std::to_string(size / 1000) +
           (is_whole ? "" : "." + fraction);
  };
  const auto make = [&](bool is_whole) {
    const int number = static_cast<int>(random() % 12'001) - 6'000;
    return is_whole ? number / 1000 * 1000 : number;
  };
  for (int i = 0; i < 3'000; ++i) {
    const bool is_whole[] = {random() % 2 == 0, random() % 2 == 0, random() % 2 == 0};
    const int low = make(is_whole[0]);
    const int high = make(is_whole[1]);
    const int number = make(is_whole[2]);
    const std::string minimum = write(low, is_whole[0]);
    const std::string maximum = write(high, is_whole[1]);
    const std::string text = write(number, is_whole[2]);
    const ExampleTable table(
        {.in = text, .reason = "", .kind = Kind::kDecimal, .minimum = minimum, .maximum = maximum});
    const bool is_broken = number < low || number > high;
    ASSERT_EQ(find_problems(table, "range").size(), is_broken ? 1 : 0)
        << text << " in " << minimum << " to " << maximum;
  }
}

// A contract that no file can satisfy, or that cannot be read.
struct BadDeclaration {
  Example example;
  std::string_view message;
  std::string_view hint;
};

TEST(RowValidator, NamesFileAndLineOfADeclarationItCannotCheck) {
  const BadDeclaration cases[] = {
      {{.in = "", .reason = "", .pattern = "(unclosed"},
       "column value: its pattern is no regular expression: missing ): (unclosed",
       "look-around and back-references are not known; the rest is as in ECMAScript"},
      {{.in = "", .reason = "", .pattern = "(?=x)x"},
       "column value: its pattern is no regular expression: invalid perl operator: (?=",
       "look-around and back-references are not known; the rest is as in ECMAScript"},
      {{.in = "", .reason = "", .kind = Kind::kInteger, .minimum = "1e3"},
       "column value: its minimum is not a number",
       "write digits, with a point before decimals"},
      {{.in = "", .reason = "", .kind = Kind::kDate, .maximum = "7/31/2026"},
       "column value: its maximum is not a date",
       "write it as YYYY-MM-DD"},
      {{.in = "", .reason = "", .kind = Kind::kText, .minimum = "1"},
       "column value: only numbers and dates can have a minimum or maximum",
       "drop them, or declare the column as a number or a date"},
      {{.in = "", .reason = "", .min_length = 3, .max_length = 2},
       "column value: its minLength is above its maxLength",
       "no value can satisfy both: correct one of them"},
  };
  for (const auto& [example, message, hint] : cases) {
    SCOPED_TRACE(message);
    const auto validator = ExampleTable(example).make_validator();
    ASSERT_FALSE(validator.has_value());
    EXPECT_EQ(validator.error().code, ErrorCode::kConfig);
    EXPECT_EQ(validator.error().message,
              "contracts/example.odcs.yaml, line 12: " + std::string(message));
    EXPECT_EQ(validator.error().hint, hint);
    EXPECT_EQ(validator.error().position.line, 12);
  }
}

// Two columns of which the second must have a value and lie between 1 and 8.
struct Periods {
  TableSchema schema{.name = "t",
                     .comment = "",
                     .columns = {{.name = "date", .type = SqlType::kDate, .comment = ""},
                                 {.name = "period", .type = SqlType::kBigint, .comment = ""}},
                     .key = {"period"}};
  contract::Contract contract;
  std::vector<int> contract_columns = {-1, 0};

  Periods() {
    contract::Column period;
    period.name = "period";
    period.kind = Kind::kInteger;
    period.is_required = true;
    period.minimum = "1";
    period.maximum = "8";
    contract.columns.push_back(period);
  }
};

TEST(RowValidator, ListsProblemsByRowThenByColumn) {
  const Periods periods;
  auto validator =
      RowValidator::create(periods.schema, &periods.contract, periods.contract_columns);
  ASSERT_TRUE(validator.has_value());
  const std::vector<Cell> dates = {value_cell("2025-09-31"), value_cell("2025-09-30"),
                                   value_cell("today")};
  const std::vector<Cell> numbers = {value_cell("9"), example_cell(""), value_cell("x")};
  const std::vector<Cell>* columns[] = {&dates, &numbers};
  std::vector<RowProblem> problems = {{.row = 7}};
  validator->check(columns, 3, problems);
  std::vector<std::string> found;
  for (const RowProblem& problem : problems) {
    found.push_back(std::to_string(problem.row) + " " + std::to_string(problem.column) + " " +
                    std::string(problem.rule) + ": " + std::string(problem.reason));
  }
  EXPECT_THAT(found,
              ElementsAre("0 0 type: is not a day written YYYY-MM-DD", "0 1 range: is above 8",
                          "1 1 required: is empty, and the key needs it",
                          "2 0 type: is not a day written YYYY-MM-DD",
                          "2 1 type: is not a whole number of at most 64 bits"));
}

TEST(RowValidator, LooksOnlyAtTheRowsOfTheBatch) {
  const Periods periods;
  auto validator =
      RowValidator::create(periods.schema, &periods.contract, periods.contract_columns);
  ASSERT_TRUE(validator.has_value());
  const std::vector<Cell> dates = {value_cell("2025-09-30"), value_cell("left over")};
  const std::vector<Cell> numbers = {value_cell("8"), value_cell("left over")};
  const std::vector<Cell>* columns[] = {&dates, &numbers};
  std::vector<RowProblem> problems;
  validator->check(columns, 1, problems);
  EXPECT_THAT(problems, IsEmpty());
  validator->check(columns, 0, problems);
  EXPECT_THAT(problems, IsEmpty());
}

TEST(RowValidator, SaysOfOpenRowsWhatItSaysOfAll) {
  const Example example{.in = "-1", .reason = "", .kind = Kind::kInteger, .minimum = "0"};
  ExampleTable table(example, 5);
  const std::string wrong = "x";
  table.columns[0][3] = value_cell(wrong);
  auto validator = table.make_validator();
  ASSERT_TRUE(validator) << validator.error().message;
  const std::vector<const std::vector<Cell>*> views = {table.columns.data()};
  const std::vector<RowIndex> rows = {1, 3};
  const std::vector<const std::vector<RowIndex>*> open = {&rows};
  std::vector<RowProblem> problems;
  validator->check(views, 5, problems, open);
  ASSERT_EQ(problems.size(), 2U);
  EXPECT_EQ(problems[0].row, 1U);
  EXPECT_EQ(problems[0].rule, "range");
  EXPECT_EQ(problems[1].row, 3U);
  EXPECT_EQ(problems[1].rule, "type");
}

TEST(RowValidator, ChecksTypesWithoutAContract) {
  Periods periods;
  periods.schema.columns[1].is_required = true;
  auto validator = RowValidator::create(periods.schema, nullptr, {});
  ASSERT_TRUE(validator.has_value());
  const std::vector<Cell> dates = {value_cell("1850-01-01")};
  const std::vector<Cell> numbers = {example_cell("")};
  const std::vector<Cell>* columns[] = {&dates, &numbers};
  std::vector<RowProblem> problems;
  validator->check(columns, 1, problems);
  ASSERT_EQ(problems.size(), 1);
  EXPECT_EQ(problems[0].rule, "required");
}

}  // namespace
}  // namespace homeroom::validate
