#include "run/loading/load_kind.h"

#include <gtest/gtest.h>

namespace homeroom::run {
namespace {

TEST(LoadKind, IsWhatFilesOfOneKindShareAndTheirDay) {
  struct Case {
    std::string_view path;
    std::string_view scope;
    std::string_view family;
    std::string_view day;
    std::uint64_t num_days;
  };

  constexpr Case kCases[] = {
      {"/drop/sis/Att_2025-11-03.csv", "school_id=010|date=2025-11-03",
       "att_#-#-#.csv|school_id=010", "2025-11-03", 1},
      {"/drop/sis/att_2025-11-04.csv", "school_id=*|date=2025-11-04", "att_#-#-#.csv|school_id=*",
       "2025-11-04", 1},
      // 3 November 2025 is a Monday.
      {"att_2025-11.csv", "date=2025-11-03..2025-11-14", "att_#-#.csv", "", 10},
      {"att.csv", "date=2025-11-08..2025-11-09", "att.csv", "", 1},
      {"att.csv", "date=1900-01-01..2099-12-31", "att.csv", "", 1},
      {"students_20251103.csv", "", "students_#.csv", "2025-11-03", 1},
      {"students_20251103_2.csv", "", "students_#_#.csv", "2025-11-03", 1},
      {"students_120251103.csv", "", "students_#.csv", "", 1},
      {"students_2025-13-03.csv", "", "students_#-#-#.csv", "", 1},
      {"marks_Q1.csv", "school_year=2026|term_code=Q1|school_id=*",
       "marks_q#.csv|term_code=Q1|school_id=*", "", 1},
      {"x.csv", "school_id=|date=", "x.csv", "", 1},
  };
  for (const Case& each : kCases) {
    const catalog::LoadKind kind = kind_of("sis", "attendance_daily", each.path, each.scope);
    EXPECT_EQ(kind.family, each.family) << each.path;
    EXPECT_EQ(kind.day, each.day) << each.path;
    EXPECT_EQ(kind.num_days, each.num_days) << each.path;
  }
}

TEST(LoadKind, OfAFileWithoutRowsIsThatOfAnySchool) {
  EXPECT_TRUE(kind_of("sis", "a", "x.csv", "school_id=|date=").is_of_any_scope);
  EXPECT_FALSE(kind_of("sis", "a", "x.csv", "school_id=010|date=2025-11-03").is_of_any_scope);
  EXPECT_FALSE(kind_of("sis", "a", "x.csv", "").is_of_any_scope);
}

}  // namespace
}  // namespace homeroom::run
