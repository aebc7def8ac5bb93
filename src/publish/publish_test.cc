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
