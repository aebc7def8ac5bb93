#include "contract/match.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "contract/contract.h"

namespace homeroom::contract {
namespace {

using testing::HasSubstr;

const ContractSet& shipped() {
  static const ContractSet kSet = ContractSet::load("").value();
  return kSet;
}

std::vector<std::string> header_of(std::string_view commas) {
  std::vector<std::string> header;
  for (const std::string_view name : split(commas, ',')) header.emplace_back(name);
  return header;
}

FileName named(std::string_view path) {
  const std::size_t slash = path.find('/');
  return split_file_name(path, slash == std::string_view::npos ? "" : path.substr(0, slash));
}

// Header -> column of the data set, for the headers that have one.
std::map<std::string, std::string> columns_of(const Match& match,
                                              const std::vector<std::string>& header) {
  std::map<std::string, std::string> columns;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const int column = match.columns[i].column;
    if (column >= 0) {
      columns[header[i]] = match.contract->columns[static_cast<std::size_t>(column)].name;
    }
  }
  return columns;
}

struct Case {
  std::string_view dataset;  ///< empty: a table of its own
  std::string_view path;
  std::string_view header;
};

constexpr Case kHeaders[] = {
#include "contract/match_test_headers.inc"
};

TEST(Match, TakesEveryHeaderForTheDataSetThatADataPersonWouldSay) {
  for (const Case& each : kHeaders) {
    const auto match = match_file(shipped(), header_of(each.header), named(each.path));
    EXPECT_EQ(match ? match->contract->name : "", each.dataset)
        << each.header << (match ? "\n" + match->reason : "");
  }
}

TEST(Match, NamesTheColumnsItKnowsAndTheRunnerUp) {
  const auto header = header_of(
      "local_id,login_name,course_number,school_local_id,section_number,term_id,school_year");
  const auto match = match_file(shipped(), header, named("x.csv"));
  ASSERT_TRUE(match);
  EXPECT_EQ(match->contract->name, "staff_sections");
  EXPECT_EQ(match->runner_up, "section_enrollments");
  EXPECT_GT(match->score, match->runner_up_score);
  EXPECT_THAT(match->reason, HasSubstr("7 of 7 columns known (staff_id, login_name, course_id"));
}

TEST(Match, AnAttendanceCodeAloneIsTheStatusAndBesideAStatusItStaysTheCode) {
  const auto alone = header_of("StudentID,Date,Attendance Code");
  auto match = match_file(shipped(), alone, named("attendance.csv"));
  ASSERT_TRUE(match);
  EXPECT_EQ(columns_of(*match, alone).at("Attendance Code"), "status");
  const auto beside = header_of("StudentID,Date,Attendance Code,Attendance Status");
  match = match_file(shipped(), beside, named("attendance.csv"));
  ASSERT_TRUE(match);
  EXPECT_EQ(columns_of(*match, beside).at("Attendance Code"), "code");
  EXPECT_EQ(columns_of(*match, beside).at("Attendance Status"), "status");
}

TEST(Match, TakesTheSurestHeaderAndNeverOneColumnTwice) {
  const auto header =
      header_of("student_id,local_student_id,last_name,first_name,LastName,dob,race,gender,sex");
  const auto match = match_file(shipped(), header, named("students.csv"));
  ASSERT_TRUE(match);
  const auto columns = columns_of(*match, header);
  EXPECT_EQ(columns.at("local_student_id"), "student_id");
  EXPECT_FALSE(columns.contains("student_id"));
  EXPECT_EQ(columns.at("last_name"), "last_name");
  EXPECT_FALSE(columns.contains("LastName"));
  EXPECT_EQ(columns.size(), 6u);
}

TEST(Match, FoldsWhatExportsDoToAHeader) {
  struct Form {
    std::string_view header;
    std::string_view column;
    MatchReason reason;
  };

  constexpr Form kForms[] = {
      {"STUDENTID", "student_id", MatchReason::kName},
      {"'Student_Id'", "student_id", MatchReason::kName},
      {"\xEF\xBB\xBFStudent ID ", "student_id", MatchReason::kName},
      {"STUDENTS.STUDENT_NUMBER", "student_id", MatchReason::kSynonym},
      {"Birth of Date", "birth_date", MatchReason::kAffix},
      {"student_gender_code", "sex", MatchReason::kAffix},
      {"Student Home Language", "home_language", MatchReason::kAffix},
      {"Student Special Education Flag", "special_education", MatchReason::kAffix},
  };
  for (const Form& form : kForms) {
    std::vector<std::string> header = {"last_name", "first_name", "graduation_year",
                                       std::string(form.header)};
    if (form.column != "student_id") header.emplace_back("student_number");
    const auto match = match_file(shipped(), header, named("students.csv"));
    ASSERT_TRUE(match) << form.header;
    const ColumnMatch& found = match->columns[3];
    ASSERT_GE(found.column, 0) << form.header;
    EXPECT_EQ(match->contract->columns[static_cast<std::size_t>(found.column)].name, form.column);
    EXPECT_EQ(found.reason, form.reason) << form.header;
  }
}

TEST(Match, AColumnWithoutValuesIsNoEvidence) {
  const auto header = header_of(
      "id,student_id,school_id,attendance_date,all_day,Period,section_id,attendance_status");
  const std::vector<char> none(header.size(), 0);
  std::vector<char> is_empty = none;
  is_empty[5] = is_empty[6] = 1;
  auto match = match_file(shipped(), header, named("x.csv"), is_empty);
  ASSERT_TRUE(match);
  EXPECT_EQ(match->contract->name, "attendance_daily");
  is_empty = none;
  is_empty[4] = 1;
  match = match_file(shipped(), header, named("x.csv"), is_empty);
  ASSERT_TRUE(match);
  EXPECT_EQ(match->contract->name, "attendance_period");
}

TEST(Match, AWeakSynonymMapsButIsNoEvidence) {
  const auto header = header_of("StudentID,School,Date,Code,Minutes");
  const auto match = match_file(shipped(), header, named("sis/attendance_0911.csv"));
  ASSERT_TRUE(match);
  const auto columns = columns_of(*match, header);
  EXPECT_EQ(columns.at("School"), "school_id");
  EXPECT_EQ(columns.at("Minutes"), "minutes_absent");
  EXPECT_FALSE(match_file(shipped(), header_of("StudentID,School,Minutes"), named("x.csv")));
}

TEST(Match, AnEmptyHeaderFitsNothing) {
  EXPECT_FALSE(match_file(shipped(), std::vector<std::string>{}, named("students.csv")));
  const std::vector<std::string> blanks = {"", " ", ""};
  EXPECT_FALSE(match_file(shipped(), blanks, named("students.csv")));
}

TEST(MatchTo, HoldsTheFileToTheDataSet) {
  const auto header = header_of("Student ID,Day,Date,Mood");
  const auto match = match_to(shipped(), "attendance_daily", header, named("x.csv"));
  ASSERT_TRUE(match) << match.error().message;
  EXPECT_EQ(match->contract->name, "attendance_daily");
  EXPECT_EQ(match->columns.size(), 4u);
  EXPECT_EQ(columns_of(*match, header).at("Date"), "date");
}

TEST(MatchTo, SaysWhichColumnIsMissingAndWhichHeaderIsNear) {
  const auto match =
      match_to(shipped(), "attendance_daily", header_of("Student ID,Datee,Code"), named("x.csv"));
  ASSERT_FALSE(match);
  EXPECT_EQ(match.error().code, ErrorCode::kContract);
  EXPECT_EQ(match.error().message, "The file has no column date, which attendance_daily needs");
  EXPECT_THAT(match.error().hint, HasSubstr("Is it the column \"Datee\"?"));
  const auto nobody =
      match_to(shipped(), "assessment_results", header_of("Scale Score"), named("x.csv"));
  ASSERT_FALSE(nobody);
  EXPECT_THAT(nobody.error().message, HasSubstr("student_id or state_student_id"));
  const auto typo = match_to(shipped(), "atendance_daily", header_of("a"), named("x.csv"));
  ASSERT_FALSE(typo);
  EXPECT_EQ(typo.error().message, "There is no data set atendance_daily");
  EXPECT_EQ(typo.error().hint, "Did you mean attendance_daily?");
}

}  // namespace
}  // namespace homeroom::contract
