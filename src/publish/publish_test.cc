// Contracts in the words of other tools, and as pages. That frictionless reads the one and Glue's
// grammar the other is tested in tests/e2e.

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "contract/contract.h"
#include "publish/contract_format.h"
#include "publish/contract_page.h"

namespace homeroom::publish {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kLists = R"(color:
  values:
    - {code: red, label: Red, spellings: [R, "Crim|son <b>"]}
    - {code: 'sky "blue"', label: Blue}
)";

constexpr std::string_view kPaint = R"(apiVersion: v3.1.0
kind: DataContract
version: 1.0.0
schema:
  - name: paint
    businessName: Paint
    description: Cans of paint.
    dataGranularityDescription: one can
    customProperties:
      - {property: homeroom.anyOf, value: [color, mixed_on]}
    properties:
      - name: can_id
        logicalType: string
        required: true
        primaryKey: true
        logicalTypeOptions: {pattern: '[A-Z]\d"?', minLength: 2, maxLength: 9}
        customProperties:
          - {property: homeroom.kind, value: identifier}
          - {property: homeroom.why, value: Cans are counted.}
      - {name: liters, logicalType: number, logicalTypeOptions: {minimum: 0.5, maximum: 20}}
      - name: color
        logicalType: string
        customProperties: [{property: homeroom.enumeration, value: color}]
      - {name: mixed_on, logicalType: date, logicalTypeOptions: {minimum: "2000-01-01"}}
      - {name: is_open, logicalType: boolean}
)";

const contract::Contract& paint() {
  static const contract::ContractSet kSet =
      contract::ContractSet::from_files(
          std::vector<EmbeddedFile>{{"enumerations.yaml", kLists}, {"paint.odcs.yaml", kPaint}})
          .value();
  return *kSet.find("paint");
}

TEST(Frictionless, SaysTypesConstraintsAndKey) {
  const auto schema = nlohmann::json::parse(find_format("frictionless")->write(paint()));
  EXPECT_EQ(schema["primaryKey"], nlohmann::json::array({"can_id"}));
  EXPECT_EQ(
      schema["fields"][0]["constraints"],
      (nlohmann::json{
          {"required", true}, {"pattern", "[A-Z]\\d\"?"}, {"minLength", 2}, {"maxLength", 9}}));
  EXPECT_EQ(schema["fields"][1]["type"], "number");
  EXPECT_EQ(schema["fields"][1]["constraints"]["minimum"], 0.5);
  EXPECT_EQ(schema["fields"][2]["constraints"]["enum"],
            nlohmann::json::array({"red", "sky \"blue\""}));
  EXPECT_EQ(schema["fields"][3]["constraints"]["minimum"], "2000-01-01");
  EXPECT_EQ(schema["fields"][4]["trueValues"], nlohmann::json::array({"true"}));
}

constexpr std::string_view kChecked = R"(apiVersion: v3.1.0
kind: DataContract
version: 1.0.0
schema:
  - name: cans
    quality:
      - {metric: rowCount, mustBeBetween: [10, 500]}
      - {metric: duplicateValues, mustBe: 0, arguments: {properties: [shelf, place]}}
      - {metric: rowCount, mustBeLessThan: 3, severity: warning}
      - type: custom
        engine: homeroom
        implementation: {check: matches_table, table: shelves, mustBeGreaterOrEqualTo: 97.5, unit: percent}
      - type: custom
        engine: homeroom
        implementation: {check: matches_table, table: shelves, figure: sum(liters), theirFigure: sum(room)}
    properties:
      - {name: shelf, logicalType: string, quality: [{metric: nullValues, mustBe: 0}]}
      - {name: place, logicalType: string, logicalTypeOptions: {format: nces_district}}
      - name: color
        logicalType: string
        quality:
          - {metric: invalidValues, mustBeLessThan: 5, unit: percent, arguments: {validValues: [red, blue]}}
          - {metric: nullValues, mustBeLessThan: 2.5, unit: percent}
      - name: state
        logicalType: string
        quality:
          - {metric: invalidValues, mustBe: 0, arguments: {pattern: '[A-Z]{2}'}}
          - {metric: duplicateValues, mustBe: 0}
      - name: liters
        logicalType: number
        quality:
          - {type: custom, engine: homeroom, implementation: {check: completeness, mustBeGreaterOrEqualTo: 95, unit: percent}}
          - {type: custom, engine: homeroom, implementation: {check: statistic, of: mean, mustBeLessThan: 9.5}}
          - {type: custom, engine: homeroom, implementation: {check: row_condition, condition: liters > 0, where: "color = 'red'"}}
)";

constexpr std::string_view kShelves = R"(apiVersion: v3.1.0
kind: DataContract
version: 1.0.0
schema:
  - name: shelves
    properties:
      - {name: room, logicalType: number}
)";

const contract::Contract& cans() {
  static const contract::ContractSet kSet =
      contract::ContractSet::from_files(
          std::vector<EmbeddedFile>{{"cans.odcs.yaml", kChecked}, {"shelves.odcs.yaml", kShelves}})
          .value();
  return *kSet.find("cans");
}

TEST(Dqdl, SaysTheChecksOfQualityThatHoldAFile) {
  const std::string rules = find_format("dqdl")->write(cans());
  for (const std::string_view rule :
       {"RowCount >= 10", "RowCount <= 500", "RowCountMatch \"shelves\" >= 0.975",
        "AggregateMatch \"sum(liters)\" \"sum(shelves.room)\" = 1.0",
        "(select shelf, place from primary where shelf is not null and place is not null group by "
        "shelf, place having count(*) > 1)\" = 0",
        "CustomSql \"select sum(case when shelf is null then 1 else 0 end) from primary\" = 0",
        "ColumnValues \"color\" in [\"red\", \"blue\"] where \"color is not null\" with threshold "
        "> "
        "0.95",
        "CustomSql \"select 100.0 * sum(case when color is null then 1 else 0 end) / count(*) from "
        "primary\" < 2.5",
        "ColumnValues \"state\" matches \"[A-Z]{2}\" where \"state is not null\"",
        "IsUnique \"state\"", "Completeness \"liters\" >= 0.95", "Mean \"liters\" < 9.5",
        "CustomSql \"select sum(case when (color = 'red') and not (liters > 0) then 1 else 0 end) "
        "from "
        "primary\" = 0",
        "ColumnValues \"place\" matches \"(0[124-689]"}) {
    EXPECT_THAT(rules, HasSubstr(rule));
  }
  EXPECT_THAT(rules, Not(HasSubstr("RowCount < 3")));
}

TEST(Frictionless, SaysTheChecksOfColumnsThatNoRowMayBreak) {
  const auto schema = nlohmann::json::parse(find_format("frictionless")->write(cans()));
  EXPECT_EQ(schema["fields"][0]["constraints"], (nlohmann::json{{"required", true}}));
  EXPECT_THAT(schema["fields"][1]["constraints"]["pattern"].get<std::string>(),
              testing::EndsWith("[0-9]{5}"));
  EXPECT_FALSE(schema["fields"][2].contains("constraints"));
  EXPECT_EQ(schema["fields"][3]["constraints"],
            (nlohmann::json{{"pattern", "[A-Z]{2}"}, {"unique", true}}));
}

TEST(Dqdl, RulesOfColumnsThatMayBeEmptyHoldWhereThereIsAValue) {
  EXPECT_EQ(find_format("dqdl")->write(paint()), R"(Rules = [
    RowCount > 0,
    IsPrimaryKey "can_id",
    CustomSql "select count(*) from primary where coalesce(color, mixed_on) is null" = 0,
    IsComplete "can_id",
    ColumnValues "can_id" matches "[A-Z]\\d\"?",
    ColumnLength "can_id" >= 2,
    ColumnLength "can_id" <= 9,
    ColumnDataType "liters" = "Double",
    ColumnValues "liters" >= 0.5 where "liters is not null",
    ColumnValues "liters" <= 20 where "liters is not null",
    ColumnValues "color" in ["red", "sky \"blue\""] where "color is not null",
    ColumnDataType "mixed_on" = "Date",
    ColumnValues "mixed_on" >= "2000-01-01" where "mixed_on is not null",
    ColumnDataType "is_open" = "Boolean"
]
)");
}

TEST(ContractPage, SaysWhatASenderNeedsInBothFormats) {
  const std::string markdown = write_contract_page(paint(), PageFormat::kMarkdown);
  EXPECT_THAT(markdown, HasSubstr("# Paint\n\nCans of paint.\n\nOne line of the file is one can."));
  EXPECT_THAT(markdown, HasSubstr("| can\\_id | Cans are counted. | a number or code"));
  EXPECT_THAT(markdown, HasSubstr("from 0.5 to 20"));
  EXPECT_THAT(markdown, HasSubstr("one of color, mixed\\_on"));
  EXPECT_THAT(markdown, HasSubstr("| red | Red | R, Crim\\|son &lt;b&gt; |"));
  const std::string html = write_contract_page(paint(), PageFormat::kHtml);
  EXPECT_THAT(html, HasSubstr("<title>Paint</title>"));
  EXPECT_THAT(html, HasSubstr("<td>R, Crim|son &lt;b&gt;</td>"));
  EXPECT_THAT(html, Not(HasSubstr("<b>")));
}

}  // namespace
}  // namespace homeroom::publish
