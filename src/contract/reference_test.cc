// `relationships` of contracts.

#include <array>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract.h"

namespace homeroom::contract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kHead = R"(apiVersion: v3.1.0
kind: DataContract
id: x
version: 1.0.0
schema:
)";

constexpr std::string_view kStudents = R"(  - name: students
    properties:
      - {name: student_id, logicalType: string, primaryKey: true, customProperties: [{property: homeroom.kind, value: identifier}]}
      - {name: state_id, logicalType: string}
      - {name: points, logicalType: integer}
)";

Result<ContractSet> load(const std::string& marks, const std::string& district = {}) {
  const std::string students = std::string(kHead) + std::string(kStudents);
  const std::string ours = std::string(kHead) + marks;
  const std::string theirs = std::string(kHead) + district;
  std::vector<EmbeddedFile> files = {{"students.odcs.yaml", students}, {"marks.odcs.yaml", ours}};
  if (!district.empty()) files.push_back({"district.odcs.yaml", theirs});
  return ContractSet::from_files(files);
}

std::string marks_with(const std::string& relationships) {
  return "  - name: marks\n"
         "    properties:\n"
         "      - name: student_id\n"
         "        logicalType: string\n"
         "        relationships:\n" +
         relationships + "      - {name: state_id, logicalType: string}\n";
}

TEST(References, AreReadInBothNotationsWithWhatBecomesOfTheRow) {
  const auto set =
      load(marks_with("          - to: students.student_id\n"
                      "          - to: schema/students/properties/state_id\n"
                      "            type: foreignKey\n"
                      "            customProperties:\n"
                      "              - {property: homeroom.whenUnknown, value: quarantine}\n"
                      "              - {property: homeroom.minKnownPercent, value: 90}\n"
                      "          - to: https://example.org/other.yaml#/schema/a/properties/b\n"));
  ASSERT_TRUE(set) << set.error().message;
  const std::vector<Reference>& references = set->find("marks")->references;
  ASSERT_EQ(references.size(), 2);
  EXPECT_EQ(references[0].table, "students");
  EXPECT_THAT(references[0].paths, ElementsAre(ReferencePath{{"student_id"}, {"student_id"}}));
  EXPECT_EQ(references[0].when_unknown, WhenUnknown::kPending);
  EXPECT_EQ(references[0].min_known_fraction, 0.5);
  EXPECT_THAT(references[1].paths, ElementsAre(ReferencePath{{"student_id"}, {"state_id"}}));
  EXPECT_EQ(references[1].when_unknown, WhenUnknown::kQuarantine);
  EXPECT_EQ(references[1].min_known_fraction, 0.9);
}

TEST(References, OfSeveralColumnsStandAtTheDataSet) {
  const auto set = load(
      "  - name: marks\n"
      "    relationships:\n"
      "      - from: [marks.student_id, marks.state_id]\n"
      "        to: [students.student_id, students.state_id]\n"
      "    properties:\n"
      "      - {name: student_id, logicalType: string}\n"
      "      - {name: state_id, logicalType: string}\n");
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_THAT(set->find("marks")->references[0].paths,
              ElementsAre(ReferencePath{{"student_id", "state_id"}, {"student_id", "state_id"}}));
}

TEST(References, OfColumnsThatStandInForOneAnotherAreOne) {
  const auto set = load(
      "  - name: marks\n"
      "    customProperties: [{property: homeroom.anyOf, value: [student_id, state_id]}]\n"
      "    properties:\n"
      "      - {name: student_id, logicalType: string, relationships: [{to: "
      "students.student_id}]}\n"
      "      - {name: state_id, logicalType: string, relationships: [{to: students.state_id}]}\n");
  ASSERT_TRUE(set) << set.error().message;
  const std::vector<Reference>& references = set->find("marks")->references;
  ASSERT_EQ(references.size(), 1);
  EXPECT_THAT(references[0].paths, ElementsAre(ReferencePath{{"student_id"}, {"student_id"}},
                                               ReferencePath{{"state_id"}, {"state_id"}}));
}

TEST(References, AreReplacedByADistrictsListAtTheSameColumn) {
  const std::string ours = marks_with("          - to: students.student_id\n");
  const auto none = load(ours,
                         "  - name: marks\n"
                         "    properties:\n"
                         "      - {name: student_id, relationships: []}\n");
  ASSERT_TRUE(none) << none.error().message;
  EXPECT_TRUE(none->find("marks")->references.empty());
  const auto same = load(ours,
                         "  - name: marks\n"
                         "    properties:\n"
                         "      - {name: student_id, description: other}\n");
  ASSERT_TRUE(same) << same.error().message;
  EXPECT_EQ(same->find("marks")->references.size(), 1);
}

TEST(References, ThatLeadNowhereAreToldWithFileAndLine) {
  struct Case {
    std::string relationships;
    std::string message;
    std::string hint;
  };

  const std::array cases = {
      Case{"          - to: studens.student_id\n", "unknown data set of a relationship studens",
           "students"},
      Case{"          - to: students.student_no\n",
           "a relationship names students.student_no, which is no column", "Declare"},
      Case{"          - to: students.points\n",
           "a relationship goes from student_id (text) to students.points (bigint)", "same kind"},
      Case{"          - to: students\n", "to of a relationship is no data set's column",
           "students.student_id"},
      Case{"          - {type: foreignKey}\n", "a relationship needs `to`", "students.student_id"},
      Case{"          - to: [students.student_id, students.state_id]\n",
           "as many columns in `to` as it goes out from", "each"},
      Case{"          - to: students.student_id\n"
           "            customProperties: [{property: homeroom.whenUnknown, value: wait}]\n",
           "unknown way with unknown rows wait", "warn"},
      Case{"          - {to: students.student_id, from: marks.student_id}\n",
           "unknown key of a relationship from", ""},
  };
  for (const Case& each : cases) {
    const auto set = load(marks_with(each.relationships));
    ASSERT_FALSE(set) << each.relationships;
    EXPECT_EQ(set.error().code, ErrorCode::kConfig);
    EXPECT_THAT(set.error().message, HasSubstr(each.message));
    EXPECT_THAT(set.error().message, HasSubstr("marks.odcs.yaml"));
    EXPECT_THAT(set.error().message, HasSubstr("line 1"));
    EXPECT_THAT(set.error().hint, HasSubstr(each.hint));
  }
}

}  // namespace
}  // namespace homeroom::contract
