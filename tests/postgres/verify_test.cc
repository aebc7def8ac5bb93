// Ledger, tables and archive compared.

#include "run/history/verify.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "district.h"

namespace homeroom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kStudents = "Student ID,First Name,Last Name,Birth Date,Grade\n";

class Verify : public testing::Test {
 protected:
  Verify() {
    district.take("sis/a.csv", std::string(kStudents) + "01,Ada,Example,2010-01-01,07\n");
    district.take("sis/att.csv",
                  "Student ID,School ID,Date,Status\n01,010,2025-11-03,A\n"
                  "01,010,2025-11-04,A\n02,010,2025-11-03,A\n");
    second = district
                 .take("sis/b.csv", std::string(kStudents) +
                                        "01,Adele,Example,2010-01-01,07\n"
                                        "02,Bea,Example,2010-01-01,07\n")
                 .run_id;
  }

  std::vector<std::string> found() {
    io::Connection connection = district.warehouse().connect("homeroom_loader");
    std::vector<std::string> texts;
    for (const run::Finding& finding : must(run::verify(connection, district.store())).findings) {
      texts.push_back(finding.check + ": " + finding.what);
    }
    return texts;
  }

  District district;
  std::int64_t second = 0;
};

TEST_F(Verify, FindsNothingWhereEverythingAgrees) {
  EXPECT_THAT(found(), IsEmpty());
  const std::int64_t undo = must(district.undo(second)).undo_run;
  EXPECT_THAT(found(), IsEmpty());
  must(district.undo(undo));
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(Verify, FindsARowThatIsGone) {
  district.warehouse().execute("delete from data.students where student_id = '02'");
  EXPECT_THAT(found(), ElementsAre(HasSubstr("put 2 rows into data.students; data and history have "
                                             "1 of it")));
}

TEST_F(Verify, FindsHistoryThatIsGone) {
  district.warehouse().execute("truncate history.students");
  EXPECT_THAT(found(), testing::Contains(HasSubstr("replaced or removed 1 rows of data.students; "
                                                   "history has 0")));
}

TEST_F(Verify, FindsRowsOfARunThatIsNone) {
  district.warehouse().execute(
      "update data.attendance_daily set _run = 99 where date = '2025-11-04'");
  EXPECT_THAT(found(),
              testing::Contains(HasSubstr("has 1 rows of run 99, which the ledger does not "
                                          "have as loaded")));
}

TEST_F(Verify, FindsASlotAndAWaitingRowThatDoNotFit) {
  district.warehouse().execute(
      "update homeroom.slot set revision = 7 where dataset = 'students'; "
      "update homeroom.run set rows_pending = rows_pending + 1, rows_read = rows_read + 1 "
      "where dataset = 'attendance_daily'");
  EXPECT_THAT(found(),
              ElementsAre(HasSubstr("slots: sis/students says run"), HasSubstr("waiting: run ")));
}

TEST_F(Verify, FindsBytesThatChangedOrAreGone) {
  const auto keys = must(district.store().list("raw/"));
  ASSERT_EQ(keys.size(), 3U);
  std::filesystem::permissions(district.store().root() / keys[0],
                               std::filesystem::perms::owner_all);
  std::ofstream(district.store().root() / keys[0], std::ios::app) << "x";
  std::filesystem::remove(district.store().root() / keys[1]);
  EXPECT_THAT(found(), testing::UnorderedElementsAre(HasSubstr("are not those that were loaded"),
                                                     HasSubstr("are gone")));
}

}  // namespace
}  // namespace homeroom
