// A district's folder over a shipped contract: any part can be changed or taken out, and the
// document that people are shown says the same as the contract in force.

#include "contract/document/merge.h"

#include <array>
#include <functional>
#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract.h"
#include "contract/contract_files.h"
#include "contract/document/write_yaml.h"
#include "contract/testing.h"

namespace homeroom::contract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<EmbeddedFile> shipped_and(std::string_view ours) {
  std::vector<EmbeddedFile> files(shipped_contracts().begin(), shipped_contracts().end());
  if (!ours.empty()) files.push_back({"ours/x.odcs.yaml", ours});
  return files;
}

// The set in which the document of `dataset` stands in place of the files it was made from.
Result<ContractSet> set_of_document(const std::vector<EmbeddedFile>& files,
                                    std::string_view dataset, const std::string& document) {
  std::vector<EmbeddedFile> replaced;
  for (const EmbeddedFile& file : files) {
    if (file.path.starts_with("ours/")) continue;
    const bool is_it = file.path == fmt::format("{}.odcs.yaml", dataset);
    replaced.push_back({file.path, is_it ? std::string_view(document) : file.text});
  }
  return ContractSet::from_files(replaced);
}

void expect_document_says_the_same(const std::vector<EmbeddedFile>& files,
                                   const ContractSet& in_force, const std::string& dataset) {
  const auto merged = merge_contract(files, dataset);
  ASSERT_TRUE(merged) << merged.error().message;
  const std::string document = write_yaml(merged->root);
  const auto again = set_of_document(files, dataset, document);
  ASSERT_TRUE(again) << again.error().message << " " << again.error().hint << "\n" << document;
  EXPECT_EQ(describe(*again->find(dataset)), describe(*in_force.find(dataset)));
}

TEST(MergeContract, EveryShippedContractReadsTheSameFromItsDocument) {
  const auto files = shipped_and("");
  const auto set = ContractSet::from_files(files);
  ASSERT_TRUE(set);
  std::list<std::string> documents;
  std::vector<EmbeddedFile> replaced;
  for (const EmbeddedFile& file : files) {
    replaced.push_back(file);
    if (!is_contract_file(file.path)) continue;
    const auto merged = merge_contract(files, file.path.substr(0, file.path.find('.')));
    ASSERT_TRUE(merged) << merged.error().message;
    replaced.back().text = documents.emplace_back(write_yaml(merged->root));
  }
  const auto again = ContractSet::from_files(replaced);
  ASSERT_TRUE(again) << again.error().message << " " << again.error().hint;
  for (const Contract& contract : set->contracts()) {
    EXPECT_EQ(describe(*again->find(contract.name)), describe(contract));
  }
}

// Parts of a district's file: what stands under `schema`, behind "- name: attendance_daily".
struct Override {
  std::string_view name;
  std::string_view schema;
  std::function<void(const Contract&)> expect;
};

const Column& column_of(const Contract& contract, std::string_view name) {
  return contract.columns[static_cast<std::size_t>(contract.find(name))];
}

std::string ours(std::string_view schema, std::string_view dataset = "attendance_daily") {
  return fmt::format(
      "apiVersion: v3.1.0\nkind: DataContract\nid: lincoln.x\nversion: 2.0.0\nstatus: active\n"
      "schema:\n  - name: {}\n{}",
      dataset, schema);
}

const std::array kOverrides = {
    Override{"texts", "    businessName: Anwesenheit\n    description: By day.\n",
             [](const Contract& c) {
               EXPECT_EQ(c.title, "Anwesenheit");
               EXPECT_EQ(c.description, "By day.");
               EXPECT_EQ(c.version, "1.0.0+2.0.0");
             }},
    Override{"whole_key",
             "    properties:\n"
             "      - {name: date, primaryKey: true, primaryKeyPosition: 2}\n"
             "      - {name: student_id, primaryKey: true, primaryKeyPosition: 1}\n",
             [](const Contract& c) { EXPECT_THAT(c.key, ElementsAre("student_id", "date")); }},
    Override{"column_out_of_key", "    properties:\n      - {name: school_id, primaryKey: false}\n",
             [](const Contract& c) {
               EXPECT_THAT(c.key, ElementsAre("school_year", "student_id", "date"));
             }},
    Override{"write_mode_and_tolerance",
             "    customProperties:\n"
             "      - {property: homeroom.writeMode, value: replace}\n"
             "      - {property: homeroom.maxBadPercent, value: 2}\n"
             "      - {property: homeroom.scope, value: []}\n",
             [](const Contract& c) {
               EXPECT_EQ(c.write_mode, WriteMode::kReplace);
               EXPECT_DOUBLE_EQ(c.max_bad_fraction, 0.02);
               EXPECT_THAT(c.scope, IsEmpty());
             }},
    Override{"required_and_bounds",
             "    properties:\n"
             "      - {name: student_id, required: false}\n"
             "      - {name: minutes_absent, required: true, logicalTypeOptions: {maximum: 420}}\n",
             [](const Contract& c) {
               EXPECT_FALSE(column_of(c, "student_id").is_required);
               EXPECT_TRUE(column_of(c, "minutes_absent").is_required);
               EXPECT_EQ(column_of(c, "minutes_absent").minimum, "0");
               EXPECT_EQ(column_of(c, "minutes_absent").maximum, "420");
             }},
    Override{"checks_taken_out",
             "    properties:\n"
             "      - name: minutes_absent\n"
             "        customProperties:\n"
             "          - {property: homeroom.without, value: [minimum, maximum]}\n"
             "      - name: date\n"
             "        logicalTypeOptions: {maximum: \"2030-01-01\"}\n"
             "        customProperties:\n"
             "          - {property: homeroom.without, value: [minimum, maximum, why]}\n",
             [](const Contract& c) {
               EXPECT_EQ(column_of(c, "minutes_absent").minimum, std::nullopt);
               EXPECT_EQ(column_of(c, "minutes_absent").maximum, std::nullopt);
               EXPECT_EQ(column_of(c, "date").minimum, std::nullopt);
               EXPECT_EQ(column_of(c, "date").maximum, "2030-01-01");
               EXPECT_EQ(column_of(c, "date").why, "");
             }},
    Override{"list_taken_out",
             "    properties:\n"
             "      - name: status\n"
             "        customProperties: [{property: homeroom.without, value: enumeration}]\n",
             [](const Contract& c) {
               EXPECT_EQ(column_of(c, "status").kind, Kind::kText);
               EXPECT_EQ(column_of(c, "status").enumeration, nullptr);
             }},
    Override{"other_list",
             "    properties:\n"
             "      - name: status\n"
             "        customProperties: [{property: homeroom.enumeration, value: sex}]\n"
             "      - name: school_id\n"
             "        customProperties: [{property: homeroom.enumeration, value: subject}]\n",
             [](const Contract& c) {
               EXPECT_EQ(column_of(c, "status").enumeration->name, "sex");
               EXPECT_EQ(column_of(c, "school_id").kind, Kind::kEnumeration);
             }},
    Override{"other_kinds",
             "    properties:\n"
             "      - name: status\n"
             "        customProperties: [{property: homeroom.kind, value: integer}]\n"
             "      - {name: code, logicalType: integer}\n"
             "      - {name: minutes_late, logicalType: number}\n",
             [](const Contract& c) {
               EXPECT_EQ(column_of(c, "status").kind, Kind::kInteger);
               EXPECT_EQ(column_of(c, "status").enumeration, nullptr);
               EXPECT_EQ(column_of(c, "code").kind, Kind::kInteger);
               EXPECT_EQ(column_of(c, "minutes_late").kind, Kind::kDecimal);
             }},
    Override{"synonyms_added_and_taken_out",
             "    properties:\n"
             "      - name: status\n"
             "        customProperties:\n"
             "          - {property: homeroom.synonyms, value: Fehltag}\n"
             "          - {property: homeroom.notSynonyms, value: [code, abs_code]}\n"
             "      - name: student_id\n"
             "        customProperties: [{property: homeroom.notSynonyms, value: [sourced_id]}]\n",
             [](const Contract& c) {
               EXPECT_EQ(column_of(c, "status").synonyms.front(), "Fehltag");
               EXPECT_THAT(column_of(c, "status").synonyms,
                           testing::Not(testing::Contains("abs_code")));
               EXPECT_THAT(column_of(c, "student_id").synonyms,
                           testing::Not(testing::Contains("sourced_id")));
             }},
    Override{"all_synonyms_replaced",
             "    properties:\n"
             "      - name: status\n"
             "        customProperties:\n"
             "          - {property: homeroom.synonyms, value: [Fehltag]}\n"
             "          - {property: homeroom.without, value: [synonyms]}\n",
             [](const Contract& c) {
               EXPECT_THAT(column_of(c, "status").synonyms, ElementsAre("Fehltag"));
             }},
    Override{"column_added",
             "    properties:\n"
             "      - {name: bus, logicalType: string, logicalTypeOptions: {maxLength: 8}}\n",
             [](const Contract& c) { EXPECT_EQ(column_of(c, "bus").max_length, 8U); }},
    Override{"columns_removed",
             "    properties:\n"
             "      - name: comment\n"
             "        customProperties: [{property: homeroom.removed, value: true}]\n"
             "      - name: is_tardy\n"
             "        customProperties: [{property: homeroom.removed, value: true}]\n"
             "      - name: school_id\n"
             "        primaryKey: false\n"
             "        customProperties: [{property: homeroom.removed, value: true}]\n",
             [](const Contract& c) {
               EXPECT_EQ(c.find("comment"), -1);
               EXPECT_EQ(c.removed.size(), 3U);
               EXPECT_THAT(c.scope, ElementsAre("date"));
               EXPECT_THAT(c.match_needs.back(), testing::Not(testing::Contains("is_tardy")));
             }},
};

TEST(MergeContract, ChecksAreAddedReplacedAndTakenOutById) {
  const std::string first = ours(
      "    quality:\n"
      "      - {id: rows, metric: rowCount, mustBeGreaterThan: 0}\n"
      "      - {id: more_rows, metric: rowCount, mustBeGreaterThan: 9}\n"
      "    properties:\n"
      "      - {name: reason, quality: [{id: blank, metric: nullValues, mustBe: 0}]}\n"
      "      - {name: comment, quality: [{id: gone, metric: nullValues, mustBe: 0}]}\n");
  const std::string second = ours(
      "    customProperties: [{property: homeroom.withoutChecks, value: [more_rows, blank]}]\n"
      "    quality: [{id: rows, metric: rowCount, mustBeGreaterThan: 5}]\n"
      "    properties:\n"
      "      - name: comment\n"
      "        customProperties: [{property: homeroom.removed, value: true}]\n");
  std::vector<EmbeddedFile> files = shipped_and(first);
  files.push_back({"ours/y.odcs.yaml", second});
  const auto set = ContractSet::from_files(files);
  ASSERT_TRUE(set) << set.error().message;
  const Contract& contract = *set->find("attendance_daily");
  std::vector<std::string> checks;
  for (const Quality& quality : contract.quality) {
    if (quality.file.starts_with("ours/")) {
      checks.push_back(quality.id + " " + quality.bound->words());
    }
  }
  EXPECT_THAT(checks, ElementsAre("rows more than 5"));
  expect_document_says_the_same(files, *set, "attendance_daily");
}

class EveryOverride : public testing::TestWithParam<Override> {};

TEST_P(EveryOverride, IsInForceAndInTheDocument) {
  const std::string text = ours(GetParam().schema);
  const auto files = shipped_and(text);
  const auto set = ContractSet::from_files(files);
  ASSERT_TRUE(set) << set.error().message << " " << set.error().hint;
  GetParam().expect(*set->find("attendance_daily"));
  expect_document_says_the_same(files, *set, "attendance_daily");
}

INSTANTIATE_TEST_SUITE_P(MergeContract, EveryOverride, testing::ValuesIn(kOverrides),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(MergeContract, AnUnpivotIsTakenOutByAnEmptyList) {
  const std::string text = ours("    customProperties: [{property: homeroom.unpivot, value: []}]\n",
                                "assessment_results");
  const auto files = shipped_and(text);
  const auto set = ContractSet::from_files(files);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_FALSE(set->find("assessment_results")->unpivot.has_value());
  expect_document_says_the_same(files, *set, "assessment_results");
}

TEST(MergeContract, AColumnThatOtherDataSetsNameCanBeRemoved) {
  const std::string text = ours(
      "    properties:\n"
      "      - name: full_name\n"
      "        customProperties: [{property: homeroom.removed, value: true}]\n",
      "students");
  const auto set = ContractSet::from_files(shipped_and(text));
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_THAT(set->find("attendance_daily")->carries,
              testing::Not(testing::Contains("students.full_name")));
}

TEST(MergeContract, ARemovedColumnIsGoneFromTheDocumentsOfOtherDataSets) {
  const std::string text = ours(
      "    properties:\n"
      "      - name: school_id\n"
      "        primaryKey: false\n"
      "        customProperties: [{property: homeroom.removed, value: true}]\n"
      "      - name: school_name\n"
      "        customProperties: [{property: homeroom.removed, value: true}]\n",
      "schools");
  const auto files = shipped_and(text);
  const auto merged = merge_contract(files, "attendance_daily");
  ASSERT_TRUE(merged) << merged.error().message;
  const std::string document = write_yaml(merged->root);
  EXPECT_THAT(document, testing::Not(HasSubstr("schools.school_name")));  // homeroom.carries
  EXPECT_THAT(document, testing::Not(HasSubstr("to: schools.school_id")));
  EXPECT_THAT(document, testing::Not(HasSubstr("schools.school_id")));  // homeroom.synonymsFrom
  EXPECT_THAT(document, HasSubstr("county_district_campus_number"));
}

TEST(MergeContract, ChecksAtLoadAndTimesAreChangedKeyByKey) {
  const std::string text =
      "slaProperties: [{property: latency, value: 4, unit: d}]\n" +
      ours(
          "    customProperties:\n"
          "      - {property: homeroom.loadChecks, value: {volume: {holdDropPercent: 55}}}\n");
  const auto files = shipped_and(text);
  const auto set = ContractSet::from_files(files);
  ASSERT_TRUE(set) << set.error().message;
  const LoadChecks& checks = set->find("attendance_daily")->load_checks;
  EXPECT_EQ(checks.volume.hold_drop, 0.55);
  EXPECT_EQ(checks.school_day.date, "date");
  EXPECT_TRUE(checks.freshness.time_of_day);
  expect_document_says_the_same(files, *set, "attendance_daily");
}

TEST(MergeContract, AColumnOrAPropertyThatStandsTwiceIsAnError) {
  const std::array texts = {
      std::pair{"    properties:\n      - {name: date, required: true}\n"
                "      - {name: date, unique: true}\n",
                "ours/x.odcs.yaml, line 10: column date stands twice"},
      std::pair{"    customProperties:\n      - {property: homeroom.scope, value: date}\n"
                "      - {property: homeroom.scope, value: []}\n",
                "ours/x.odcs.yaml, line 10: homeroom.scope stands twice here"}};
  for (const auto& [text, message] : texts) {
    const std::string file = ours(text);
    const auto set = ContractSet::from_files(shipped_and(file));
    ASSERT_FALSE(set) << text;
    EXPECT_EQ(set.error().message, message);
    EXPECT_THAT(set.error().hint, HasSubstr("in one place"));
  }
}

TEST(MergeContract, BoundsOfAKindThatIsGoneGoWithIt) {
  const std::string text = ours(
      "    properties:\n"
      "      - {name: date, logicalType: string}\n"
      "      - {name: minutes_late, logicalType: timestamp,\n"
      "         logicalTypeOptions: {minimum: '2000-01-31'}}\n");
  const auto files = shipped_and(text);
  const auto set = ContractSet::from_files(files);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(column_of(*set->find("attendance_daily"), "date").minimum, std::nullopt);
  EXPECT_EQ(column_of(*set->find("attendance_daily"), "minutes_late").minimum, "2000-01-31");
  EXPECT_EQ(column_of(*set->find("attendance_daily"), "minutes_late").maximum, std::nullopt);
  expect_document_says_the_same(files, *set, "attendance_daily");
}

TEST(MergeContract, AColumnOfTheKeyIsNotRemovedByTheWay) {
  const std::string text = ours(
      "    properties:\n"
      "      - name: date\n"
      "        customProperties: [{property: homeroom.removed, value: true}]\n");
  const auto set = ContractSet::from_files(shipped_and(text));
  ASSERT_FALSE(set);
  EXPECT_THAT(set.error().message, HasSubstr("line 9: date is removed and is of the key"));
  EXPECT_THAT(set.error().hint, HasSubstr("primaryKey: false"));
}

TEST(MergeContract, AWrongPartIsNamedWithTheNearestOne) {
  const std::string text = ours(
      "    properties:\n"
      "      - name: date\n"
      "        customProperties: [{property: homeroom.without, value: [minimun]}]\n");
  const auto set = ContractSet::from_files(shipped_and(text));
  ASSERT_FALSE(set);
  EXPECT_THAT(set.error().message, HasSubstr("line 10: unknown part of a column minimun"));
  EXPECT_EQ(set.error().hint, "Did you mean minimum?");
}

TEST(MergeContract, SaysWhichFileEachPartCameFrom) {
  const std::string text =
      ours("    properties:\n      - {name: minutes_absent, logicalTypeOptions: {maximum: 420}}\n");
  const auto merged = merge_contract(shipped_and(text), "attendance_daily");
  ASSERT_TRUE(merged);
  EXPECT_THAT(merged->files, ElementsAre("attendance_daily.odcs.yaml", "ours/x.odcs.yaml"));
  const std::string shown = write_yaml(merged->root, [&](const YamlNode& node) {
    return fmt::format("{}:{}", merged->files[node.file], node.line);
  });
  EXPECT_THAT(shown, HasSubstr("maximum: 420  # ours/x.odcs.yaml:9\n"));
  EXPECT_THAT(shown, HasSubstr("minimum: 0  # attendance_daily.odcs.yaml:"));
}

TEST(WriteYaml, ReadsBackAsItWas) {
  constexpr std::string_view kText = R"(words: [yes, "yes", "no", 1.0, "1.0", "", ~, null]
odd: ["a: b", "- x", "#c", "it's \"so\"", "tab\t", "line\nline", " pad ", "ä–", "%d", "*"]
nested: [[a, b], {k: v, "k 2": [c]}]
deep:
  - name: x
    list:
      - {a: 1}
      - b
  - []
)";
  const auto tree = parse_yaml("x", kText);
  ASSERT_TRUE(tree);
  const std::string once = write_yaml(*tree);
  const auto again = parse_yaml("x", once);
  ASSERT_TRUE(again) << again.error().message << "\n" << once;
  EXPECT_EQ(write_yaml(*again), once);
  const YamlNode& words = *again->find("words");
  ASSERT_EQ(words.items.size(), 8U);
  EXPECT_FALSE(words.items[0].is_quoted);
  EXPECT_TRUE(words.items[1].is_quoted);
  EXPECT_EQ(words.items[4].text, "1.0");
  EXPECT_EQ(again->find("odd")->items[4].text, "tab\t");
  EXPECT_EQ(again->find("odd")->items[5].text, "line\nline");
  EXPECT_EQ(again->find("odd")->items[6].text, " pad ");
}

}  // namespace
}  // namespace homeroom::contract
