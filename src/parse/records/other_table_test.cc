// Where a second table begins, as the reader tells it.

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "parse/scan/structural_scan.h"
#include "parse/testing.h"
#include "table/batch.h"

namespace homeroom::parse {
namespace {

struct TableCase {
  std::string_view about;
  std::string_view first;  ///< table
  std::string_view behind;
  LineNumber starts_on = 0;  ///< 0: it does not
};

constexpr std::string_view kScores = "id,name,score\n1,Ana,7\n2,Bo,8\n";
constexpr std::string_view kGrades = "name,art,math\nAna,7,8\nBo,8,9\n";

constexpr TableCase kCases[] = {
    {"words where ids stand", kScores, "\ncode,school,city\n7,Oak,Troy\n", 5},
    {"numbers elsewhere", kScores, "\nteacher,room,city\nAna,12,Troy\n", 5},
    {"a name of the header, in its place", kGrades, "\nname,school,city\nCy,Oak,Troy\n", 5},
    {"in quotes", kScores, "\n\"code\",\"school\",\"city\"\n7,Oak,Troy\n", 5},
    {"more blank lines", kScores, "\n \n\ncode,school,city\n7,Oak,Troy\n", 7},
    {"a title above it", kScores, "\nSchools\ncode,school,city\n7,Oak,Troy\n", 5},
    {"a title above words", kScores, "\nSchools\nOak,open\n", 0},
    {"of another width", kScores, "\nteacher,room\nAna,12\n", 5},
    {"wider", kScores, "\nteacher,room,city,zip\nAna,12,Troy,48083\n", 5},
    {"no blank line", kScores, "code,school,city\n7,Oak,Troy\n", 0},
    {"nothing behind it", kScores, "\ncode,school,city\n", 0},
    {"a row of the table behind it", kGrades, "\nCy,absent,excused\nDi,7,8\n", 0},
    {"a row behind a blank line", kScores, "\n3,Cy,9\n", 0},
    {"the header once more", kScores, "\nid,name,score\n3,Cy,9\n", 0},
    {"names that repeat", kScores, "\nn/a,n/a,absent\n3,Cy,9\n", 0},
    {"a sum", kScores, "\nTotal,,15\n", 0},
    {"two words of remarks", kScores, "\nPrinted,Ana\nChecked,Bo\n", 0},
};

TEST(OtherTable, IsToldByItsHeaderAndTheRowBehindIt) {
  for (const TableCase& tried : kCases) {
    const std::string text = std::string(tried.first) + std::string(tried.behind);
    for (const Kernel kernel : {Kernel::kBest, Kernel::kNone}) {
      for (const std::size_t piece : {std::size_t{1}, std::size_t{SIZE_MAX}}) {
        LineNumber starts_on = 0;
        for (const std::string& line : read_all(text, {}, {}, kernel, piece).log) {
          if (!line.ends_with("another_table")) continue;
          starts_on = std::stoull(line.substr(std::string_view("issue ").size()));
        }
        EXPECT_EQ(starts_on, tried.starts_on) << tried.about;
      }
    }
  }
}

TEST(OtherTable, IsNotRead) {
  const std::string text = std::string(kScores) + "\ncode,school,city\n7,Oak,Troy\n8,Elm,Troy\n";
  const ReadResult read = read_all(text, {});
  EXPECT_EQ(read.rows.size(), 2U);
  EXPECT_EQ(std::vector(read.log.end() - 5, read.log.end()),
            (std::vector<std::string>{"skipped 4 blank", "skipped 5 another table",
                                      "skipped 6 another table", "skipped 7 another table",
                                      "issue 5 field 0 another_table"}));
}

}  // namespace
}  // namespace homeroom::parse
