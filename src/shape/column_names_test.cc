#include "shape/column_names.h"

#include <string>
#include <string_view>
#include <unordered_set>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace homeroom::shape {
namespace {

TEST(ColumnNames, FoldsHeadersAndNeverGivesANameTwice) {
  struct Case {
    std::string_view header;
    std::string_view name;
  };

  constexpr Case kCases[] = {
      {"Bus Number", "bus_number"},
      {"busNumber", "bus_number_2"},
      {"BUS_NUMBER", "bus_number_3"},
      {"", "column_4"},
      {"  ", "column_5"},
      {"column_5", "column_5_2"},
      {"% Absent", "absent"},
      {"Score_suppressed", "score_suppressed_value"},
      {"Äpfel", "apfel"},
      {"_line", "line"},
      {"_run", "run"},
      {"2011-12", "2011_12"},
  };
  ColumnNames names;
  std::size_t position = 0;
  for (const Case& each : kCases) {
    EXPECT_EQ(names.take(each.header, ++position), each.name) << each.header;
  }
}

TEST(ColumnNames, CutsLongNamesAndTellsThemApartByAHash) {
  const std::string start(60, 'a');
  ColumnNames names;
  const std::string first = names.take(start + "_one", 1);
  const std::string second = names.take(start + "_two", 2);
  EXPECT_EQ(first.size(), kMaxColumnNameBytes);
  EXPECT_EQ(second.size(), kMaxColumnNameBytes);
  EXPECT_NE(first, second);
  EXPECT_EQ(first.substr(0, 43), start.substr(0, 43));
  EXPECT_EQ(first[43], '_');
  // The same header gets the same name in the next file, wherever it stands.
  EXPECT_EQ(ColumnNames().take(start + "_two", 9), second);
  EXPECT_EQ(names.take(start + "_one", 3), first.substr(0, 50) + "_2");
}

TEST(ColumnNames, KeepsReservedNamesFree) {
  ColumnNames names;
  names.reserve("more_columns");
  EXPECT_EQ(names.take("More Columns", 1), "more_columns_2");
}

TEST(ColumnNames, HoldsThousandsOfEqualHeadersApart) {
  ColumnNames names;
  std::unordered_set<std::string> all;
  for (std::size_t i = 1; i <= 2000; ++i) {
    const std::string name = names.take("Filler", i);
    EXPECT_LE(name.size(), kMaxColumnNameBytes);
    EXPECT_TRUE(all.insert(name).second) << name;
  }
}

TEST(IsSecret, KnowsPasswordsByTheirHeader) {
  for (const char* header : {"Password", "user_password", "PASSWD", "pwd", "Student Passcode"}) {
    EXPECT_TRUE(is_secret(header)) << header;
  }
  for (const char* header : {"pass", "Passing Status", "Bus Pass", "keyword", ""}) {
    EXPECT_FALSE(is_secret(header)) << header;
  }
}

}  // namespace
}  // namespace homeroom::shape
