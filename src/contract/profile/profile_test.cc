// Which system a file is of, and what its profile changes.

#include "contract/profile/profile.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "contract/contract.h"
#include "contract/contract_files.h"
#include "contract/profile/profiled_contracts.h"

namespace homeroom::contract {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

ProfiledContracts& shipped() {
  static const std::unique_ptr<ProfiledContracts> kContracts = ProfiledContracts::load("").value();
  return *kContracts;
}

std::vector<std::string> words(std::string_view header) {
  std::vector<std::string> all;
  for (const std::string_view word : split(header, ',')) all.emplace_back(trim(word));
  return all;
}

TEST(Profiles, AreThoseOfTheSystemsThatDistrictsUse) {
  std::vector<std::string> names;
  for (const SystemProfile& profile : shipped().profiles()) {
    names.push_back(profile.name);
    EXPECT_FALSE(profile.recognized_by.empty()) << profile.name;
  }
  EXPECT_THAT(names, UnorderedElementsAre("powerschool", "infinite_campus", "skyward", "aspen",
                                          "clever", "oneroster_1_1", "oneroster_1_2", "ed_fi",
                                          "i_ready", "map_growth", "star", "dibels"));
}

TEST(Profiles, EachStandsOverTheShippedContractsWithoutAProblem) {
  for (const EmbeddedFile& profile : shipped_profiles()) {
    std::vector<EmbeddedFile> files(shipped_contracts().begin(), shipped_contracts().end());
    files.push_back(profile);
    for (const Problem& problem : find_problems(files)) ADD_FAILURE() << problem.error.message;
  }
}

struct Header {
  std::string_view profile;  ///< empty: none
  std::string_view header;
  std::string_view reason;
};

constexpr std::array kHeaders = {
    Header{"powerschool", "dcid,Student_Number,Last_Name", "headers dcid, Student_Number"},
    Header{"powerschool", "STUDENTS.STUDENT_NUMBER,STUDENTS.LASTFIRST",
           "headers STUDENTS.STUDENT_NUMBER"},
    Header{"infinite_campus", "studentNumber,lastName,raceEthnicityFed", "headers studentNumber"},
    Header{"skyward", "nameId,nalphakey,entity", "headers nameId, nalphakey"},
    Header{"aspen", "ATT_OID,ATT_STD_OID,ATT_DATE", "headers ATT_OID, ATT_STD_OID"},
    Header{"clever", "School_id,Student_id,Student_number,Dob", "headers School_id"},
    Header{"oneroster_1_1", "sourcedId,status,dateLastModified,name,type", "headers sourcedId"},
    Header{"oneroster_1_2", "sourcedId,status,dateLastModified,username,userMasterIdentifier",
           "headers sourcedId"},
    Header{"ed_fi", "StudentUniqueId,FirstName", "headers StudentUniqueId"},
    Header{"i_ready", "Student ID,Overall Scale Score,Overall Relative Placement",
           "headers Overall Scale Score, Overall Relative Placement"},
    Header{"map_growth", "TermName,StudentID,TestRITScore", "headers TermName, TestRITScore"},
    Header{"star", "RenaissanceClientID,StudentIdentifier", "headers RenaissanceClientID"},
    Header{"dibels", "Primary School ID,Assessment Grade,Benchmark Period",
           "headers Primary School ID"},
    Header{"", "student_id,date,status", ""},
    Header{"", "dcid,first_name", ""},
    // One header of each of two systems says neither.
    Header{"", "RenaissanceClientID,StudentUniqueId", ""},
};

TEST(Profiles, AreRecognizedByHeadersThatNoOtherSystemHas) {
  for (const Header& each : kHeaders) {
    const auto known = shipped().recognize(words(each.header), "");
    EXPECT_EQ(known ? known->profile->name : "", each.profile) << each.header;
    if (!known) continue;
    EXPECT_THAT(known->reason, HasSubstr(std::string(each.reason)));
  }
}

TEST(Profiles, ABundleSaysMoreThanAHeader) {
  const auto known = shipped().recognize(words("sourcedId,dateLastModified"), "OneRoster 1.2");
  ASSERT_TRUE(known);
  EXPECT_EQ(known->profile->name, "oneroster_1_2");
  EXPECT_EQ(known->reason, "file of OneRoster 1.2");
}

// The code that a spelling means; empty: none.
std::string code_of(const ContractSet& contracts, const std::string& list,
                    const std::string& spelling) {
  const Enumeration& enumeration = *contracts.find_enumeration(list);
  std::string folded;
  fold_spelling(spelling, folded);
  const auto found = enumeration.by_spelling.find(folded);
  return found == enumeration.by_spelling.end() ? "" : enumeration.values[found->second].code;
}

TEST(Profiles, DigitsMeanACodeOnlyUnderTheProfileOfTheirSystem) {
  const auto powerschool = shipped().with(**shipped().find("powerschool"));
  const auto campus = shipped().with(**shipped().find("infinite_campus"));
  ASSERT_TRUE(powerschool && campus);
  EXPECT_EQ(code_of(**powerschool, "enrollment_status", "2"), "transferred");
  EXPECT_EQ(code_of(**powerschool, "enrollment_status", "-1"), "pre_registered");
  EXPECT_EQ(code_of(**powerschool, "race_ethnicity", "1"), "");
  EXPECT_EQ(code_of(**campus, "race_ethnicity", "1"), "HI");
  EXPECT_EQ(code_of(**campus, "enrollment_status", "2"), "");
  for (const char* list : {"enrollment_status", "race_ethnicity", "meal_status", "sex",
                           "attendance_status", "assessment_window"}) {
    for (int digit = -1; digit <= 9; ++digit) {
      EXPECT_EQ(code_of(shipped().plain(), list, fmt::format("{}", digit)), "") << list << digit;
    }
  }
}

TEST(Profiles, SayWhichYearAYearAloneIs) {
  EXPECT_EQ((*shipped().find("powerschool"))->school_year, SchoolYearIs::kStart);
  EXPECT_EQ((*shipped().find("ed_fi"))->school_year, SchoolYearIs::kEnd);
  EXPECT_EQ((*shipped().find("clever"))->date_order, StatedDateOrder::kMonthFirst);
}

TEST(Profiles, AnUnknownNameGetsTheNearestOne) {
  const auto found = shipped().find("powerscool");
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "there is no profile powerscool");
  EXPECT_EQ(found.error().hint, "did you mean powerschool?");
}

class DistrictProfiles : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / "homeroom_profile_test";
    std::filesystem::create_directories(folder_ / "profiles");
  }

  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, std::string_view text) {
    std::ofstream(folder_ / name) << text;
  }

  std::filesystem::path folder_;
};

TEST_F(DistrictProfiles, StandInForShippedOnesAndAreAdded) {
  write("profiles/powerschool.yaml", "title: Ours\nrecognizedBy: [[our_number]]\n");
  write("profiles/bus.yaml",
        "title: Bus\nrecognizedBy: [[stop_code]]\nschoolYear: start\n"
        "datasets: {students: {student_id: [Rider]}}\n"
        "enumerations: {sex: {values: [{code: F, spellings: [\"2\"]}]}}\n");
  write("enumerations.yaml", "sex: {values: [{code: M, spellings: [\"2\"]}]}\n");
  const auto contracts = ProfiledContracts::load(folder_.string());
  ASSERT_TRUE(contracts) << contracts.error().message;
  EXPECT_FALSE((*contracts)->recognize(words("dcid,student_number"), ""));
  const auto known = (*contracts)->recognize(words("stop_code,Rider"), "");
  ASSERT_TRUE(known);
  const auto with = (*contracts)->with(*known->profile);
  ASSERT_TRUE(with) << with.error().message;
  const Contract& students = *(*with)->find("students");
  EXPECT_THAT(students.columns[static_cast<std::size_t>(students.find("student_id"))].synonyms,
              Contains("Rider"));
  EXPECT_EQ(code_of(**with, "sex", "2"), "M") << "the district's word goes before the profile's";
  EXPECT_NE((*with)->hash(), (*contracts)->plain().hash());
  EXPECT_EQ((*contracts)->with(*known->profile).value(), *with) << "made once";
}

TEST_F(DistrictProfiles, AreRefusedWithFileLineAndTheNearestWord) {
  struct Case {
    std::string_view text;
    std::string_view message;
  };

  constexpr Case kCases[] = {
      {"title: X\nrecognisedBy: [[a]]\n", "line 2: unknown key of a profile recognisedBy"},
      {"schoolYear: begin\n", "line 1: unknown school year begin"},
      {"dateOrder: us\n", "line 1: unknown date order us"},
      {"datasets: {student: {}}\n", "line 1: unknown data set student"},
      {"datasets: {students: {student_ids: [a]}}\n", "line 1: unknown column of students"},
      {"enumerations: {sex: {value: []}}\n", "line 1: unknown key of an enumeration value"},
  };
  for (const Case& each : kCases) {
    std::vector<EmbeddedFile> files(shipped_contracts().begin(), shipped_contracts().end());
    files.push_back({"ours/profiles/x.yaml", each.text});
    const auto problems = find_problems(files);
    ASSERT_FALSE(problems.empty()) << each.text;
    EXPECT_EQ(problems.front().file, "ours/profiles/x.yaml");
    EXPECT_THAT(problems.front().error.message, HasSubstr(std::string(each.message)));
  }
}

}  // namespace
}  // namespace homeroom::contract
