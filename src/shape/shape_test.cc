#include "shape/shape.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "contract/contract.h"
#include "contract/match.h"

namespace homeroom::shape {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using From = ColumnOrigin::From;

const contract::ContractSet& shipped() {
  static const contract::ContractSet kSet = contract::ContractSet::load("").value();
  return kSet;
}

std::vector<std::string> words(std::string_view commas) {
  std::vector<std::string> out;
  for (const std::string_view word : split(commas, ',')) out.emplace_back(word);
  return out;
}

FileFacts facts_of(std::string_view path, std::vector<std::string> header) {
  FileFacts facts;
  facts.name = contract::split_file_name(path, "drop");
  facts.header = std::move(header);
  facts.table_name = contract::table_name(facts.name, shipped());
  return facts;
}

/// A file in memory: its plan, and its rows shaped. Cells are given as text; "" is null, "*" is
/// suppressed, "!x" is bad.
class TestFile {
 public:
  TestFile(std::string_view path, std::string_view header, std::string_view dataset = {})
      : facts_(facts_of(path, words(header))) {
    if (!dataset.empty()) {
      match_ = contract::match_to(shipped(), dataset, facts_.header, facts_.name).value();
    }
    plan_ = plan_shape(dataset.empty() ? nullptr : &match_, facts_).value();
    batch_.columns.resize(facts_.header.size());
  }

  void row(std::string_view commas) {
    rows_.push_back(std::make_unique<std::string>(commas));
    const auto cells = split(*rows_.back(), ',');
    for (std::size_t i = 0; i < batch_.columns.size(); ++i) {
      batch_.columns[i].push_back(cell_of(cells[i]));
    }
    batch_.lines.push_back(batch_.lines.size() + 2);
  }

  const ShapedBatch& shape() {
    Shaper(plan_).shape(batch_, shaped_);
    return shaped_;
  }

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const TableColumn& column : plan_.table.columns) out.push_back(column.name);
    return out;
  }

  /// The shaped column as text: "(null)" for null, "(hidden X)", "(bad X)".
  [[nodiscard]] std::vector<std::string> column(std::string_view name) const {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < plan_.table.columns.size(); ++i) {
      if (plan_.table.columns[i].name != name) continue;
      for (RowIndex row = 0; row < shaped_.num_rows; ++row) {
        out.push_back(text_of((*shaped_.columns[i])[row]));
      }
    }
    return out;
  }

  [[nodiscard]] const ShapePlan& plan() const { return plan_; }

 private:
  static Cell cell_of(std::string_view text) {
    Cell cell = value_cell(text);
    if (text.empty()) cell.state = CellState::kNull;
    if (text == "*") cell.state = CellState::kSuppressed;
    if (text.starts_with('!')) cell.state = CellState::kBad;
    return cell;
  }

  static std::string text_of(const Cell& cell) {
    switch (cell.state) {
      case CellState::kNull:
        return "(null)";
      case CellState::kSuppressed:
        return fmt::format("(hidden {})", cell.text());
      case CellState::kBad:
        return fmt::format("(bad {})", cell.text());
      case CellState::kValue:
        break;
    }
    return std::string(cell.text());
  }

  FileFacts facts_;
  contract::Match match_;
  ShapePlan plan_;
  std::vector<std::unique_ptr<std::string>> rows_;
  Batch batch_;
  ShapedBatch shaped_;
};

TEST(PlanShape, OwnTablesKeepTheOrderOfTheFile) {
  TestFile file("bus_routes.csv", "Route,Bus,,Bus");
  EXPECT_THAT(file.names(), ElementsAre("route", "bus", "column_3", "bus_2"));
  EXPECT_EQ(file.plan().table.name, "bus_routes");
  EXPECT_THAT(file.plan().table.key, IsEmpty());
  EXPECT_EQ(file.plan().table.columns[0].comment, "Route");
  EXPECT_THAT(file.plan().contract_columns, ElementsAre(-1, -1, -1, -1));
}

TEST(PlanShape, OwnTablesAreTypedAsInferredAndHoldSuppressedValues) {
  FileFacts facts = facts_of("rates.csv", {"school", "rate", "seen"});
  facts.inferred_types = {SqlType::kText, SqlType::kNumeric, SqlType::kDate};
  facts.has_suppressed = {0, 1, 0};
  const auto plan = plan_shape(nullptr, facts);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->table.columns[1].type, SqlType::kNumeric);
  EXPECT_TRUE(plan->table.columns[1].is_suppressible);
  EXPECT_FALSE(plan->table.columns[2].is_suppressible);
  EXPECT_EQ(plan->table.columns[2].type, SqlType::kDate);
}

TEST(PlanShape, OwnTablesGetTheSchoolYearOfTheName) {
  TestFile file("lunch_2024-25.csv", "School,Meals");
  EXPECT_THAT(file.names(), ElementsAre("school", "meals", "school_year"));
  file.row("010,12");
  file.shape();
  EXPECT_THAT(file.column("school_year"), ElementsAre("2025"));
  EXPECT_THAT(TestFile("lunch_2024-25.csv", "School Year,Meals").names(),
              ElementsAre("school_year", "meals"));
  EXPECT_THAT(TestFile("lunch.csv", "School,Meals").names(), ElementsAre("school", "meals"));
}

TEST(PlanShape, PasswordsAreLeftOut) {
  TestFile own("logins.csv", "User,Password,Room");
  EXPECT_THAT(own.names(), ElementsAre("user", "room"));
  EXPECT_THAT(own.plan().left_out, ElementsAre(1));
  TestFile students("students.csv", "Student ID,Last Name,Password,DOB,Gender", "students");
  EXPECT_THAT(students.names(), Not(Contains(HasSubstr("password"))));
  EXPECT_THAT(students.plan().left_out, ElementsAre(2));
}

TEST(PlanShape, AFileWithoutColumnsIsRefused) {
  const auto plan = plan_shape(nullptr, facts_of("empty.csv", {}));
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(plan.error().message, "The file has no columns");
  EXPECT_THAT(plan.error().hint, HasSubstr("header line"));
}

TEST(PlanShape, MoreColumnsThanATableHoldsLoseNothing) {
  for (const std::size_t width : {300u, 301u, 2000u}) {
    std::vector<std::string> header;
    for (std::size_t i = 0; i < width; ++i) header.push_back(fmt::format("Item {}", i));
    const auto plan = plan_shape(nullptr, facts_of("wide.csv", header));
    ASSERT_TRUE(plan);
    ASSERT_EQ(plan->table.columns.size(), kMaxTableColumns) << width;
    const ColumnOrigin& last = plan->origins.back();
    if (width == 300) {
      EXPECT_EQ(last.from, From::kSource);
      continue;
    }
    EXPECT_EQ(plan->table.columns.back().name, kMoreColumn);
    EXPECT_EQ(plan->table.columns.back().type, SqlType::kJsonb);
    EXPECT_EQ(last.sources.size(), width - (kMaxTableColumns - 1));
    EXPECT_EQ(last.sources.front(), kMaxTableColumns - 1);
    EXPECT_EQ(last.sources.back(), width - 1);
  }
}

TEST(PlanShape, ContractTablesHaveTheContractsColumnsInItsOrderThenTheRest) {
  TestFile file("attendance.csv", "Bus,Date,Student ID,Code,Weather", "attendance_daily");
  EXPECT_THAT(file.names(), ElementsAre("school_year", "student_id", "school_id", "date", "status",
                                        "bus", "weather"));
  EXPECT_THAT(file.plan().table.key, ElementsAre("school_year", "student_id", "school_id", "date"));
  EXPECT_EQ(file.plan().origins[0].from, From::kSchoolYear);
  EXPECT_EQ(file.plan().origins[2].from, From::kNull);  // of the key, but not in the file
  EXPECT_TRUE(file.plan().table.columns[1].is_identifier);
  EXPECT_TRUE(file.plan().table.columns[3].is_required);
  EXPECT_EQ(file.plan().contract_columns[5], -1);
}

TEST(PlanShape, AnExtraColumnNeverTakesTheNameOfAContractsColumn) {
  TestFile file("attendance.csv", "Student ID,Date,Attendance Status,status", "attendance_daily");
  EXPECT_THAT(file.names(),
              ElementsAre("school_year", "student_id", "school_id", "date", "status", "status_2"));
}

TEST(Shaper, DerivesTheSchoolYearFromTheDateThenTheName) {
  TestFile file("attendance_2025-11.csv", "Student ID,Date,Code", "attendance_daily");
  file.row("1,2025-06-30,P");
  file.row("2,2025-07-01,P");
  file.row("3,,P");
  file.row("4,!13/45/2025,P");
  file.shape();
  EXPECT_THAT(file.column("school_year"), ElementsAre("2025", "2026", "2026", "(bad !13/45/2025)"));
  TestFile nameless("x.csv", "Student ID,Date,Code", "attendance_daily");
  nameless.row("3,,P");
  nameless.shape();
  EXPECT_THAT(nameless.column("school_year"), ElementsAre("(null)"));
}

TEST(Shaper, TheUsersSchoolYearWinsOverTheName) {
  FileFacts facts = facts_of("lunch_2024-25.csv", {"meals"});
  facts.school_year = 2030;
  EXPECT_EQ(plan_shape(nullptr, facts)->file_name_school_year, "2030");
}

TEST(Shaper, AnotherColumnStandsInWhereOneHasNoValue) {
  TestFile file("marks.csv", "Student ID,Section ID,School Year,Letter Grade,Percent",
                "course_marks");
  file.row("1,s,2026,B+,88");
  file.row("2,s,2026,,71");
  file.row("3,s,2026,,");
  file.shape();
  EXPECT_THAT(file.column("mark_raw"), ElementsAre("B+", "71", "(null)"));
  EXPECT_THAT(file.column("mark_letter"), ElementsAre("B+", "(null)", "(null)"));
}

TEST(Shaper, DefaultsComeFromTheContractOrTheName) {
  TestFile file("star_math_v1.csv", "Student ID,Percentile,Test Date", "assessment_results");
  file.row("1,70,2015-01-21");
  file.shape();
  EXPECT_THAT(file.column("assessment_id"), ElementsAre("star_math_v1"));
  EXPECT_THAT(file.column("subject"), ElementsAre("math"));
  EXPECT_THAT(file.column("window"), ElementsAre("(null)"));
  EXPECT_THAT(file.column("school_year"), ElementsAre("2015"));
  TestFile gpa("gpa.csv", "Student ID,School Year,GPA", "student_gpa");
  gpa.row("1,2026,3.4");
  gpa.shape();
  EXPECT_THAT(gpa.column("gpa_type"), ElementsAre("cumulative"));
}

TEST(Shaper, MakesAnIdFromTheRowWhereTheFileHasNone) {
  TestFile file("behavior.csv", "Student ID,Event Date,Incident Time,Behavior",
                "discipline_incidents");
  file.row("10,2015-10-01,13:00:00,Hitting");
  file.row("11,2015-10-01,13:00:00,Hitting");
  file.row("10,2015-10-01,13:00:00,Hitting");
  file.row(",,,");
  file.shape();
  const std::vector<std::string> ids = file.column("incident_id");
  EXPECT_EQ(ids[0].size(), 18u);
  EXPECT_TRUE(ids[0].starts_with("h-"));
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_EQ(ids[0], ids[2]);
  EXPECT_EQ(ids[3], "(null)");
  TestFile numbered("behavior.csv", "Incident ID,Student ID,Event Date,Behavior",
                    "discipline_incidents");
  numbered.row(",10,2015-10-01,Hitting");
  numbered.shape();
  EXPECT_THAT(numbered.column("incident_id"), ElementsAre("(null)"));
}

TEST(Shaper, PointsToTheFilesCellsWhereNothingHasToBeMade) {
  TestFile file("bus_routes.csv", "Route,Bus");
  file.row("001,0019");
  file.row("*,");
  const ShapedBatch& shaped = file.shape();
  EXPECT_EQ(shaped.num_rows, 2u);
  EXPECT_EQ(shaped.source_row(1), 1u);
  EXPECT_THAT(shaped.source_rows, IsEmpty());
  EXPECT_THAT(file.column("route"), ElementsAre("001", "(hidden *)"));
  EXPECT_THAT(file.column("bus"), ElementsAre("0019", "(null)"));
  EXPECT_THAT(shaped.made[0], IsEmpty());
}

TEST(Shaper, WideScoresBecomeARowForEachGroupThatHasAValue) {
  TestFile file("growth.csv",
                "Student ID,Season,Math RIT,Math Percentile,Reading RIT,Reading Percentile,Proctor",
                "assessment_results");
  EXPECT_EQ(file.plan().groups.size(), 2u);
  file.row("1,Fall,210,55,198,40,Ms. A");
  file.row("2,Fall,,,201,44,");
  file.row("3,Fall,,,,,Mr. B");
  file.row("4,Fall,*,,,!2O4,");
  const ShapedBatch& shaped = file.shape();
  EXPECT_THAT(shaped.source_rows, ElementsAre(0, 0, 1, 2, 3, 3));
  EXPECT_EQ(shaped.source_row(2), 1u);
  EXPECT_THAT(file.column("student_id"), ElementsAre("1", "1", "2", "3", "4", "4"));
  EXPECT_THAT(file.column("subject"), ElementsAre("math", "ela", "ela", "(null)", "math", "ela"));
  EXPECT_THAT(file.column("window"), ElementsAre("Fall", "Fall", "Fall", "Fall", "Fall", "Fall"));
  EXPECT_THAT(file.column("scale_score"),
              ElementsAre("210", "198", "201", "(null)", "(hidden *)", "(null)"));
  EXPECT_THAT(file.column("percentile"),
              ElementsAre("55", "40", "44", "(null)", "(null)", "(bad !2O4)"));
  EXPECT_THAT(file.column("more_columns"),
              ElementsAre(R"({"Proctor":"Ms. A"})", R"({"Proctor":"Ms. A"})", "(null)",
                          R"({"Proctor":"Mr. B"})", "(null)", "(null)"));
}

TEST(Shaper, RepeatedGroupsBringTheirTestAlong) {
  TestFile file("ap.csv", "Student ID,Exam Code 01,Exam Grade 01,Exam Code 02,Exam Grade 02",
                "assessment_results");
  file.row("1,07,5,93,2");
  file.row("2,07,3,,");
  file.shape();
  EXPECT_THAT(file.column("assessment_id"), ElementsAre("07", "93", "07"));
  EXPECT_THAT(file.column("scale_score"), ElementsAre("5", "2", "3"));
}

TEST(Shaper, ADateOfAGroupWinsOverTheFilesDate) {
  TestFile file("fast.csv",
                "Student ID,Test Date,Fall Math RIT,Fall Math Final Date,Winter Math RIT",
                "assessment_results");
  file.row("1,2025-09-01,210,2025-10-10,215");
  file.shape();
  EXPECT_THAT(file.column("administration_date"), ElementsAre("2025-10-10", "2025-09-01"));
  EXPECT_THAT(file.column("school_year"), ElementsAre("2026", "2026"));
}

TEST(Shaper, EachGroupHasTheSchoolYearOfItsDate) {
  TestFile file("fast_2029-30.csv",
                "Student ID,Fall Math RIT,Fall Math Final Date,Winter Math RIT,Spring Math RIT,"
                "Spring Math Final Date",
                "assessment_results");
  file.row("1,210,2025-10-10,215,220,2027-05-01");
  file.shape();
  EXPECT_THAT(file.column("school_year"), ElementsAre("2026", "2030", "2027"));
}

TEST(Shaper, KeepsTwoThousandColumnsOfAScoreFile) {
  std::string header = "StateID,ELASS,MathSS";
  std::string row = "9,500,600";
  for (int i = 0; i < 2000; ++i) {
    header += fmt::format(",Item {}", i);
    row += fmt::format(",v{}", i);
  }
  TestFile file("ready.csv", header, "assessment_results");
  file.row(row);
  file.shape();
  EXPECT_LE(file.plan().table.columns.size(), kMaxTableColumns);
  const auto more = file.column("more_columns");
  ASSERT_EQ(more.size(), 2u);
  EXPECT_THAT(more[0], HasSubstr(R"("Item 0":"v0")"));
  EXPECT_THAT(more[0], HasSubstr(R"("Item 1999":"v1999")"));
}

TEST(Shaper, CanBeUsedForBatchAfterBatch) {
  TestFile file("growth.csv", "Student ID,Math RIT,Reading RIT", "assessment_results");
  file.row("1,210,198");
  EXPECT_EQ(file.shape().num_rows, 2u);
  file.row("2,211,");
  EXPECT_EQ(file.shape().num_rows, 3u);
  EXPECT_THAT(file.column("scale_score"), ElementsAre("210", "198", "211"));
}

}  // namespace
}  // namespace homeroom::shape
