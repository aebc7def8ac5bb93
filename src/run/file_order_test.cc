#include "run/file_order.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace homeroom::run {
namespace {

using testing::ElementsAre;

std::vector<std::string> ordered(const std::vector<std::string>& paths) {
  const auto contracts = contract::ContractSet::load({});
  EXPECT_TRUE(contracts);
  std::vector<source::InputFile> files;
  for (const std::string& path : paths) files.emplace_back().path = path;
  put_referred_first(files, *contracts);
  std::vector<std::string> names;
  for (const source::InputFile& file : files) names.push_back(file.path.string());
  return names;
}

TEST(FileOrder, PutsStudentsAndSchoolsBeforeWhatNamesThem) {
  EXPECT_THAT(
      ordered({"drop/attendance_2025-11-03.csv", "drop/schools.csv", "drop/students.csv"}),
      ElementsAre("drop/schools.csv", "drop/students.csv", "drop/attendance_2025-11-03.csv"));
}

TEST(FileOrder, KeepsTheOrderOfFilesOfOneKind) {
  EXPECT_THAT(ordered({"att_2025-11-04.csv", "att_2025-11-03.csv", "att_2025-11-05.csv"}),
              ElementsAre("att_2025-11-04.csv", "att_2025-11-03.csv", "att_2025-11-05.csv"));
}

TEST(FileOrder, FilesWhoseNamesSayNothingComeLast) {
  EXPECT_THAT(ordered({"export (1).csv", "attendance.csv", "b.csv"}),
              ElementsAre("attendance.csv", "export (1).csv", "b.csv"));
}

TEST(FileOrder, AFoldersNameSaysNothing) {
  EXPECT_THAT(ordered({"students/attendance.csv", "students/schools.csv"}),
              ElementsAre("students/schools.csv", "students/attendance.csv"));
}

}  // namespace
}  // namespace homeroom::run
