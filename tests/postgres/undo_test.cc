// Taking runs back, and tables as they stood.

#include "run/history/undo.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/undo.h"
#include "district.h"

namespace homeroom {
namespace {

using run::FileReport;
using run::FileStatus;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string students(const std::vector<std::string>& rows) {
  std::string text = "Student ID,First Name,Last Name,Birth Date,Grade\n";
  for (const std::string& row : rows) text += row + ",Example,2010-01-01,07\n";
  return text;
}

class UndoRun : public testing::Test {
 protected:
  std::int64_t load(const std::string& name, const std::string& text) {
    const FileReport report = district.take(name, text);
    EXPECT_EQ(report.status, FileStatus::kGood) << report.reason;
    return report.run_id;
  }

  run::UndoReport undo(std::int64_t run, bool with_later = false) {
    return must(district.undo(run, with_later));
  }

  std::vector<std::string> table() {
    return district.warehouse().rows(
        "select student_id, first_name, _run, _line from data.students order by 1");
  }

  std::vector<std::string> marks() {
    return district.warehouse().rows(
        "select student_id, status, _run, _line from data.attendance_daily order by 1, 3");
  }

  std::string value(const std::string& sql) { return district.warehouse().value(sql); }

  // What waits is what runs count as waiting.
  void expect_books_balance() {
    EXPECT_THAT(district.warehouse().rows(
                    "select r.run_id from homeroom.run as r where r.rows_pending <> (select "
                    "count(distinct p.line) from homeroom.pending_row as p where p.run_id = "
                    "r.run_id)"),
                IsEmpty());
  }

  District district;
};

TEST_F(UndoRun, BringsBackWhatTheRunReplacedAndTakesItsRowsOut) {
  load("sis/a.csv", students({"01,Ada", "02,Bea"}));
  const auto before = table();
  const std::int64_t second = load("sis/b.csv", students({"02,Bert", "03,Cy"}));
  const run::UndoReport report = undo(second);
  EXPECT_EQ(table(), before);
  ASSERT_EQ(report.tables.size(), 1U);
  EXPECT_EQ(report.tables[0].table, "students");
  EXPECT_EQ(report.tables[0].rows.updated, 1U);
  EXPECT_EQ(report.tables[0].rows.closed, 1U);
  EXPECT_EQ(value("select kind, status, rows_read, rows_updated, rows_closed from homeroom.run "
                  "where run_id = " +
                  std::to_string(report.undo_run)),
            "undo|done|0|1|1");
  EXPECT_EQ(value("select made_by, reason from homeroom.undone_run"), "a test|it was wrong");
  EXPECT_EQ(value("select revision from homeroom.slot"), "1");
}

TEST_F(UndoRun, LetsTheSameBytesInAgain) {
  const std::int64_t first = load("sis/a.csv", students({"01,Ada"}));
  const std::int64_t second = load("sis/b.csv", students({"01,Adele"}));
  undo(second);
  EXPECT_EQ(value("select current_run from homeroom.slot"), std::to_string(first));
  EXPECT_EQ(district.take("sis/a.csv", students({"01,Ada"})).status, FileStatus::kDuplicate);
  const std::int64_t again = load("sis/b.csv", students({"01,Adele"}));
  EXPECT_THAT(table(), ElementsAre("01|Adele|" + std::to_string(again) + "|2"));
  EXPECT_EQ(value("select current_run, revision from homeroom.slot"), std::to_string(again) + "|2");
}

TEST_F(UndoRun, OfTheOnlyRevisionLeavesTheSlotEmpty) {
  const std::int64_t first = load("sis/a.csv", students({"01,Ada"}));
  undo(first);
  EXPECT_THAT(table(), IsEmpty());
  EXPECT_EQ(value("select current_run, revision from homeroom.slot"), "~|0");
  load("sis/a.csv", students({"01,Ada"}));
  EXPECT_EQ(value("select revision from homeroom.slot"), "1");
}

TEST_F(UndoRun, NamesTheRunsThatDependOnItAndChangesNothing) {
  const std::int64_t first = load("sis/a.csv", students({"01,Ada", "02,Bea"}));
  const std::int64_t replaces = load("sis/b.csv", students({"01,Adele"}));
  const auto before = table();
  run::UndoReport report = undo(first);
  EXPECT_EQ(report.undo_run, 0);
  ASSERT_EQ(report.dependents.size(), 1U);
  EXPECT_EQ(report.dependents[0].run_id, replaces);
  EXPECT_THAT(report.dependents[0].path, HasSubstr("sis/b.csv"));
  EXPECT_EQ(table(), before);
  EXPECT_EQ(value("select count(*) from homeroom.run where undone_by is not null"), "0");
}

TEST_F(UndoRun, SeesRowsThatALaterFileHadUnchanged) {
  const std::int64_t first = load("sis/a.csv", students({"01,Ada"}));
  const std::int64_t confirms = load("sis/b.csv", students({"01,Ada", "02,Bea"}));
  const run::UndoReport report = undo(first);
  ASSERT_EQ(report.dependents.size(), 1U);
  EXPECT_EQ(report.dependents[0].run_id, confirms);
}

TEST_F(UndoRun, SeesRowsOfOtherTablesThatNameItsRows) {
  load("sis/a.csv", students({"01,Ada"}));
  const std::int64_t second = load("sis/b.csv", students({"02,Bea"}));
  const std::int64_t names =
      load("sis/att.csv", attendance({"01,010,2025-11-03,A", "02,010,2025-11-03,A"}));
  const run::UndoReport report = undo(second);
  ASSERT_EQ(report.dependents.size(), 1U);
  EXPECT_EQ(report.dependents[0].run_id, names);
  const run::UndoReport with_later = undo(second, true);
  ASSERT_EQ(with_later.undone.size(), 2U);
  EXPECT_EQ(with_later.undone[0].run_id, names);
  EXPECT_EQ(with_later.undone[1].run_id, second);
  EXPECT_THAT(table(), ElementsAre(HasSubstr("01|Ada")));
  EXPECT_THAT(marks(), IsEmpty());
}

TEST_F(UndoRun, TakesLaterRunsBackTooWhenAsked) {
  load("sis/0.csv", students({"01,Ann", "09,Zoe"}));
  const auto before = table();
  const std::int64_t first = load("sis/a.csv", students({"01,Ada", "02,Bea"}));
  load("sis/b.csv", students({"01,Adele"}));
  load("sis/c.csv", students({"01,Amy", "03,Cy"}));
  const run::UndoReport report = undo(first, true);
  EXPECT_EQ(report.undone.size(), 3U);
  EXPECT_EQ(table(), before);
  EXPECT_EQ(value("select revision from homeroom.slot"), "1");
  undo(report.undo_run);
  EXPECT_THAT(table(), ElementsAre(HasSubstr("01|Amy"), HasSubstr("02|Bea"), HasSubstr("03|Cy"),
                                   HasSubstr("09|Zoe")));
  EXPECT_EQ(value("select revision from homeroom.slot"), "4");
}

TEST_F(UndoRun, OfAnUndoMakesTheRunCountAgain) {
  load("sis/a.csv", students({"01,Ada", "02,Bea"}));
  const std::int64_t second = load("sis/b.csv", students({"02,Bert", "03,Cy"}));
  const auto after = table();
  const std::int64_t first_undo = undo(second).undo_run;
  const run::UndoReport redo = undo(first_undo);
  ASSERT_EQ(redo.counts_again.size(), 1U);
  EXPECT_EQ(redo.counts_again[0].run_id, second);
  EXPECT_EQ(table(), after);
  EXPECT_EQ(value("select current_run from homeroom.slot"), std::to_string(second));
  undo(second);
  EXPECT_THAT(table(), ElementsAre(HasSubstr("01|Ada"), HasSubstr("02|Bea")));
}

TEST_F(UndoRun, OfAnUndoIsRefusedWhenItsRowsWereReplacedSince) {
  load("sis/a.csv", students({"02,Bea"}));
  const std::int64_t second = load("sis/b.csv", students({"02,Bert"}));
  const std::int64_t first_undo = undo(second).undo_run;
  const std::int64_t third = load("sis/c.csv", students({"02,Bess"}));
  const run::UndoReport report = undo(first_undo);
  EXPECT_EQ(report.undo_run, 0);
  ASSERT_EQ(report.dependents.size(), 1U);
  EXPECT_EQ(report.dependents[0].run_id, third);
}

TEST_F(UndoRun, OfAnUndoIsRefusedWhenALaterFileHasReplacedTheSlotSince) {
  const std::int64_t first = load("sis/visits_2025-11-03.csv", "Visit,Room\nV1,A\nV2,B\n");
  const std::int64_t undone = undo(first).undo_run;
  const std::int64_t second = load("sis/visits_2025-11-04.csv", "Visit,Room\nV3,C\n");
  const run::UndoReport report = undo(undone);
  EXPECT_EQ(report.undo_run, 0);
  ASSERT_EQ(report.dependents.size(), 1U);
  EXPECT_EQ(report.dependents[0].run_id, second);
  EXPECT_EQ(value("select count(*) from data.visits"), "1");
  undo(second);
  EXPECT_NE(undo(undone).undo_run, 0);
  EXPECT_EQ(value("select count(*) from data.visits"), "2");
}

TEST_F(UndoRun, LetsRowsWaitAgainThatHadWaitedForIt) {
  load("sis/a.csv", students({"01,Ada"}));
  const std::int64_t att =
      load("sis/att.csv", attendance({"01,010,2025-11-03,A", "02,010,2025-11-03,A"}));
  const auto before = marks();
  const std::int64_t second = load("sis/b.csv", students({"02,Bea"}));
  EXPECT_EQ(marks().size(), 2U);
  const run::UndoReport report = undo(second);
  EXPECT_EQ(report.rows_waiting_again, 1U);
  EXPECT_EQ(marks(), before);
  EXPECT_EQ(value("select rows_loaded, rows_pending from homeroom.run where run_id = " +
                  std::to_string(att)),
            "1|1");
  expect_books_balance();
  undo(report.undo_run);
  EXPECT_EQ(marks().size(), 2U);
  expect_books_balance();
  // The student comes with another file.
  undo(second);
  load("sis/c.csv", students({"02,Bert"}));
  EXPECT_EQ(marks().size(), 2U);
  expect_books_balance();
}

TEST_F(UndoRun, EndsTheWaitingOfItsOwnRows) {
  load("sis/a.csv", students({"01,Ada"}));
  const std::int64_t att =
      load("sis/att.csv", attendance({"01,010,2025-11-03,A", "02,010,2025-11-03,A"}));
  const std::int64_t first_undo = undo(att).undo_run;
  EXPECT_EQ(
      value("select rows_loaded, rows_pending, rows_skipped from homeroom.run where run_id = " +
            std::to_string(att)),
      "1|0|1");
  load("sis/b.csv", students({"02,Bea"}));
  EXPECT_THAT(marks(), IsEmpty());
  expect_books_balance();
  undo(first_undo);
  expect_books_balance();
}

TEST_F(UndoRun, SaysWhyARunCannotBeUndone) {
  const std::int64_t first = load("sis/a.csv", students({"01,Ada"}));
  const auto missing = district.undo(999);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(missing.error().message, "run 999 cannot be undone: there is no such run");
  const std::int64_t undo_run = undo(first).undo_run;
  const auto twice = district.undo(first);
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().message, "run " + std::to_string(first) + " cannot be undone: run " +
                                       std::to_string(undo_run) + " has taken it back already");
  const FileReport refused = district.take("sis/x.csv", "\x89PNG\r\n\x1a\n\x01\x02\x03\x04IHDR");
  ASSERT_EQ(refused.status, FileStatus::kRefused);
  const auto nothing = district.undo(refused.run_id);
  ASSERT_FALSE(nothing);
  EXPECT_THAT(nothing.error().message, HasSubstr("nothing of it is in a table"));
}

TEST_F(UndoRun, LeavesColumnsThatTheRunBroughtAndSaysSo) {
  load("sis/a.csv", students({"01,Ada"}));
  std::string text =
      "Student ID,First Name,Last Name,Birth Date,Grade,Bus "
      "Stop\n02,Bea,Example,2010-01-01,07,Elm\n";
  const std::int64_t second = load("sis/b.csv", text);
  const run::UndoReport report = undo(second);
  EXPECT_THAT(report.changes_that_stay, ElementsAre(HasSubstr("add column bus_stop")));
  EXPECT_EQ(table().size(), 1U);
}

TEST(MayOverlap, ComparesScopesPartByPart) {
  using catalog::may_overlap;
  EXPECT_TRUE(may_overlap("", "school_id=010"));
  EXPECT_TRUE(may_overlap("school_id=010", "school_id=010"));
  EXPECT_FALSE(may_overlap("school_id=010", "school_id=020"));
  EXPECT_TRUE(may_overlap("school_id=*", "school_id=020"));
  EXPECT_TRUE(
      may_overlap("date=2025-11-03..2025-11-07|school_id=010", "school_id=010|date=2025-11-05"));
  EXPECT_FALSE(
      may_overlap("date=2025-11-03..2025-11-07|school_id=010", "school_id=010|date=2025-11-10"));
}

// What each step left is what is read back later, whatever came after it.
TEST_F(UndoRun, LeavesEveryStepReadableAsItStood) {
  std::vector<std::vector<std::string>> stood;
  std::vector<std::string> moments;
  const auto note = [&] {
    stood.push_back(table());
    moments.push_back(
        value("select max(made_at) from homeroom.table_version where table_name = 'students'"));
  };
  load("sis/a.csv", students({"01,Ada", "02,Bea"}));
  note();
  const std::int64_t second = load("sis/b.csv", students({"02,Bert", "03,Cy"}));
  note();
  const std::int64_t first_undo = undo(second).undo_run;
  note();
  undo(first_undo);
  note();
  load("sis/c.csv", students({"02,Bess"}));
  note();
  for (std::size_t i = 0; i < moments.size(); ++i) {
    EXPECT_EQ(district.warehouse().rows(
                  "select student_id, first_name, _run, _line from as_of.students('" + moments[i] +
                  "') order by 1"),
              stood[i])
        << i;
  }
  EXPECT_EQ(value("select count(*) from as_of.students('2000-01-01')"), "0");
  EXPECT_EQ(value("select count(*) from as_of.students()"), "3");
}

TEST_F(UndoRun, AnswersFromAnIndexAsOf) {
  load("sis/a.csv", students({"01,Ada"}));
  const auto plan = district.warehouse().rows(
      "set enable_seqscan = off; explain select * from as_of.students(now()) where student_id = "
      "'01'");
  EXPECT_THAT(plan, testing::Contains(HasSubstr("Index Scan using students__key")));
  EXPECT_THAT(plan, testing::Contains(HasSubstr("students_student_id_idx")));
}

}  // namespace
}  // namespace homeroom
