#include "contract/file_name.h"

#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "contract/contract.h"
#include "contract/match.h"

namespace homeroom::contract {
namespace {

const ContractSet& shipped() {
  static const ContractSet kSet = ContractSet::load("").value();
  return kSet;
}

FileName named(std::string_view path) {
  return split_file_name(path, "drop");
}

TEST(SplitFileName, TakesFolderAndExtensionsOff) {
  struct Case {
    std::string_view path;
    std::string_view stem;
  };

  constexpr Case kCases[] = {
      {"a/b/attendance_2025-11.csv", "attendance_2025-11"},
      {"students.csv.gz", "students"},
      {"STUDENTS.CSV", "STUDENTS"},
      {"roster.txt", "roster"},
      {"roster.v2.tsv", "roster.v2"},
      {"no_extension", "no_extension"},
      {".csv", ".csv"},
      {"a/", ""},
  };
  for (const Case& each : kCases) {
    const FileName name = split_file_name(each.path, "sis");
    EXPECT_EQ(name.stem, each.stem) << each.path;
    EXPECT_EQ(name.path, each.path);
    EXPECT_EQ(name.folder, "sis");
  }
  EXPECT_EQ(split_file_name("x.csv", "/").folder, "");
}

TEST(TableName, IsTheFilesNameWithoutItsDateAndCopies) {
  struct Case {
    std::string_view path;
    std::string_view table;
  };

  constexpr Case kCases[] = {
      {"Bus Routes 2025-09-01 (1).csv", "bus_routes"},
      {"bus_routes_2025-09-02.csv", "bus_routes"},
      {"bus_routes_20250902.csv", "bus_routes"},
      {"bus_routes_9-2-2025.csv", "bus_routes"},
      {"bus_routes_2025-09.csv.gz", "bus_routes"},
      {"bus routes (2).csv", "bus_routes"},
      {"Copy of bus routes.csv", "of_bus_routes"},
      {"bus_routes_part1.csv", "bus_routes"},
      {"bus_routes_part_2.csv", "bus_routes"},
      {"BusRoutes_SY2026.csv", "bus_routes"},
      {"lunch_2024-25.csv", "lunch"},
      {"lunch_2024-2025.csv", "lunch"},
      {"grade_3_survey.csv", "grade_3_survey"},
      {"survey_2020.csv", "survey_2020"},
      {"AP_2324.csv", "ap"},
      {"beacon_24_25.csv", "beacon"},
      {"grades_11_12.csv", "grades_11_12"},
      {"room_1213.csv", "room_1213"},
      {"students.csv", "file_students"},
      {"attendance_daily_2025-11.csv", "file_attendance_daily"},
      {"2025-09-01.csv", "drop"},
      {"3rd_graders.csv", "file_3rd_graders"},
      {"Überblick.csv", "uberblick"},
      {"???.csv", "drop"},
  };
  for (const Case& each : kCases) {
    EXPECT_EQ(table_name(named(each.path), shipped()), each.table) << each.path;
  }
}

TEST(TableName, IsNeverEmptyAndAtMost63Bytes) {
  EXPECT_EQ(table_name(split_file_name("---.csv", ""), shipped()), "file");
  EXPECT_EQ(table_name(split_file_name("", ""), shipped()), "file");
  const std::string table = table_name(named(std::string(200, 'a') + ".csv"), shipped());
  EXPECT_LE(table.size(), 63u);
  EXPECT_FALSE(table.empty());
  const std::string words = table_name(
      named("what_the_teachers_of_all_schools_wrote_about_the_first_day_of_the_year.csv"),
      shipped());
  EXPECT_EQ(words, "what_the_teachers_of_all_schools_wrote_about_the_first_day_of");
}

TEST(SchoolYearInName, IsTheYearItEndsIn) {
  struct Case {
    std::string_view path;
    std::optional<int> year;
  };

  constexpr Case kCases[] = {
      {"grades_2024-25.csv", 2025},
      {"grades_2024-2025.csv", 2025},
      {"grades_2024_25.csv", 2025},
      {"SY2026.csv", 2026},
      {"sy26_roster.csv", 2026},
      {"attendance_2025-11.csv", 2026},
      {"attendance_2026-02.csv", 2026},
      {"attendance_2025-11-03.csv", 2026},
      {"attendance_20260203.csv", 2026},
      {"fall_2023.csv", 2024},
      {"spring_2024.csv", 2024},
      {"Fall 2023-2024.csv", 2024},
      {"chronic-absenteeism__2011-12_grade.csv", 2012},
      {"AP_2324.csv", 2024},
      {"beacon_24_25.csv", 2025},
      {"grades_11_12.csv", std::nullopt},
      {"room_1213.csv", std::nullopt},
      {"grades_2024.csv", std::nullopt},
      {"grades.csv", std::nullopt},
      {"room_1999.csv", std::nullopt},
      {"export_12345678.csv", std::nullopt},
  };
  for (const Case& each : kCases) {
    EXPECT_EQ(school_year_in_name(named(each.path)), each.year) << each.path;
  }
}

TEST(SchoolYearInName, AsksTheFolderWhenTheFileSaysNothing) {
  EXPECT_EQ(school_year_in_name(split_file_name("grades.csv", "2024-25")), 2025);
  EXPECT_EQ(school_year_in_name(split_file_name("grades_2025-26.csv", "2024-25")), 2026);
}

TEST(CodeInName, IsTheOneCodeThatTheNameSpells) {
  struct Case {
    const char* list;
    std::string_view path;
    std::optional<std::string> code;
  };

  const Case cases[] = {
      {"subject", "star_math_v1.csv", "math"},
      {"subject", "fake_aMath.csv", "math"},
      {"subject", "diagnostic_results_ela.csv", "ela"},
      {"subject", "language arts.csv", "ela"},
      {"subject", "math_and_science.csv", std::nullopt},
      {"subject", "results.csv", std::nullopt},
      {"assessment_window", "benchmark_growth_fall_2025-09-26.csv", "BOY"},
      {"assessment_window", "fall_to_spring.csv", std::nullopt},
      {"grade_level", "grade 3.csv", "03"},
  };
  for (const Case& each : cases) {
    EXPECT_EQ(code_in_name(*shipped().find_enumeration(each.list), named(each.path)), each.code)
        << each.path;
  }
}

}  // namespace
}  // namespace homeroom::contract
