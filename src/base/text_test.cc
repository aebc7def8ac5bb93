#include "base/text.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace homeroom {
namespace {

TEST(FoldName, MakesOneKeyOfTheSpellingsOfAHeader) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"StudentUniqueId", "student_unique_id"},
      {"ATT_DATE", "att_date"},
      {"'ATT_DATE'", "att_date"},
      {"SIS ID", "sis_id"},
      {"% Chronically Absent ", "chronically_absent"},
      {"\xEF\xBB\xBFstudent_id", "student_id"},
      {"Lexile\xC2\xAE Measure", "lexile_measure"},
      {"Note finale \xC3\xA9l\xC3\xA8ve", "note_finale_eleve"},
      {"DOB", "dob"},
      {"SchoolDBNumber", "school_db_number"},
      {"  ", ""},
      {"K / FALL / LNF", "k_fall_lnf"},
  };
  for (const auto& [header, key] : table) EXPECT_EQ(fold_name(header), key) << header;
}

TEST(EditDistance, CountsASwapAsOneAndStopsAtTheLimit) {
  EXPECT_EQ(edit_distance("tardy", "tardy"), 0);
  EXPECT_EQ(edit_distance("tadry", "tardy"), 1);
  EXPECT_EQ(edit_distance("eligibile", "eligible"), 1);
  EXPECT_EQ(edit_distance("abc", "wxyz", 2), 3);
  EXPECT_EQ(edit_distance("a", "abcdefg", 2), 3);
}

TEST(Nearest, NamesNothingWhenNothingIsNear) {
  const std::vector<std::string> commands = {"run", "check", "status"};
  EXPECT_EQ(nearest("chek", commands), "check");
  EXPECT_EQ(nearest("statsu", commands), "status");
  EXPECT_EQ(nearest("explode", commands), "");
}

TEST(WithThousands, SetsAMarkEveryThreeDigits) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(198660), "198,660");
  EXPECT_EQ(with_thousands(1000000), "1,000,000");
}

TEST(Counted, SaysOneAndMany) {
  EXPECT_EQ(counted(0, "row"), "0 rows");
  EXPECT_EQ(counted(1, "row"), "1 row");
  EXPECT_EQ(counted(1204, "row"), "1,204 rows");
}

TEST(CountCharacters, CountsWhatPeopleSee) {
  EXPECT_EQ(count_characters(""), 0U);
  EXPECT_EQ(count_characters("Zo\u00EB \u2013 1"), 7U);
}

TEST(Split, KeepsEmptyPieces) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
}

}  // namespace
}  // namespace homeroom
