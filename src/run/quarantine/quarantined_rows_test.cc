#include "run/quarantine/quarantined_rows.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace homeroom::run {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(CorrectedCell, TellsAnEditFromWhatASpreadsheetDoes) {
  struct Case {
    std::string original;
    std::string given;
    std::string sent;
  };

  const Case cases[] = {
      {"A", "A", "A"},
      {"A", "T", "T"},
      {"A", "", ""},
      {"", "010", "010"},
      // Zeros that a spreadsheet takes away are no edit; zeros that a person writes are.
      {"0012345", "12345", "0012345"},
      {"12345", "0012345", "0012345"},
      {"007", "8", "8"},
      {"92.50", "92.5", "92.50"},
      {"92.0", "92", "92.0"},
      {"92.5", "92.50", "92.50"},
      {"100", "1", "1"},
      {"0", "", ""},
      {"1e5", "100000", "100000"},
      // So are forms of dates, rounded numbers, capitals of truth values, blanks.
      {"11/03/2025", "11/3/2025", "11/03/2025"},
      {"03.04.2025", "3.4.2025", "03.04.2025"},
      {"13/45/2025", "11/05/2025", "11/05/2025"},
      {"03.10.2025", "03.1.2025", "03.1.2025"},
      {"123456789012", "1.23457E+11", "123456789012"},
      {"123456789012", "2.23457E+11", "2.23457E+11"},
      {"true", "TRUE", "true"},
      {"x", "X", "X"},
      {" A ", "A", " A "},
      // A quote before a formula is ours; a person's own is not.
      {"=1+1", "'=1+1", "=1+1"},
      {"'=1+1", "''=1+1", "'=1+1"},
      {"A", "'-x", "-x"},
      {"O'Brien", "O'Brian", "O'Brian"},
      {"-5", "-5", "-5"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(corrected_cell(each.original, each.given), each.sent)
        << each.original << " given as " << each.given;
  }
}

TEST(GuardedCell, IsNoFormulaAndComesBackAsItWas) {
  for (const std::string text : {"=1+1", "@x", "+1 555 0100", "-x", "\tx", "'=x", "''@"}) {
    EXPECT_EQ(guarded_cell(text), "'" + text);
    EXPECT_EQ(corrected_cell(text, guarded_cell(text)), text);
  }
  for (const std::string text : {"", "x", "-5", "+3.25", "'x", "O'Brien"}) {
    EXPECT_EQ(guarded_cell(text), text);
  }
}

Issue problem(LineNumber line, const std::string& column, const std::string& rule) {
  Issue issue;
  issue.line = line;
  issue.column = column;
  issue.rule = rule;
  return issue;
}

QuarantinedRows open_rows() {
  return {.header = {"Id", "Date", "Code"},
          .rows = {{.line = 3,
                    .cells = {"01", "13/45/2025", "Q"},
                    .surplus = {},
                    .problems = {problem(3, "date", "date_to_iso"), problem(3, "status", "code")}},
                   {.line = 7,
                    .cells = {"02", "", ""},
                    .surplus = {},
                    .problems = {problem(7, "", "field_count")}}}};
}

TEST(MergeCorrections, TakesTheEditsOfEveryRecordOfALine) {
  const CorrectedFile file{
      .object_name = "a",
      .header = {"Id", "Date", "Code"},
      .rows = {{3, {"1", "11/05/2025", "Q"}}, {3, {"01", "13/45/2025", "A"}}, {9, {"x", "y", "z"}}},
      .sha256 = {}};
  std::vector<Issue> issues;
  const auto rows = merge_corrections(open_rows(), file, issues);
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_THAT(*rows, SizeIs(1));
  EXPECT_EQ((*rows)[0].line, 3);
  EXPECT_THAT((*rows)[0].cells, ElementsAre("01", "11/05/2025", "A"));
  EXPECT_THAT(issues, IsEmpty());
}

TEST(MergeCorrections, PassesOverLinesWhoseRecordsContradictEachOther) {
  const CorrectedFile file{.object_name = "a",
                           .header = {"Id", "Date", "Code"},
                           .rows = {{3, {"01", "11/05/2025", "Q"}}, {3, {"01", "11/06/2025", "Q"}}},
                           .sha256 = {}};
  std::vector<Issue> issues;
  const auto rows = merge_corrections(open_rows(), file, issues);
  ASSERT_TRUE(rows);
  EXPECT_THAT(*rows, IsEmpty());
  ASSERT_THAT(issues, SizeIs(1));
  EXPECT_EQ(issues[0].message, "two records of this line have different corrections in Date");
}

TEST(MergeCorrections, LeavesARowWithShiftedCellsUntilItIsEdited) {
  CorrectedFile file{.object_name = "a",
                     .header = {"Id", "Date", "Code"},
                     .rows = {{7, {"02", "", ""}}},
                     .sha256 = {}};
  std::vector<Issue> issues;
  EXPECT_THAT(*merge_corrections(open_rows(), file, issues), IsEmpty());
  file.rows[0].cells = {"02", "11/05/2025", "A"};
  EXPECT_THAT(*merge_corrections(open_rows(), file, issues), SizeIs(1));
}

TEST(MergeCorrections, FindsColumnsThatWereMovedAndSaysWhichIsMissing) {
  CorrectedFile file{.object_name = "a",
                     .header = {"Code", " Id", "Date"},
                     .rows = {{3, {"A", "01", "11/05/2025"}}},
                     .sha256 = {}};
  std::vector<Issue> issues;
  const auto rows = merge_corrections(open_rows(), file, issues);
  ASSERT_TRUE(rows);
  EXPECT_THAT((*rows)[0].cells, ElementsAre("01", "11/05/2025", "A"));
  file.header[2] = "Day";
  const auto none = merge_corrections(open_rows(), file, issues);
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(none.error().message, "the corrected file has no column Date");
}

TEST(QuarantineHeader, IsKnownByOurColumns) {
  EXPECT_TRUE(is_quarantine_header(
      std::vector<std::string>{"Id", "_line", "_column", "_rule", "_reason", "_suggestion"}));
  EXPECT_FALSE(is_quarantine_header(std::vector<std::string>{"Id", "_line"}));
  EXPECT_FALSE(is_quarantine_header(std::vector<std::string>{}));
}

}  // namespace
}  // namespace homeroom::run
