// Files that are all there is of their scope: what they lack is closed, and nothing else.

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "district.h"

namespace homeroom {
namespace {

using run::FileReport;
using run::FileStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kSnapshots = R"(apiVersion: v3.1.0
kind: DataContract
id: lincoln.enrollments
version: 1.0.0
status: active
schema:
  - name: enrollments
    customProperties:
      - {property: homeroom.writeMode, value: snapshot}
)";

// "001 010" enrolled at school 010.
std::string enrollments(const std::vector<std::string>& rows) {
  std::string text = "Student ID,School ID,School Year,Entry Date,Exit Date,Grade\n";
  for (const std::string& row : rows) {
    text += fmt::format("{},{},2026,2025-08-20,,07\n", row.substr(0, 3), row.substr(4));
  }
  return text;
}

std::vector<std::string> many(int num_students, const std::string& school) {
  std::vector<std::string> rows;
  for (int i = 0; i < num_students; ++i) rows.push_back(fmt::format("{:03} {}", i, school));
  return rows;
}

class Snapshots : public testing::Test {
 protected:
  Snapshots() : district(kSnapshots) {}

  FileReport load(const std::string& name, const std::string& text) {
    FileReport report = district.take(name, text);
    EXPECT_EQ(report.status, FileStatus::kGood) << report.reason;
    return report;
  }

  std::vector<std::string> table() {
    return district.warehouse().rows(
        "select student_id || ' ' || school_id from data.enrollments order by 1");
  }

  District district;
};

TEST_F(Snapshots, CloseWhatTheFileLacksAndKeepItInHistory) {
  load("sis/a.csv", enrollments({"001 010", "002 010", "003 010"}));
  const FileReport second = load("sis/b.csv", enrollments({"001 010", "004 010"}));
  EXPECT_THAT(table(), ElementsAre("001 010", "004 010"));
  EXPECT_EQ(second.table_rows.closed, 2U);
  EXPECT_EQ(district.warehouse().value(
                "select count(*) from history.enrollments where _superseded_by = " +
                std::to_string(second.run_id)),
            "2");
  must(district.undo(second.run_id));
  EXPECT_THAT(table(), ElementsAre("001 010", "002 010", "003 010"));
}

TEST_F(Snapshots, ThatALaterOneOfTheirSchoolFollowsAreNotTakenBackAlone) {
  load("sis/a.csv", enrollments({"001 010", "002 010"}));
  const FileReport second = load("sis/b.csv", enrollments({"001 010"}));  // closes 002
  load("sis/c.csv", enrollments({"005 020"}));
  const FileReport third = load("sis/d.csv", enrollments({"003 010"}));  // says nothing of 002
  const run::UndoReport refused = must(district.undo(second.run_id));
  EXPECT_EQ(refused.undo_run, 0);
  ASSERT_EQ(refused.dependents.size(), 1U);
  EXPECT_EQ(refused.dependents[0].run_id, third.run_id);
  must(district.undo(second.run_id, true));
  EXPECT_THAT(table(), ElementsAre("001 010", "002 010", "005 020"));
}

TEST_F(Snapshots, OfOneSchoolLeaveTheOthersAlone) {
  load("sis/a.csv", enrollments({"001 010", "002 010"}));
  load("sis/b.csv", enrollments({"003 020", "004 020"}));
  load("sis/c.csv", enrollments({"001 010"}));
  load("sis/d.csv", enrollments({"003 020"}));
  EXPECT_THAT(table(), ElementsAre("001 010", "003 020"));
}

TEST_F(Snapshots, OfSeveralSchoolsCloseInEachOfThem) {
  load("sis/a.csv", enrollments({"001 010", "002 010", "003 020", "004 020", "005 030"}));
  load("sis/b.csv", enrollments({"001 010", "003 020"}));
  EXPECT_THAT(table(), ElementsAre("001 010", "003 020", "005 030"));
}

TEST_F(Snapshots, FollowATransferInEitherOrder) {
  load("sis/a.csv", enrollments({"001 010", "002 010"}));
  load("sis/b.csv", enrollments({"003 020"}));
  load("sis/b2.csv", enrollments({"002 020", "003 020"}));  // the new school is first
  load("sis/a2.csv", enrollments({"001 010"}));
  EXPECT_THAT(table(), ElementsAre("001 010", "002 020", "003 020"));
  load("sis/b3.csv", enrollments({"003 020"}));  // and back: the old school is first
  EXPECT_THAT(table(), ElementsAre("001 010", "003 020"));
  load("sis/a3.csv", enrollments({"001 010", "002 010"}));
  EXPECT_THAT(table(), ElementsAre("001 010", "002 010", "003 020"));
}

TEST_F(Snapshots, OfOneSourceLeaveRowsOfAnotherAlone) {
  load("sis/a.csv", enrollments({"001 010", "002 010"}));
  load("lms/a.csv", enrollments({"009 010"}));
  EXPECT_THAT(table(), ElementsAre("001 010", "002 010", "009 010"));
}

TEST_F(Snapshots, KeepTheRowOfAQuarantinedLine) {
  load("sis/a.csv", enrollments({"001 010", "002 010", "003 010"}));
  std::string text = enrollments({"001 010"});
  text += "002,010,2026,2025-08-20,2025-33-01,07\n";  // no such month
  const FileReport report = load("sis/b.csv", text);
  EXPECT_EQ(report.rows.quarantined, 1U);
  EXPECT_THAT(table(), ElementsAre("001 010", "002 010"));
}

TEST_F(Snapshots, CloseNothingWhereAQuarantinedLineDoesNotSayWhoItIs) {
  load("sis/a.csv", enrollments({"001 010", "002 010", "003 010"}));
  std::string text = enrollments({"001 010"});
  text += ",010,2026,2025-08-20,,07\n";
  const FileReport report = load("sis/b.csv", text);
  EXPECT_EQ(report.rows.quarantined, 1U);
  EXPECT_THAT(table(), ElementsAre("001 010", "002 010", "003 010"));
  EXPECT_THAT(report.issues, testing::Contains(testing::Field(
                                 &Issue::message, HasSubstr("nothing that this file lacks"))));
}

TEST_F(Snapshots, HoldHalfAFile) {
  load("sis/a.csv", enrollments(many(40, "010")));
  const FileReport half = district.take("sis/b.csv", enrollments(many(20, "010")));
  EXPECT_EQ(half.status, FileStatus::kHeld);
  EXPECT_THAT(half.reason, HasSubstr("the file lacks 20 of the 40 rows that stand for "
                                     "school_year=2026, school_id=010"));
  EXPECT_EQ(table().size(), 40U);
  load("sis/c.csv", enrollments(many(35, "010")));
  EXPECT_EQ(table().size(), 35U);
}

TEST_F(Snapshots, HoldAFileOfWhichOneSchoolIsHalf) {
  std::vector<std::string> both = many(40, "010");
  for (const std::string& row : many(100, "020")) both.push_back(row);
  load("sis/a.csv", enrollments(both));
  std::vector<std::string> torn = many(5, "010");
  for (const std::string& row : many(100, "020")) torn.push_back(row);
  EXPECT_EQ(district.take("sis/b.csv", enrollments(torn)).status, FileStatus::kHeld);
}

TEST_F(Snapshots, WithoutRowsCloseNothing) {
  load("sis/a.csv", enrollments({"001 010", "002 010"}));
  district.take("sis/b.csv", enrollments({}));
  EXPECT_EQ(table().size(), 2U);
}

TEST_F(Snapshots, EndTheWaitingOfRowsThatTheyLack) {
  load("sis/students.csv",
       "Student ID,First Name,Last Name,Birth Date,Grade\n001,Ada,Example,2010-01-01,07\n"
       "002,Bea,Example,2010-01-01,07\n");
  load("sis/a.csv", enrollments({"001 010", "009 010"}));
  EXPECT_EQ(district.warehouse().value("select count(*) from homeroom.pending_row"), "1");
  load("sis/b.csv", enrollments({"001 010", "002 010"}));
  EXPECT_EQ(district.warehouse().value("select count(*) from homeroom.pending_row"), "0");
  EXPECT_THAT(district.warehouse().rows(
                  "select run_id from homeroom.run where status = 'loaded' and rows_pending > 0"),
              IsEmpty());
}

}  // namespace
}  // namespace homeroom
