#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract.h"
#include "contract/contract_files.h"
#include "contract/match.h"
#include "contract/named_files.h"
#include "table/dialect.h"

namespace homeroom::contract {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kLists = R"(
color:
  values:
    - {code: red, label: Red, spellings: [R, Crimson]}
    - {code: blue, label: Blue, spellings: [B]}
)";

constexpr std::string_view kPaint = R"(apiVersion: v3.1.0
kind: DataContract
id: test.paint
name: paint
version: 1.0.0
status: active
schema:
  - name: paint
    businessName: Paint
    customProperties:
      - {property: homeroom.nameHints, value: [paint]}
      - {property: homeroom.maxBadPercent, value: 20}
      - {property: other.tool, value: anything}
    properties:
      - name: can_id
        logicalType: string
        required: true
        primaryKey: true
        primaryKeyPosition: 2
        customProperties:
          - {property: homeroom.kind, value: identifier}
          - {property: homeroom.synonyms, value: [Can Number]}
      - name: shelf
        logicalType: integer
        logicalTypeOptions: {minimum: 1, maximum: 9}
        primaryKey: true
        primaryKeyPosition: 1
      - name: color
        logicalType: string
        customProperties:
          - {property: homeroom.enumeration, value: color}
      - name: mixed_on
        logicalType: date
        logicalTypeOptions: {minimum: 2000-01-01}
)";

// `kPaint` with `from` replaced by `to` once.
std::string paint_with(std::string_view from, std::string_view to) {
  std::string text(kPaint);
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

Result<ContractSet> load_texts(std::string_view contract, std::string_view more = {}) {
  std::vector<EmbeddedFile> files = {{"enumerations.yaml", kLists}, {"paint.odcs.yaml", contract}};
  if (!more.empty()) files.push_back({"ours/paint.odcs.yaml", more});
  return ContractSet::from_files(files);
}

TEST(ContractSet, ReadsWhatAContractSays) {
  const auto set = load_texts(kPaint);
  ASSERT_TRUE(set) << set.error().message;
  const Contract* paint = set->find("paint");
  ASSERT_NE(paint, nullptr);
  EXPECT_EQ(paint->title, "Paint");
  EXPECT_EQ(paint->version, "1.0.0");
  EXPECT_THAT(paint->key, ElementsAre("shelf", "can_id"));
  EXPECT_THAT(paint->name_hints, ElementsAre("paint"));
  EXPECT_DOUBLE_EQ(paint->max_bad_fraction, 0.2);
  ASSERT_EQ(paint->columns.size(), 4u);
  EXPECT_EQ(paint->columns[0].kind, Kind::kIdentifier);
  EXPECT_TRUE(paint->columns[0].is_required);
  EXPECT_EQ(paint->columns[0].sql_type(), SqlType::kText);
  EXPECT_EQ(paint->columns[0].line, 15u);
  EXPECT_EQ(paint->columns[1].sql_type(), SqlType::kBigint);
  EXPECT_EQ(paint->columns[1].maximum, "9");
  EXPECT_EQ(paint->columns[2].kind, Kind::kEnumeration);
  EXPECT_EQ(paint->columns[2].enumeration, set->find_enumeration("color"));
  EXPECT_EQ(paint->columns[3].minimum, "2000-01-01");
  EXPECT_EQ(paint->find("mixed_on"), 3);
  EXPECT_EQ(paint->find("nothing"), -1);
  EXPECT_EQ(set->find("nothing"), nullptr);
}

struct BadContract {
  std::string_view name;
  std::string_view from;
  std::string_view to;
  std::string_view message;  ///< part of it
  std::string_view hint;     ///< part of it
};

class EveryBadContract : public testing::TestWithParam<BadContract> {};

TEST_P(EveryBadContract, IsRefusedWithFileLineAndWhatToDo) {
  const auto set = load_texts(paint_with(GetParam().from, GetParam().to));
  ASSERT_FALSE(set);
  EXPECT_EQ(set.error().code, ErrorCode::kConfig);
  EXPECT_THAT(set.error().message, HasSubstr("paint.odcs.yaml"));
  EXPECT_THAT(set.error().message, HasSubstr(std::string(GetParam().message)));
  EXPECT_THAT(set.error().hint, HasSubstr(std::string(GetParam().hint)));
}

constexpr std::array kBadContracts = {
    BadContract{"typo_in_column_property", "homeroom.synonyms", "homeroom.synonym",
                "line 22: unknown property of a column homeroom.synonym",
                "Did you mean homeroom.synonyms?"},
    BadContract{"typo_in_data_set_property", "homeroom.nameHints", "homeroom.nameHint",
                "line 11: unknown property of a data set homeroom.nameHint",
                "Did you mean homeroom.nameHints?"},
    BadContract{"typo_in_standard_key", "logicalTypeOptions", "logicalTypeOption",
                "line 25: unknown key of a column logicalTypeOption",
                "Did you mean logicalTypeOptions?"},
    BadContract{"unknown_kind", "value: identifier", "value: identifer",
                "line 21: unknown kind identifer", "Did you mean identifier?"},
    BadContract{"unknown_list", "value: color", "value: colour", "unknown enumeration colour",
                "Did you mean color?"},
    BadContract{"unknown_logical_type", "logicalType: date", "logicalType: day",
                "unknown logicalType day", "Known are string"},
    BadContract{"kind_against_type", "value: identifier", "value: integer",
                "a column of kind integer has logicalType integer, not string",
                "Write logicalType: integer"},
    BadContract{"bound_is_no_day", "2000-01-01", "2000-13-01", "minimum is not a day",
                "2000-01-31"},
    BadContract{"bound_is_no_number", "maximum: 9", "maximum: nine", "maximum is not a number", ""},
    BadContract{"partitioned_by_text", "primaryKeyPosition: 2",
                "primaryKeyPosition: 2\n        partitioned: true",
                "can_id is partitioned, but is no school year", "school_year"},
    BadContract{"key_position_too_high", "primaryKeyPosition: 2", "primaryKeyPosition: 40",
                "primaryKeyPosition is not from 1 to 32", "PostgreSQL"},
    BadContract{"not_a_boolean", "required: true", "required: perhaps",
                "required is neither true nor false", ""},
    BadContract{"percent_above_100", "value: 20", "value: 120",
                "homeroom.maxBadPercent is not a percentage", "from 0 to 100"},
    BadContract{"capitals_in_name", "- name: can_id", "- name: CanId",
                "a column has no usable name", "small letters"},
    BadContract{"two_data_sets", "  - name: paint", "  - name: brush\n  - name: paint",
                "a contract has one data set under `schema`", "one entry"},
    BadContract{"not_a_contract", "kind: DataContract", "kind: Recipe",
                "this is not a data contract", "kind: DataContract"},
    BadContract{"other_version", "apiVersion: v3.1.0", "apiVersion: v2.2.2",
                "only contracts of the standard's version 3", "v3.1.0"},
    BadContract{"no_version", "version: 1.0.0\n", "", "the contract has no version", "1.0.0"},
    BadContract{"broken_yaml", "version: 1.0.0", "version: [1.0.0", "this is not YAML", "indents"},
    BadContract{"repeated_key", "status: active", "name: other", "line 6: name stands here twice",
                "Keep one"},
    BadContract{"property_without_value", "{property: homeroom.kind, value: identifier}",
                "{property: homeroom.kind}", "needs `property` and `value`", ""},
};

INSTANTIATE_TEST_SUITE_P(ContractSet, EveryBadContract, testing::ValuesIn(kBadContracts),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(ContractSet, RefusesNamesThatAreNoColumns) {
  struct Case {
    std::string_view property;
    std::string_view message;
  };

  constexpr Case kCases[] = {
      {"{property: homeroom.anyOf, value: [can_id, shelv]}",
       "paint.odcs.yaml: homeroom.anyOf names shelv, which is no column of paint"},
      {"{property: homeroom.scope, value: [day]}", "homeroom.scope names day"},
      {"{property: homeroom.schoolYearFrom, value: day}", "homeroom.schoolYearFrom names day"},
      {"{property: homeroom.matchNeeds, value: [[can_id], [day]]}",
       "homeroom.matchNeeds names day"},
      {"{property: homeroom.carries, value: [brushes.width]}",
       "homeroom.carries names brushes.width, which is no data set or column"},
      {"{property: homeroom.excludes, value: [paint.day]}", "homeroom.excludes names paint.day"},
      {"{property: homeroom.unpivot, value: {dimensions: [shelf], measures: [can_id]}}",
       "the dimension shelf has no list of codes"},
      {"{property: homeroom.unpivot, value: {dimensions: [color]}}",
       "homeroom.unpivot needs dimensions and measures"},
      {"{property: homeroom.unpivot, value: {dimension: [color]}}",
       "unknown key of homeroom.unpivot dimension"},
      {"{property: homeroom.writeMode, value: append}", "unknown write mode append"},
      {"{property: homeroom.extraColumns, value: drop}", "unknown way with extra columns drop"},
  };
  for (const Case& each : kCases) {
    const auto set =
        load_texts(paint_with("{property: homeroom.nameHints, value: [paint]}", each.property));
    ASSERT_FALSE(set) << each.property;
    EXPECT_THAT(set.error().message, HasSubstr(std::string(each.message)));
  }
}

// "line N: message" of each problem.
std::vector<std::string> problems_of(std::string_view contract) {
  const EmbeddedFile files[] = {{"enumerations.yaml", kLists}, {"paint.odcs.yaml", contract}};
  std::vector<std::string> lines;
  for (const Problem& problem : find_problems(files)) {
    EXPECT_EQ(problem.file, "paint.odcs.yaml");
    lines.push_back(problem.error.message.substr(problem.error.message.find("line ")));
  }
  return lines;
}

TEST(ContractSet, FindsEveryProblemOfAFile) {
  std::string text = paint_with("homeroom.synonyms", "homeroom.synonym");
  const auto change = [&text](std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
  };
  change("homeroom.nameHints", "homeroom.nameHint");
  change("required: true", "required: perhaps");
  change("{minimum: 1, maximum: 9}", "{minimum: one, maximum: nine, step: 2}");
  change("primaryKeyPosition: 1", "primaryKeyPosition: 99");
  EXPECT_THAT(problems_of(text),
              ElementsAre("line 11: unknown property of a data set homeroom.nameHint",
                          "line 22: unknown property of a column homeroom.synonym",
                          "line 17: required is neither true nor false",
                          "line 25: unknown option of a type step",
                          "line 25: minimum is not a number", "line 25: maximum is not a number",
                          "line 27: primaryKeyPosition is not from 1 to 32"));
  const auto set = load_texts(text);
  ASSERT_FALSE(set);
  EXPECT_THAT(set.error().hint, HasSubstr("homeroom contract lint lists 6 more"));
  EXPECT_THAT(problems_of(kPaint), testing::IsEmpty());
}

TEST(ContractSet, NamesTheLineOfAWrongKeyWhoseValueStandsBelow) {
  const std::string text = paint_with("customProperties:\n      - {property: homeroom.nameHints",
                                      "customProperty:\n      - {property: homeroom.nameHints");
  EXPECT_THAT(problems_of(text), ElementsAre("line 10: unknown key of a data set customProperty"));
}

TEST(ContractSet, ADistrictsFileChangesOnlyWhatItStates) {
  constexpr std::string_view kOurs = R"(apiVersion: v3.1.0
kind: DataContract
id: ours.paint
version: 2.0.0
status: active
schema:
  - name: paint
    customProperties:
      - {property: homeroom.maxBadPercent, value: 5}
    properties:
      - name: can_id
        customProperties:
          - {property: homeroom.synonyms, value: [Dose]}
      - name: smell
        logicalType: string
)";
  const auto plain = load_texts(kPaint);
  const auto set = load_texts(kPaint, kOurs);
  ASSERT_TRUE(set) << set.error().message;
  const Contract& paint = *set->find("paint");
  EXPECT_EQ(set->contracts().size(), 1u);
  EXPECT_EQ(paint.version, "1.0.0+2.0.0");
  EXPECT_EQ(paint.title, "Paint");
  EXPECT_DOUBLE_EQ(paint.max_bad_fraction, 0.05);
  EXPECT_THAT(paint.key, ElementsAre("shelf", "can_id"));
  EXPECT_THAT(paint.columns[0].synonyms, ElementsAre("Dose", "Can Number"));
  EXPECT_EQ(paint.columns[0].kind, Kind::kIdentifier);
  EXPECT_TRUE(paint.columns[0].is_required);
  EXPECT_EQ(paint.columns[0].file, "ours/paint.odcs.yaml");
  ASSERT_EQ(paint.columns.size(), 5u);
  EXPECT_EQ(paint.columns[4].name, "smell");
  EXPECT_NE(set->hash(), plain->hash());
  EXPECT_NE(paint.text_hash, plain->find("paint")->text_hash);
}

constexpr std::string_view kWithFiles = R"(apiVersion: v3.1.0
kind: DataContract
version: 1.0.0
schema:
  - name: benchmark
    customProperties:
      - property: homeroom.files
        value:
          - {name: "BENCH_*.txt", encoding: windows-1252, headerLines: 0, columns: [
              {name: student_id, start: 1, length: 9}, {name: score, start: 12, length: 4}]}
          - {name: "lincoln/*.csv", delimiter: pipe, quote: none, preambleLines: 2}
    properties:
      - {name: student_id, logicalType: string}
      - {name: score, logicalType: integer}
)";

TEST(ContractSet, KnowsFilesByTheirName) {
  const EmbeddedFile files[] = {{"benchmark.odcs.yaml", kWithFiles}};
  const auto contracts = ContractSet::from_files(files);
  ASSERT_TRUE(contracts) << contracts.error().message;
  const auto fixed = find_by_name(*contracts, split_file_name("drop/bench_2026.TXT", "drop"));
  ASSERT_TRUE(fixed);
  ASSERT_NE(fixed->files, nullptr);
  EXPECT_EQ(fixed->contract->name, "benchmark");
  EXPECT_EQ(fixed->files->given.encoding, "windows-1252");
  EXPECT_EQ(fixed->files->given.header_lines, 0);
  const std::vector<FixedColumn> layout = {{.name = "student_id", .start = 1, .length = 9},
                                           {.name = "score", .start = 12, .length = 4}};
  EXPECT_EQ(fixed->files->given.layout, layout);
  const auto by_folder = find_by_name(*contracts, split_file_name("x/any.csv", "Lincoln"));
  ASSERT_TRUE(by_folder && by_folder->files != nullptr);
  EXPECT_EQ(by_folder->files->given.as_text(), " delimiter=| quote=none preamble_lines=2");
  const auto other = find_by_name(*contracts, split_file_name("x/any.csv", "adams"));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->contract, nullptr);
}

TEST(ContractSet, RefusesTwoDataSetsForOneName) {
  std::string second(kWithFiles);
  second.replace(second.find("benchmark"), 9, "benchmarks");
  const EmbeddedFile files[] = {{"a.odcs.yaml", kWithFiles}, {"b.odcs.yaml", second}};
  const auto contracts = ContractSet::from_files(files);
  ASSERT_TRUE(contracts);
  const auto found = find_by_name(*contracts, split_file_name("bench_1.txt", ""));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message,
            "the file's name fits homeroom.files of benchmark and of benchmarks");
}

TEST(ContractSet, RefusesALayoutThatCannotBe) {
  const struct {
    std::string_view from;
    std::string_view to;
    std::string_view message;
  } cases[] = {
      {"start: 12", "start: 9",
       "benchmark.odcs.yaml, line 10: column score starts at 9, within student_id before it"},
      {"start: 12", "start: 0", "benchmark.odcs.yaml, line 10: start is no whole number from 1 on"},
      {"start: 12, ", "",
       "benchmark.odcs.yaml, line 10: a column of fixed width needs name, start and length"},
      {"preambleLines: 2", "preambleLines: -2",
       "benchmark.odcs.yaml, line 11: preambleLines is no whole number from 0 on"},
      {"quote: none", "quote: nothing",
       "benchmark.odcs.yaml, line 11: quote is neither one character nor none"},
      {"delimiter: pipe", "delimeter: pipe",
       "benchmark.odcs.yaml, line 11: unknown key of homeroom.files delimeter"},
  };

  for (const auto& [from, to, message] : cases) {
    std::string text(kWithFiles);
    text.replace(text.find(from), from.size(), to);
    const EmbeddedFile files[] = {{"benchmark.odcs.yaml", text}};
    const auto contracts = ContractSet::from_files(files);
    ASSERT_FALSE(contracts) << message;
    EXPECT_EQ(contracts.error().message, message);
  }
}

TEST(ContractSet, AColumnHasTheSynonymsOfAnother) {
  const std::string brush = paint_with("- name: paint", "- name: brush");
  std::string dip = paint_with("- name: paint", "- name: dip");
  constexpr std::string_view kOwn = "{property: homeroom.synonyms, value: [Can Number]}";
  const auto with = [&](std::string_view property) {
    std::string text = dip;
    text.replace(text.find(kOwn), kOwn.size(), property);
    const std::array<EmbeddedFile, 3> files = {
        {{"enumerations.yaml", kLists}, {"brush.odcs.yaml", brush}, {"dip.odcs.yaml", text}}};
    return ContractSet::from_files(files);
  };
  const auto set = with("{property: homeroom.synonymsFrom, value: brush.can_id}");
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_THAT(set->find("dip")->columns[0].synonyms, ElementsAre("Can Number"));
  const auto bad = with("{property: homeroom.synonymsFrom, value: brush.can}");
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().message, HasSubstr("homeroom.synonymsFrom of can_id names brush.can"));
}

TEST(ContractSet, AnotherNameAddsADataSet) {
  const std::string brush = paint_with("- name: paint", "- name: brush");
  const auto set = load_texts(kPaint, brush);
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_EQ(set->contracts().size(), 2u);
  EXPECT_EQ(set->find("paint")->version, "1.0.0");
}

TEST(ContractSet, TheHashDependsOnTheTextsAlone) {
  const auto first = load_texts(kPaint);
  const auto second = load_texts(kPaint);
  EXPECT_EQ(first->hash(), second->hash());
  EXPECT_EQ(first->hash().size(), 8u);
  EXPECT_EQ(first->find("paint")->text_hash.size(), 8u);
  EXPECT_NE(first->hash(), load_texts(paint_with("maximum: 9", "maximum: 8"))->hash());
}

TEST(Enumeration, FindsSpellingsWhateverTheirCaseAndBlanks) {
  const auto set = load_texts(kPaint);
  const Enumeration& color = *set->find_enumeration("color");
  std::string folded;
  for (const std::string_view spelling : {"red", " RED ", "r", "crimson"}) {
    fold_spelling(spelling, folded);
    ASSERT_TRUE(color.by_spelling.contains(folded)) << spelling;
    EXPECT_EQ(color.values[color.by_spelling.at(folded)].code, "red");
  }
  fold_spelling(" Not \t yet  known ", folded);
  EXPECT_EQ(folded, "not yet known");
  EXPECT_FALSE(color.by_spelling.contains(folded));
}

TEST(Enumeration, ASpellingOfTwoCodesMeansNeitherAndACodeMeansItself) {
  constexpr std::string_view kText = R"(
mark:
  values:
    - {code: P, label: Pass, spellings: [Good, N]}
    - {code: N, label: No pass, spellings: [Good, P]}
)";
  const std::array<EmbeddedFile, 1> files = {{{"enumerations.yaml", kText}}};
  const auto set = ContractSet::from_files(files);
  ASSERT_TRUE(set) << set.error().message;
  const Enumeration& mark = *set->find_enumeration("mark");
  EXPECT_FALSE(mark.by_spelling.contains("good"));
  EXPECT_EQ(mark.values[mark.by_spelling.at("p")].code, "P");
  EXPECT_EQ(mark.values[mark.by_spelling.at("n")].code, "N");
}

TEST(Enumeration, ADistrictsSpellingIsTakenFromOtherCodes) {
  constexpr std::string_view kOurs = R"(
color:
  values:
    - {code: blue, spellings: [R, Navy]}
    - {code: green, label: Green}
)";
  const std::array<EmbeddedFile, 2> files = {
      {{"enumerations.yaml", kLists}, {"ours/enumerations_ours.yaml", kOurs}}};
  const auto set = ContractSet::from_files(files);
  ASSERT_TRUE(set) << set.error().message;
  const Enumeration& color = *set->find_enumeration("color");
  EXPECT_EQ(color.values[color.by_spelling.at("r")].code, "blue");
  EXPECT_EQ(color.values[color.by_spelling.at("navy")].code, "blue");
  EXPECT_EQ(color.values[color.by_spelling.at("b")].code, "blue");
  EXPECT_EQ(color.values[color.by_spelling.at("crimson")].code, "red");
  EXPECT_EQ(color.values[color.by_spelling.at("green")].code, "green");
}

TEST(Enumeration, AListThatIsWrongIsRefusedWithItsLine) {
  struct Case {
    std::string_view text;
    std::string_view message;
  };

  constexpr Case kCases[] = {
      {"color:\n  value: []\n", "enumerations.yaml, line 2: unknown key of an enumeration value"},
      {"color:\n  values:\n    - {label: Red}\n", "line 3: a value has no code"},
      {"color:\n  description: none\n", "an enumeration has no list of values"},
      {"- red\n", "this is not a list of enumerations"},
  };
  for (const Case& each : kCases) {
    const std::array<EmbeddedFile, 1> files = {{{"enumerations.yaml", each.text}}};
    const auto set = ContractSet::from_files(files);
    ASSERT_FALSE(set) << each.text;
    EXPECT_THAT(set.error().message, HasSubstr(std::string(each.message)));
  }
}

TEST(ContractSet, AnAliasBombIsRefusedSmall) {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = fmt::format("*a{}", i - 1);
    bomb += fmt::format("a{}: &a{} [{}, {}, {}, {}, {}, {}]\n", i, i, before, before, before,
                        before, before, before);
  }
  const std::array<EmbeddedFile, 1> files = {{{"enumerations.yaml", bomb}}};
  const auto set = ContractSet::from_files(files);
  ASSERT_FALSE(set);
  EXPECT_THAT(set.error().message, HasSubstr("too large or too deep"));
}

TEST(ContractSet, LoadsADistrictsFolderAndSaysWhenThereIsNone) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / "homeroom_contracts_test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "brush.odcs.yaml") << paint_with("- name: paint", "- name: brush");
  std::ofstream(folder / "enumerations_ours.yaml") << kLists;
  std::ofstream(folder / "notes.txt") << "not a contract";
  const auto set = ContractSet::load(folder.string());
  ASSERT_TRUE(set) << set.error().message;
  EXPECT_NE(set->find("brush"), nullptr);
  EXPECT_NE(set->find("students"), nullptr);
  std::filesystem::remove_all(folder);
  const auto missing = ContractSet::load(folder.string());
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kConfig);
  EXPECT_THAT(missing.error().message, HasSubstr("Cannot read the contracts in"));
}

}  // namespace
}  // namespace homeroom::contract
