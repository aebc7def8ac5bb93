// Headers of wide score files, read through match_file.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "contract/contract.h"
#include "contract/match.h"

namespace homeroom::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

const ContractSet& shipped() {
  static const ContractSet kSet = ContractSet::load("").value();
  return kSet;
}

// "subject/window: column" of each header that is read as part of a group.
std::map<std::string, std::string> wide_columns(std::string_view commas) {
  std::vector<std::string> header;
  for (const std::string_view name : split(commas, ',')) header.emplace_back(name);
  const auto match = match_to(shipped(), "assessment_results", header, FileName{});
  EXPECT_TRUE(match) << match.error().message;
  std::map<std::string, std::string> columns;
  for (std::size_t i = 0; match && i < header.size(); ++i) {
    const ColumnMatch& found = match->columns[i];
    if (found.reason != MatchReason::kUnpivot) continue;
    const std::string& name = match->contract->columns[static_cast<std::size_t>(found.column)].name;
    columns[header[i]] = join(found.dimension_codes, "/") + ": " + name;
  }
  return columns;
}

TEST(Unpivot, ReadsDimensionWordsAndAMeasureInAnyOrder) {
  EXPECT_THAT(
      wide_columns("Student ID,Fall Math RIT,Spring Math RIT,Winter Percentile Reading,"
                   "Scale Score - Language Arts - EOY,Fall aMath Risk Level,Comment"),
      UnorderedElementsAre(Pair("Fall Math RIT", "math/BOY: scale_score"),
                           Pair("Spring Math RIT", "math/EOY: scale_score"),
                           Pair("Winter Percentile Reading", "ela/MOY: percentile"),
                           Pair("Scale Score - Language Arts - EOY", "ela/EOY: scale_score"),
                           Pair("Fall aMath Risk Level", "math/BOY: performance_level")));
}

TEST(Unpivot, ASecondWordOfADimensionBelongsToTheMeasure) {
  EXPECT_THAT(
      wide_columns("Student ID,Fall Early Math Composite Score,Winter Math Composite Score"),
      UnorderedElementsAre(Pair("Fall Early Math Composite Score", "math/BOY: scale_score"),
                           Pair("Winter Math Composite Score", "math/MOY: scale_score")));
}

TEST(Unpivot, ReadsWordsWrittenAsOne) {
  EXPECT_THAT(wide_columns("StateID,ELASS,ELALev,MathSS,MathRS,ELAT12"),
              UnorderedElementsAre(
                  Pair("ELASS", "ela/: scale_score"), Pair("ELALev", "ela/: performance_level"),
                  Pair("MathSS", "math/: scale_score"), Pair("MathRS", "math/: raw_score")));
}

TEST(Unpivot, ReadsGroupsRepeatedByNumberThatNameTheirTest) {
  EXPECT_THAT(wide_columns("Student ID,Exam Code 01,Exam Grade 01,Exam Code 02,Exam Grade 02"),
              UnorderedElementsAre(Pair("Exam Code 01", "/: assessment_id"),
                                   Pair("Exam Grade 01", "/: scale_score"),
                                   Pair("Exam Code 02", "/: assessment_id"),
                                   Pair("Exam Grade 02", "/: scale_score")));
  EXPECT_THAT(wide_columns("Student ID,Raw Score 1,Raw Score 2,Raw Score 3"), IsEmpty());
}

TEST(Unpivot, ADateGoesWithItsGroupAndMakesNoneByItself) {
  EXPECT_THAT(wide_columns("Student ID,Fall Math RIT,Fall Math Test Date,Winter Math RIT,"
                           "Spring Math Test Date"),
              UnorderedElementsAre(Pair("Fall Math RIT", "math/BOY: scale_score"),
                                   Pair("Fall Math Test Date", "math/BOY: administration_date"),
                                   Pair("Winter Math RIT", "math/MOY: scale_score")));
}

TEST(Unpivot, LeavesAFileAloneThatIsLongOrUnclear) {
  // A score stands under its own name.
  EXPECT_THAT(wide_columns("Student ID,Scale Score,Math Scale Score,Reading Scale Score"),
              IsEmpty());
  // One group only.
  EXPECT_THAT(wide_columns("Student ID,Math RIT,Math Percentile"), IsEmpty());
  // Two seasons in one header.
  EXPECT_THAT(wide_columns("Student ID,Fall to Winter Math RIT,Fall to Spring Math RIT"),
              IsEmpty());
  // Two years: a row would need a year that the header does not give as one.
  EXPECT_THAT(wide_columns("Student ID,Fall 2022 Math RIT,Fall 2023 Reading RIT"), IsEmpty());
  // Words that are no measure.
  EXPECT_THAT(wide_columns("Student ID,Math Teacher,Reading Teacher"), IsEmpty());
}

TEST(Unpivot, AYearThatAllHeadersShareSaysNothing) {
  EXPECT_THAT(wide_columns("Student ID,Fall 2022/2023 Math RIT,Fall 2022/2023 Reading RIT"),
              UnorderedElementsAre(Pair("Fall 2022/2023 Math RIT", "math/BOY: scale_score"),
                                   Pair("Fall 2022/2023 Reading RIT", "ela/BOY: scale_score")));
}

TEST(Unpivot, TheFirstOfTwoHeadersForOnePlaceWins) {
  EXPECT_THAT(wide_columns("Student ID,Math RIT,Mathematics Scale Score,Reading RIT"),
              UnorderedElementsAre(Pair("Math RIT", "math/: scale_score"),
                                   Pair("Reading RIT", "ela/: scale_score")));
}

TEST(Unpivot, NumbersTheGroupsInTheOrderOfTheFile) {
  const std::vector<std::string> header = {"Student ID", "Reading RIT", "Math RIT",
                                           "Reading Percentile"};
  const auto match = match_to(shipped(), "assessment_results", header, FileName{});
  ASSERT_TRUE(match);
  std::vector<std::uint32_t> groups;
  for (std::size_t i = 1; i < header.size(); ++i) groups.push_back(match->columns[i].group);
  EXPECT_THAT(groups, ElementsAre(0, 1, 0));
}

}  // namespace
}  // namespace homeroom::contract
