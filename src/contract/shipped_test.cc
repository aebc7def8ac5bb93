// What every shipped contract promises. That each follows the standard's JSON schema is checked by
// hand against the schema; the loader refuses keys that the standard does not have.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "contract/contract.h"
#include "contract/header_index.h"
#include "contract/yaml_tree.h"

namespace homeroom::contract {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const ContractSet& shipped() {
  static const ContractSet kSet = ContractSet::load("").value();
  return kSet;
}

TEST(ShippedLists, KnowEveryStateByCodeAndName) {
  const Enumeration& list = *shipped().find_enumeration("us_state");
  EXPECT_EQ(list.values.size(), 59U);
  for (const EnumerationValue& state : list.values) {
    EXPECT_EQ(state.code.size(), 2U);
    std::string folded;
    for (const std::string& spelling : {state.code, state.label}) {
      fold_spelling(spelling, folded);
      ASSERT_TRUE(list.by_spelling.contains(folded)) << spelling;
      EXPECT_EQ(list.values[list.by_spelling.at(folded)].code, state.code);
    }
  }
}

TEST(Shipped, HasTheDataSetsOfASchoolDistrict) {
  const auto set = ContractSet::load("");
  ASSERT_TRUE(set) << set.error().message << " " << set.error().hint;
  std::vector<std::string> names;
  for (const Contract& contract : set->contracts()) names.push_back(contract.name);
  EXPECT_THAT(names, UnorderedElementsAre(
                         "schools", "calendar", "students", "student_demographics", "enrollments",
                         "attendance_daily", "attendance_period", "courses", "sections",
                         "section_enrollments", "staff", "staff_sections", "course_marks",
                         "student_gpa", "assessment_results", "discipline_incidents",
                         "incident_students", "discipline_actions", "student_identifiers"));
}

TEST(Shipped, EveryFileSaysWhatTheStandardAsksFor) {
  for (const EmbeddedFile& file : shipped_contracts()) {
    if (!file.path.ends_with(".odcs.yaml")) continue;
    const auto root = parse_yaml(file.path, file.text);
    ASSERT_TRUE(root) << root.error().message;
    for (const char* key : {"apiVersion", "kind", "id", "name", "version", "status", "domain"}) {
      ASSERT_NE(root->find(key), nullptr) << file.path << " " << key;
      EXPECT_TRUE(root->find(key)->is_scalar());
    }
    EXPECT_EQ(root->find("apiVersion")->text, "v3.1.0") << file.path;
    ASSERT_NE(root->find("description"), nullptr) << file.path;
    EXPECT_NE(root->find("description")->find("purpose"), nullptr) << file.path;
    const YamlNode& schema = root->find("schema")->items[0];
    EXPECT_EQ(schema.find("name")->text + ".odcs.yaml", file.path);
    EXPECT_NE(schema.find("dataGranularityDescription"), nullptr) << file.path;
  }
}

TEST(Shipped, EveryColumnIsDescribedClassifiedAndTypedAsItIsStored) {
  for (const EmbeddedFile& file : shipped_contracts()) {
    if (!file.path.ends_with(".odcs.yaml")) continue;
    const auto root = parse_yaml(file.path, file.text);
    const YamlNode& schema = root->find("schema")->items[0];
    const Contract& contract = *shipped().find(schema.find("name")->text);
    for (const YamlNode& node : schema.find("properties")->items) {
      const std::string& name = node.find("name")->text;
      const Column& column = contract.columns[static_cast<std::size_t>(contract.find(name))];
      EXPECT_FALSE(column.description.empty()) << file.path << " " << name;
      EXPECT_THAT((std::vector<std::string>{"public", "confidential", "restricted"}),
                  Contains(column.classification))
          << file.path << " " << name;
      ASSERT_NE(node.find("physicalType"), nullptr) << file.path << " " << name;
      EXPECT_EQ(node.find("physicalType")->text, to_string(column.sql_type()))
          << file.path << " " << name;
    }
  }
}

TEST(Shipped, EveryContractHasAKeyAndWhyForWhatItRequires) {
  for (const Contract& contract : shipped().contracts()) {
    EXPECT_FALSE(contract.key.empty()) << contract.name;
    EXPECT_LE(contract.key.size(), 32u) << contract.name;
    EXPECT_FALSE(contract.match_needs.empty()) << contract.name;
    EXPECT_FALSE(contract.name_hints.empty()) << contract.name;
    for (const Column& column : contract.columns) {
      EXPECT_TRUE(!column.is_required || !column.why.empty()) << contract.name << column.name;
      EXPECT_TRUE(!column.is_suppressible || column.name.size() <= 52u) << column.name;
    }
  }
}

TEST(Shipped, DatedDataSetsAreKeyedByTheSchoolYear) {
  for (const Contract& contract : shipped().contracts()) {
    if (contract.school_year_from.empty()) continue;
    EXPECT_EQ(contract.key.front(), "school_year") << contract.name;
    EXPECT_EQ(contract.columns[static_cast<std::size_t>(contract.find("school_year"))].kind,
              Kind::kSchoolYear);
  }
}

TEST(Shipped, IdentifiersAreNeverNumbers) {
  for (const Contract& contract : shipped().contracts()) {
    for (const Column& column : contract.columns) {
      if (column.name.ends_with("_id")) {
        EXPECT_EQ(column.sql_type(), SqlType::kText) << contract.name << " " << column.name;
      }
    }
  }
}

// A header that two columns of one data set claim goes to the first that is free; that is meant
// for these and for no other.
TEST(Shipped, OnlyTheseHeadersMeanTwoColumnsOfOneDataSet) {
  std::set<std::string> twofold;
  for (std::size_t i = 0; i < shipped().contracts().size(); ++i) {
    const Contract& contract = shipped().contracts()[i];
    for (const Column& column : contract.columns) {
      std::vector<std::string> spellings = column.synonyms;
      spellings.push_back(column.name);
      for (const std::string& spelling : spellings) {
        int num_columns = 0;
        for (const HeaderMeaning& meaning : shipped().headers().find(header_key(spelling))) {
          if (meaning.contract == i && !meaning.is_weak) ++num_columns;
        }
        if (num_columns > 1) twofold.insert(contract.name + ": " + fold_name(spelling));
      }
    }
  }
  std::set<std::string> expected = {"assessment_results: launch_date",
                                    "assessment_results: test_start_date"};
  for (const char* name : {"attendance_daily", "attendance_period"}) {
    for (const char* code : {"code", "att_code", "attendance_code", "att_code_view",
                             "attendance_codeid", "absence_code", "abs_code"}) {
      expected.insert(std::string(name) + ": " + code);
    }
  }
  EXPECT_EQ(twofold, expected);
}

TEST(Shipped, CodesOfAListAreTheirOwnSpelling) {
  for (const char* name : {"grade_level",       "sex",
                           "race_ethnicity",    "attendance_status",
                           "enrollment_status", "exit_type",
                           "meal_status",       "letter_mark",
                           "mark_type",         "assessment_window",
                           "score_type",        "subject",
                           "course_level",      "behavior",
                           "incident_location", "participation",
                           "discipline_action", "school_level",
                           "staff_role",        "gpa_type",
                           "identifier_type",   "status_flag"}) {
    const Enumeration* list = shipped().find_enumeration(name);
    ASSERT_NE(list, nullptr) << name;
    for (std::uint32_t i = 0; i < list->values.size(); ++i) {
      std::string folded;
      fold_spelling(list->values[i].code, folded);
      ASSERT_TRUE(list->by_spelling.contains(folded)) << name << " " << folded;
      EXPECT_EQ(list->by_spelling.at(folded), i) << name << " " << folded;
    }
  }
}

TEST(Shipped, NoSpellingIsLostBecauseTwoCodesClaimIt) {
  for (const char* name : {"grade_level", "attendance_status", "exit_type", "mark_type", "subject",
                           "behavior", "discipline_action", "assessment_window", "letter_mark"}) {
    const Enumeration& list = *shipped().find_enumeration(name);
    std::vector<std::string> lost;
    for (const EnumerationValue& value : list.values) {
      for (const std::string& spelling : value.spellings) {
        std::string folded;
        fold_spelling(spelling, folded);
        const auto found = list.by_spelling.find(folded);
        if (found == list.by_spelling.end() || list.values[found->second].code != value.code) {
          lost.push_back(spelling);
        }
      }
    }
    EXPECT_THAT(lost, IsEmpty()) << name;
  }
}

TEST(Shipped, SpellingsMeanWhatTheyMeanInSchools) {
  struct Case {
    const char* list;
    const char* spelling;
    const char* code;
  };

  constexpr Case kCases[] = {
      {"grade_level", "Grade   1", "01"},
      {"grade_level", "kindergarten", "KG"},
      {"grade_level", "0", "KG"},
      {"grade_level", "-1", "PK"},
      {"grade_level", "9th", "09"},
      {"attendance_status", "T-E", "tardy_excused"},
      {"attendance_status", "UX", "absent_unexcused"},
      {"attendance_status", "P", "present"},
      {"meal_status", "Not Eligibile", "paid"},
      {"meal_status", "F", "free"},
      {"sex", "female", "F"},
      {"race_ethnicity", "C", "WH"},
      {"discipline_action", "Suspension", "oss"},
      {"participation", "Offender", "perpetrator"},
      {"mark_type", "Grading Period", "quarter"},
      {"assessment_window", "fall", "BOY"},
      {"subject", "Reading", "ela"},
      {"behavior", "Hitting", "assault_fight"},
      {"status_flag", "Not 504", "no"},
  };
  for (const Case& each : kCases) {
    const Enumeration& list = *shipped().find_enumeration(each.list);
    std::string folded;
    fold_spelling(each.spelling, folded);
    ASSERT_TRUE(list.by_spelling.contains(folded)) << each.list << " " << each.spelling;
    EXPECT_EQ(list.values[list.by_spelling.at(folded)].code, each.code) << each.spelling;
  }
  // What differs from system to system means nothing.
  EXPECT_FALSE(shipped().find_enumeration("race_ethnicity")->by_spelling.contains("5"));
  EXPECT_FALSE(shipped().find_enumeration("attendance_status")->by_spelling.contains("m"));
}

}  // namespace
}  // namespace homeroom::contract
