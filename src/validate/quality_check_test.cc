#include "validate/quality_check.h"

#include <algorithm>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "contract/contract.h"
#include "validate/file_checks.h"

namespace homeroom::validate {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

// "sex:sex" is of the list of codes sex, open; "-room:text" stands elsewhere in the header.
struct ColumnWords {
  std::string name;
  std::string kind;
  bool is_moved = false;
};

std::vector<ColumnWords> columns_of(const QualityExample& example) {
  std::vector<ColumnWords> columns;
  for (std::string_view words : split(example.columns, ' ')) {
    const bool is_moved = words.starts_with('-');
    if (is_moved) words.remove_prefix(1);
    const auto parts = split(words, ':');
    columns.push_back(
        {.name = std::string(parts[0]), .kind = std::string(parts[1]), .is_moved = is_moved});
  }
  return columns;
}

std::string contract_text(const QualityExample& example) {
  const std::map<std::string, std::string> logical = {
      {"integer", "integer"}, {"school_year", "integer"}, {"decimal", "number"}, {"date", "date"}};
  std::string text =
      "apiVersion: v3.1.0\nkind: DataContract\nid: x.clubs\nversion: 1.0.0\nstatus: active\n"
      "schema:\n  - name: clubs\n";
  if (example.is_of_dataset) {
    text += "    quality:\n      - " + std::string(example.yaml) + "\n";
  }
  text += "    properties:\n";
  bool is_first = true;
  for (const ColumnWords& column : columns_of(example)) {
    const auto type = logical.find(column.kind);
    const bool has_codes = column.kind == "sex";
    text += "      - name: " + column.name +
            "\n        logicalType: " + (type == logical.end() ? "string" : type->second) +
            "\n        customProperties:\n" +
            "          - {property: homeroom.kind, value: " + (has_codes ? "text" : column.kind) +
            "}\n";
    if (has_codes) text += "          - {property: homeroom.enumeration, value: sex}\n";
    if (is_first && !example.is_of_dataset) {
      text += "        quality:\n          - " + std::string(example.yaml) + "\n";
    }
    is_first = false;
  }
  return text;
}

Result<contract::ContractSet> load(const QualityExample& example) {
  const std::string text = contract_text(example);
  const std::vector<EmbeddedFile> files = {
      {"enumerations.yaml", "sex:\n  values:\n    - {code: F}\n    - {code: M}\n"},
      {"clubs.odcs.yaml", text}};
  return contract::ContractSet::from_files(files);
}

Cell cell_of(std::string_view text) {
  Cell cell = value_cell(trim(text));
  if (cell.size == 0) cell.state = CellState::kNull;
  if (cell.text() == "*") cell.state = CellState::kSuppressed;
  return cell;
}

// The example's contract, its table and rows; row 0 is line 2.
class ExampleFile {
 public:
  explicit ExampleFile(const QualityExample& example) : example_(&example) {
    auto set = load(example);
    if (!set) {
      ADD_FAILURE() << set.error().message;
      return;
    }
    set_.emplace(std::move(*set));
    for (const contract::Column& column : contract().columns) {
      schema_.columns.push_back({.name = column.name, .type = column.sql_type(), .comment = ""});
      contract_columns_.push_back(static_cast<int>(contract_columns_.size()));
    }
    cells_ = cells_of(example_->rows);
    num_rows_ = cells_.front().size();
  }

  [[nodiscard]] const contract::Contract& contract() const { return *set_->find("clubs"); }

  [[nodiscard]] CheckFacts facts() const {
    CheckFacts facts{.file_name = std::string(example_->file_name),
                     .header = {},
                     .header_columns = {},
                     .is_absent = {},
                     .today = CivilDate{.year = 2025, .month = 11, .day = 27},
                     .scratch = testing::TempDir()};
    int index = 0;
    for (const ColumnWords& column : columns_of(*example_)) {
      const auto at = column.is_moved ? 0 : static_cast<std::ptrdiff_t>(facts.header.size());
      facts.header.insert(facts.header.begin() + at, column.name);
      facts.header_columns.insert(facts.header_columns.begin() + at, index++);
    }
    return facts;
  }

  // What is said of rows [begin, end) in batches of `step`.
  [[nodiscard]] std::string says(std::size_t step, const CheckFacts& facts,
                                 const std::vector<std::uint8_t>& left_out = {}) const {
    const auto written =
        cells_of(example_->file_rows.empty() ? example_->rows : example_->file_rows);
    std::size_t first = 0;
    const FileCell file_cell = [&](std::uint32_t column, RowIndex row) {
      return &written[column][first + row];
    };
    auto rows = RowValidator::create(schema_, &contract(), contract_columns_, &facts);
    auto file = FileChecks::create(schema_, &contract(), contract_columns_, facts);
    if (!rows || !file) return rows ? file.error().message : rows.error().message;
    std::vector<std::string> said;
    std::vector<RowProblem> problems;
    for (std::size_t begin = 0; begin < num_rows_; begin += step) {
      const std::size_t end = std::min(begin + step, num_rows_);
      first = begin;
      std::vector<std::vector<Cell>> columns;
      std::vector<const std::vector<Cell>*> views;
      std::vector<LineNumber> lines;
      for (const auto& cells : cells_) {
        columns.emplace_back(cells.begin() + static_cast<std::ptrdiff_t>(begin),
                             cells.begin() + static_cast<std::ptrdiff_t>(end));
      }
      for (const auto& column : columns) views.push_back(&column);
      for (std::size_t row = begin; row < end; ++row) lines.push_back(row + 2);
      rows->check(views, static_cast<RowIndex>(end - begin), problems, {}, &file_cell);
      for (const RowProblem& problem : problems) {
        said.push_back(line_words(problem.row + begin + 2, problem.column, problem.reason));
      }
      CheckedRows checked{.columns = views, .num_rows = static_cast<RowIndex>(end - begin)};
      checked.file_cell = &file_cell;
      if (!left_out.empty()) checked.left_out = std::span(left_out).subspan(begin, end - begin);
      EXPECT_TRUE(file->observe(checked, lines).has_value());
    }
    const auto verdict = file->finish({.num_rows = num_rows_, .footers = footers()});
    if (!verdict) return verdict.error().message;
    for (const LineProblem& problem : verdict->lines) {
      said.push_back(line_words(problem.line, problem.column, problem.reason));
    }
    for (const FileFinding& finding : verdict->findings) {
      std::string words = std::string(to_string(finding.severity)) + ": " + finding.message;
      if (finding.line != 0) words += ", first at line " + std::to_string(finding.line);
      said.push_back(std::move(words));
    }
    return join(said, "; ");
  }

  [[nodiscard]] std::size_t num_rows() const { return num_rows_; }

 private:
  [[nodiscard]] std::vector<FooterRow> footers() const {
    if (example_->footer.empty()) return {};
    FooterRow footer{.line = num_rows_ + 2, .texts = {}};
    for (const std::string_view text : split(example_->footer, '|'))
      footer.texts.emplace_back(text);
    if (footer.texts[0] == "Total records: 3") footer.num_rows = 3;
    return {footer};
  }

  // By column, of rows between " / ".
  [[nodiscard]] std::vector<std::vector<Cell>> cells_of(std::string_view rest) const {
    std::vector<std::vector<Cell>> cells(schema_.columns.size());
    while (true) {
      const std::size_t end = rest.find(" / ");
      std::string_view row = rest.substr(0, end);
      if (row.ends_with(" /")) row.remove_suffix(2);
      const auto texts = split(row, '|');
      for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i].push_back(cell_of(i < texts.size() ? texts[i] : ""));
      }
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 3);
    }
    return cells;
  }

  [[nodiscard]] std::string line_words(LineNumber line, std::uint32_t column,
                                       std::string_view reason) const {
    std::string words = "line " + std::to_string(line);
    if (column != kWholeRow) words += ", " + schema_.columns[column].name;
    return words + ": " + std::string(reason);
  }

  const QualityExample* example_;
  std::optional<contract::ContractSet> set_;
  TableSchema schema_;
  std::vector<int> contract_columns_;
  std::vector<std::vector<Cell>> cells_;
  std::size_t num_rows_ = 0;
};

class EveryQualityCheck : public testing::TestWithParam<const QualityCheck*> {};

// Those of the others are in tests/e2e/test_table_checks.py.
std::vector<const QualityCheck*> checks_of_files() {
  std::vector<const QualityCheck*> checks;
  for (const QualityCheck* check : all_quality_checks()) {
    if (!check->is_of_load) checks.push_back(check);
  }
  return checks;
}

TEST_P(EveryQualityCheck, SaysWhatItsExamplesSayHoweverTheRowsComeInBatches) {
  for (const QualityExample& example : GetParam()->examples) {
    SCOPED_TRACE(example.yaml);
    const ExampleFile file(example);
    for (const std::size_t step : {std::size_t{1}, std::size_t{2}, file.num_rows()}) {
      EXPECT_EQ(file.says(step, file.facts()), example.says) << step;
    }
    EXPECT_TRUE(check_quality(file.contract()).has_value());
  }
}

TEST_P(EveryQualityCheck, CountsNoRowsThatAreLeftOut) {
  constexpr std::string_view kOfRowsOrHeader[] = {"file_name",    "file_columns",    "row_count",
                                                  "stated_rows",  "distinct_values", "statistic",
                                                  "control_total"};
  if (std::ranges::find(kOfRowsOrHeader, GetParam()->name) != std::end(kOfRowsOrHeader)) return;
  for (const QualityExample& example : GetParam()->examples) {
    SCOPED_TRACE(example.yaml);
    const ExampleFile file(example);
    if (is_of_rows(file.contract().quality[0])) continue;
    const std::vector<std::uint8_t> left_out(file.num_rows(), 1);
    EXPECT_EQ(file.says(file.num_rows(), file.facts(), left_out), "");
  }
}

TEST_P(EveryQualityCheck, PassesWhereTheFileLacksItsColumns) {
  for (const QualityExample& example : GetParam()->examples) {
    SCOPED_TRACE(example.yaml);
    const bool is_of_the_file =
        GetParam()->name == "file_name" || GetParam()->name == "file_columns" ||
        GetParam()->name == "row_count" || GetParam()->name == "stated_rows";
    if (is_of_the_file || GetParam()->name == "hidden_numbers") continue;
    const ExampleFile file(example);
    CheckFacts facts = file.facts();
    facts.is_absent.assign(file.contract().columns.size(), 1);
    EXPECT_EQ(file.says(file.num_rows(), facts), "");
  }
}

TEST_P(EveryQualityCheck, SaysInOneSentenceWhatItDoesAndShowsIt) {
  const QualityCheck& check = *GetParam();
  ASSERT_FALSE(check.summary.empty());
  EXPECT_TRUE(check.summary.front() >= 'A' && check.summary.front() <= 'Z') << check.summary;
  EXPECT_FALSE(check.summary.ends_with('.')) << check.summary;
  const auto is_pass = [](const QualityExample& example) { return example.says.empty(); };
  EXPECT_FALSE(std::ranges::all_of(check.examples, is_pass));
}

TEST_P(EveryQualityCheck, NamesFileAndLineOfAnArgumentItDoesNotKnow) {
  QualityExample example = GetParam()->examples.front();
  std::string yaml(example.yaml);
  if (yaml.ends_with("}}")) {
    yaml.insert(yaml.size() - 2, ", colour: red");
  } else {
    yaml.insert(yaml.size() - 1, ", arguments: {colour: red}");
  }
  example.yaml = yaml;
  const ExampleFile file(example);
  const Status status = check_quality(file.contract());
  ASSERT_FALSE(status.has_value()) << yaml;
  EXPECT_THAT(status.error().message,
              AllOf(HasSubstr("it has no argument colour"), StartsWith("clubs.odcs.yaml, line ")));
}

INSTANTIATE_TEST_SUITE_P(All, EveryQualityCheck, testing::ValuesIn(checks_of_files()),
                         [](const auto& check) { return std::string(check.param->name); });

TEST(Quality, SaysWhatIsWrongWithACheckByFileAndLine) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"{check: row_condtion}", "there is no such check"},
      {"{check: row_condition}", "it has no condition"},
      {"{check: row_condition, condition: 'a ='}",
       "a column, number or 'text' is missing at the end"},
      {"{check: row_condition, condition: b = 1}", "it names b, which is no column"},
      {"{check: row_condition, condition: \"a = 'x'\"}", "it compares a number with a text"},
      {"{check: row_condition, condition: \"day > '9/1/2025'\"}", "'9/1/2025' is not a day"},
      {"{check: row_condition, condition: day + 1 = 2}", "day is not a number to add"},
      {"{check: row_condition, condition: a + 1 is null}", "only a column can be null"},
      {"{check: completeness, mustBe: 3}", "completeness is a share"},
      {"{check: statistic, of: mean}", "it does not say what the figure must be"},
      {"{check: statistic, of: median, mustBe: 1}", "it does not say of what"},
      {"{check: statistic, of: mean, column: day, mustBe: 1}", "only numbers have such a figure"},
      {"{check: sequence, weekends: maybe}", "weekends is neither true nor false"},
      {"{check: determines, columns: [c]}", "it names c, which is no column"},
      {"{check: determines}", "it names no columns"},
      {"{check: file_name}", "it has no pattern"},
      {"{check: file_name, pattern: '('}", "its pattern is no regular expression"},
      {"{check: date_format, column: day}", "it has no format"},
      {"{check: date_format, column: day, format: DD/MM/YYYY}", "its format is none"},
      {"{check: date_format, column: a, format: MM/dd/yyyy}", "the column holds no dates"},
      {"{check: file_columns}", "it says nothing about the columns"},
      {"{check: file_columns, names: '['}", "its pattern is no regular expression"},
      {"{check: control_total, column: day}", "only numbers add up"},
      {"{check: control_total, field: last}", "field is not the position of a field"},
      {"{check: control_total, optional: perhaps}", "optional is neither true nor false"},
      {"{check: near_duplicates}", "it names no columns"},
      {"{check: near_duplicates, columns: [day]}", "it names no column of text"},
      {"{check: near_duplicates, columns: [day], letters: 2}", "letters is neither 0 nor 1"},
      {"{check: in_school_year, starts: july}", "starts is not a day of the year"},
      {"{check: unknown_codes}", "the column has no list of codes"},
      {"{check: not_in_future, days: soon}", "days is not a number"},
  };
  for (const auto& [implementation, message] : cases) {
    const std::string yaml =
        "{type: custom, engine: homeroom, implementation: " + std::string(implementation) + "}";
    const QualityExample example{
        .yaml = yaml, .columns = "a:integer day:date", .rows = "1|2025-11-03", .says = ""};
    const ExampleFile file(example);
    const Status status = check_quality(file.contract());
    ASSERT_FALSE(status.has_value()) << implementation;
    EXPECT_EQ(status.error().code, ErrorCode::kConfig);
    EXPECT_THAT(status.error().message, HasSubstr(message));
    EXPECT_THAT(status.error().message, StartsWith("clubs.odcs.yaml, line "));
    EXPECT_FALSE(status.error().hint.empty());
  }
}

TEST(Quality, ConditionsAreUnknownWhereAValueIsAsInSql) {
  const auto says = [](std::string_view condition, std::string_view row) {
    const std::string yaml =
        "{type: custom, engine: homeroom, implementation: {check: row_condition, condition: \"" +
        std::string(condition) + "\"}}";
    const QualityExample example{
        .yaml = yaml, .columns = "a:decimal b:decimal t:text", .rows = row, .says = ""};
    const ExampleFile file(example);
    return file.says(1, file.facts()).empty();
  };
  EXPECT_TRUE(says("a = 1", ""));
  EXPECT_TRUE(says("not a = 1", ""));
  EXPECT_TRUE(says("a = 1 or b = 2", "3|"));
  EXPECT_FALSE(says("a = 1 and b = 2", "3|"));
  EXPECT_TRUE(says("a = 1", "*"));
  EXPECT_FALSE(says("a is null", "*"));
  EXPECT_FALSE(says("a is not null", ""));
  EXPECT_TRUE(says("a in (1, 2.0)", "2"));
  EXPECT_FALSE(says("a in (1, 2.0)", "3"));
  EXPECT_TRUE(says("a in (1, b)", "3|"));
  EXPECT_TRUE(says("a not in (1, 2)", "3"));
  EXPECT_TRUE(says("a + b = 0.3", "0.1|0.2"));
  EXPECT_TRUE(says("-a < 0", "5"));
  EXPECT_TRUE(says("a = 10.0", "10"));
  EXPECT_TRUE(says("t < 'b'", "||a"));
  EXPECT_FALSE(says("t = 'A'", "||a"));
}

}  // namespace
}  // namespace homeroom::validate
