// What changed between two contracts, and whose work it may break.

#include "contract/diff/diff.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract.h"

namespace homeroom::contract {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kHead =
    "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\n";

// A data set of a key and one column, of which `column` and `dataset` say more.
std::string contract_of(std::string_view column, std::string_view dataset) {
  return fmt::format(
      "{}schema:\n  - name: clubs\n{}    properties:\n"
      "      - {{name: club_id, logicalType: string, primaryKey: true}}\n"
      "      - {{name: value, {}}}\n",
      kHead, dataset, column);
}

Result<ContractSet> set_of(std::string_view column, std::string_view dataset) {
  const std::string text = contract_of(column, dataset);
  const std::string other = fmt::format(
      "{}schema:\n  - name: schools\n    properties: [{{name: id, logicalType: string}}]\n", kHead);
  const std::vector<EmbeddedFile> files = {
      {"enumerations.yaml", "a: {values: [{code: x}]}\nb: {values: [{code: x}, {code: y}]}\n"},
      {"clubs.odcs.yaml", text},
      {"schools.odcs.yaml", other}};
  return ContractSet::from_files(files);
}

// "maximum 5 -> 6 senders"
std::vector<std::string> changes_of(const ContractSet& before, const ContractSet& after) {
  std::vector<std::string> said;
  for (const ContractChange& change : diff(before, after)) {
    said.push_back(fmt::format("{}: {} -> {}, {}", change.part, change.before, change.after,
                               to_string(change.breaks)));
  }
  return said;
}

struct Case {
  std::string_view before;
  std::string_view after;
  std::vector<std::string> forth;
  std::vector<std::string> back;
};

class EveryChange : public testing::TestWithParam<Case> {};

TEST_P(EveryChange, OfAColumnSaysWhomItBreaksInBothDirections) {
  SCOPED_TRACE(fmt::format("{} -> {}", GetParam().before, GetParam().after));
  const auto before = set_of(GetParam().before, "");
  const auto after = set_of(GetParam().after, "");
  ASSERT_TRUE(before) << before.error().message;
  ASSERT_TRUE(after) << after.error().message;
  EXPECT_THAT(changes_of(*before, *after), testing::ElementsAreArray(GetParam().forth));
  EXPECT_THAT(changes_of(*after, *before), testing::ElementsAreArray(GetParam().back));
}

const std::array kColumns = {
    Case{"logicalType: integer, logicalTypeOptions: {minimum: 9}",
         "logicalType: integer, logicalTypeOptions: {minimum: 10}",
         {"minimum: 9 -> 10, senders"},
         {"minimum: 10 -> 9, nobody"}},
    Case{"logicalType: integer",
         "logicalType: integer, logicalTypeOptions: {exclusiveMaximum: 5}",
         {"exclusiveMaximum:  -> 5, senders"},
         {"exclusiveMaximum: 5 -> , nobody"}},
    Case{"logicalType: date, logicalTypeOptions: {maximum: '2030-01-01'}",
         "logicalType: date, logicalTypeOptions: {maximum: '2029-12-31'}",
         {"maximum: 2030-01-01 -> 2029-12-31, senders"},
         {"maximum: 2029-12-31 -> 2030-01-01, nobody"}},
    Case{"logicalType: number, logicalTypeOptions: {multipleOf: 0.5}",
         "logicalType: number, logicalTypeOptions: {multipleOf: 0.25}",
         {"multipleOf: 0.5 -> 0.25, nobody"},
         {"multipleOf: 0.25 -> 0.5, senders"}},
    Case{"logicalType: string, logicalTypeOptions: {maxLength: 9}",
         "logicalType: string, logicalTypeOptions: {maxLength: 10}",
         {"maxLength: 9 -> 10, nobody"},
         {"maxLength: 10 -> 9, senders"}},
    Case{"logicalType: string, logicalTypeOptions: {pattern: a}",
         "logicalType: string",
         {"pattern: a -> , nobody"},
         {"pattern:  -> a, senders"}},
    Case{"logicalType: string, required: true",
         "logicalType: string",
         {"required: true -> false, readers"},
         {"required: false -> true, senders"}},
    Case{"logicalType: string, unique: true",
         "logicalType: string",
         {"unique: true -> false, readers"},
         {"unique: false -> true, senders"}},
    Case{"logicalType: string, customProperties: [{property: homeroom.enumeration, value: a}]",
         "logicalType: string, customProperties: [{property: homeroom.enumeration, value: b}]",
         {"list: a -> b, nobody", "codes:  -> y, readers", "spellings:  -> y = y, nobody"},
         {"list: b -> a, nobody", "codes: y -> , senders", "spellings: y = y -> , senders"}},
    Case{"logicalType: number, customProperties: [{property: homeroom.units, value: [oz]}]",
         "logicalType: number",
         {"units: oz -> , senders"},
         {"units:  -> oz, nobody"}},
    Case{"logicalType: number, customProperties: [{property: homeroom.suppressible, value: true}]",
         "logicalType: number",
         {"suppressible: true -> false, readers"},
         {"suppressible: false -> true, nobody"}},
    Case{"logicalType: string, customProperties: [{property: homeroom.synonyms, value: [a, b]}]",
         "logicalType: string, customProperties: [{property: homeroom.synonyms, value: [b, a]}]",
         {"order of synonyms: a, b -> b, a, nobody"},
         {"order of synonyms: b, a -> a, b, nobody"}},
    Case{"logicalType: string, relationships: [{to: schools.id}]",
         "logicalType: string, relationships: [{to: schools.id, customProperties: [{property: "
         "homeroom.whenUnknown, value: warn}]}]",
         {"reference value -> schools.id: pending, 50 % known -> warn, 50 % known, readers"},
         {"reference value -> schools.id: warn, 50 % known -> pending, 50 % known, senders"}},
    Case{"logicalType: string, quality: [{id: a, metric: nullValues, mustBeLessThan: 5}]",
         "logicalType: string, quality: [{id: a, metric: nullValues, mustBeLessThan: 10}]",
         {"check a: null_values, must be less than 5, error -> null_values, must be less than 10, "
          "error, nobody"},
         {"check a: null_values, must be less than 10, error -> null_values, must be less than 5, "
          "error, senders"}},
    Case{"logicalType: string, quality: [{id: a, metric: nullValues, mustBe: 0}]",
         "logicalType: string, quality: [{id: a, metric: nullValues, mustBe: 0, severity: "
         "warning}]",
         {"check a: null_values, must be 0, error -> null_values, must be 0, warning, nobody"},
         {"check a: null_values, must be 0, warning -> null_values, must be 0, error, senders"}},
    Case{"logicalType: string",
         "logicalType: string, quality: [{metric: nullValues, mustBe: 0, severity: warning}]",
         {"check:  -> null_values, must be 0, warning, nobody"},
         {"check: null_values, must be 0, warning -> , nobody"}},
};

INSTANTIATE_TEST_SUITE_P(DiffContracts, EveryChange, testing::ValuesIn(kColumns));

TEST(DiffContracts, PartsOfADataSetSayWhomTheyBreak) {
  const auto before = set_of("logicalType: date", "");
  const auto after = set_of(
      "logicalType: date",
      "    customProperties:\n"
      "      - {property: homeroom.maxBadPercent, value: 7}\n"
      "      - {property: homeroom.minKnownPercent, value: 7}\n"
      "      - {property: homeroom.excludes, value: schools.id}\n"
      "      - {property: homeroom.files, value: [{name: 'x_*.txt', delimiter: tab}]}\n"
      "      - property: homeroom.loadChecks\n"
      "        value: {volume: {holdDropPercent: 30, severity: hold}, drift: {maxPsi: 0.1}}\n");
  ASSERT_TRUE(before && after);
  EXPECT_THAT(
      changes_of(*before, *after),
      ElementsAre("bad rows tolerated: 50 % -> 7 %, senders",
                  "files:  -> x_*.txt delimiter=\t, nobody", "excludes:  -> schools.id, senders",
                  "columns known at least: 50 % -> 7 %, nobody",
                  "volume at load: holdDropPercent: 40 % -> 30 %, senders",
                  "drift at load: maxPsi: 0.2 -> 0.1, nobody"));
  EXPECT_THAT(changes_of(*after, *after), IsEmpty());
}

}  // namespace
}  // namespace homeroom::contract
