#include "contract/quality/date_format.h"

#include <gtest/gtest.h>

namespace homeroom::contract {
namespace {

TEST(DateFormat, MatchesWholeTextsThatAreWrittenSo) {
  struct FormatCase {
    std::string_view format;
    std::string_view text;
    bool matches;
  };

  const FormatCase cases[] = {
      {"MM/dd/yyyy", "09/14/2025", true},
      {"MM/dd/yyyy", "9/14/2025", false},
      {"MM/dd/yyyy", "14/09/2025", false},
      {"MM/dd/yyyy", "09/14/25", false},
      {"MM/dd/yyyy", "09/14/20255", false},
      {"MM/dd/yyyy", "2025-09-14", false},
      {"MM/dd/yyyy", "09-14-2025", false},
      {"MM/dd/yyyy", "09/14/2025 ", false},
      {"MM/dd/yyyy", "", false},
      {"M/d/yyyy", "9/1/2025", true},
      {"M/d/yyyy", "09/01/2025", true},
      {"M/d/yyyy", "13/1/2025", false},
      {"M/d/yyyy", "9/32/2025", false},
      {"dd.MM.yy", "14.09.25", true},
      {"yyyyMMdd", "20250914", true},
      {"yyyyMMdd", "20251409", false},
      {"d-MMM-yyyy", "4-Sep-2025", true},
      {"d-MMM-yyyy", "4-Sept-2025", false},
      {"MMMM d, yyyy", "may 4, 2025", true},
      {"MMMM d, yyyy", "Sep 4, 2025", false},
      {"yyyy-MM-dd'T'HH:mm:ss", "2025-09-14T23:59:59", true},
      {"yyyy-MM-dd'T'HH:mm:ss", "2025-09-14T24:00:00", false},
      {"MM/dd/yyyy h:mm a", "09/14/2025 1:05 PM", true},
      {"MM/dd/yyyy h:mm a", "09/14/2025 13:05 PM", false},
  };
  for (const FormatCase& tried : cases) {
    const auto format = DateFormat::parse(tried.format);
    ASSERT_TRUE(format) << tried.format;
    EXPECT_EQ(format->matches(tried.text), tried.matches) << tried.format << ": " << tried.text;
  }
}

TEST(DateFormat, IsNoneWhereItLeavesOutAPartOrCannotBeCut) {
  for (const std::string_view format : {"", "MM/dd", "Mdyyyy", "yyyy-MM-dd-MM", "DD/MM/YYYY",
                                        "yyy-MM-dd", "MMMMM d yyyy", "yyyy-MM-dd'T", "%m/%d/%Y"}) {
    EXPECT_FALSE(DateFormat::parse(format)) << format;
  }
}

TEST(DateFormat, TellsWhatComesFirst) {
  EXPECT_TRUE(DateFormat::parse("M/d/yyyy")->is_month_first());
  EXPECT_FALSE(DateFormat::parse("M/d/yyyy")->is_day_first());
  EXPECT_TRUE(DateFormat::parse("dd.MM.yyyy")->is_day_first());
  for (const std::string_view format : {"yyyy-MM-dd", "d MMM yyyy"}) {
    EXPECT_FALSE(DateFormat::parse(format)->is_month_first()) << format;
    EXPECT_FALSE(DateFormat::parse("d MMM yyyy")->is_day_first());
  }
}

}  // namespace
}  // namespace homeroom::contract
