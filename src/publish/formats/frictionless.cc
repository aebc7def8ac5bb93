// Frictionless Table Schema.
// Source: https://specs.frictionlessdata.io/table-schema/; read by frictionless-py 5.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "contract/quality/named_formats.h"
#include "contract/quality/tolerated.h"
#include "publish/contract_format.h"

namespace homeroom::publish {
namespace {

using contract::Column;
using contract::Kind;
using nlohmann::ordered_json;

// The years that the rule school_year reads.
constexpr int kFirstSchoolYear = 1900;
constexpr int kLastSchoolYear = 2100;

std::string_view type_of(Kind kind) {
  switch (kind) {
    case Kind::kInteger:
    case Kind::kSchoolYear:
      return "integer";
    case Kind::kDecimal:
    case Kind::kPercent:
      return "number";
    case Kind::kDate:
      return "date";
    case Kind::kTime:
      return "time";
    case Kind::kTimestamp:
      return "datetime";
    case Kind::kBoolean:
      return "boolean";
    case Kind::kText:
    case Kind::kIdentifier:
    case Kind::kEnumeration:
    case Kind::kMark:
    case Kind::kPersonName:
    case Kind::kEmail:
    case Kind::kPhone:
    case Kind::kPostcode:
      return "string";
  }
  return "string";
}

// A bound as the type writes it: a number, or a day in quotes.
ordered_json bound(const Column& column, const std::string& text) {
  if (column.kind == Kind::kDate) return text;
  return ordered_json::parse(text, nullptr, false);
}

ordered_json constraints_of(const Column& column) {
  ordered_json constraints = ordered_json::object();
  if (column.is_required) constraints["required"] = true;
  if (column.is_unique) constraints["unique"] = true;
  if (column.kind == Kind::kSchoolYear) {
    constraints["minimum"] = kFirstSchoolYear;
    constraints["maximum"] = kLastSchoolYear;
  }
  if (column.minimum) constraints["minimum"] = bound(column, *column.minimum);
  if (column.maximum) constraints["maximum"] = bound(column, *column.maximum);
  if (column.pattern) constraints["pattern"] = *column.pattern;
  if (column.min_length) constraints["minLength"] = *column.min_length;
  if (column.max_length) constraints["maxLength"] = *column.max_length;
  if (column.kind == Kind::kEnumeration && column.enumeration != nullptr) {
    for (const contract::EnumerationValue& value : column.enumeration->values) {
      constraints["enum"].push_back(value.code);
    }
  }
  return constraints;
}

// Those that Table Schema has by name; others are told by their pattern.
constexpr std::array<std::string_view, 3> kFormats = {"email", "uri", "uuid"};

// Checks of the column that Table Schema can say, where no row may break them.
void add_checks(const contract::Contract& contract, const Column& column, ordered_json& field) {
  ordered_json& constraints = field["constraints"];
  for (const contract::Quality& quality : contract.quality) {
    const bool is_strict = quality.severity == Severity::kError && quality.tolerates_nothing();
    if (quality.column != column.name || !is_strict) continue;
    if (quality.check == "null_values") constraints["required"] = true;
    if (quality.check == "duplicate_values") constraints["unique"] = true;
    if (quality.check != "invalid_values") continue;
    const auto values = quality.arguments.find("valid_values");
    const std::string* pattern = quality.find("pattern");
    if (values != quality.arguments.end() && type_of(column.kind) == "string") {
      constraints["enum"] = values->second;
    }
    if (pattern != nullptr && !constraints.contains("pattern")) constraints["pattern"] = *pattern;
  }
  if (constraints.empty()) field.erase("constraints");
}

void add_format(const Column& column, ordered_json& field) {
  if (column.sql_type() != SqlType::kText || column.format.empty()) return;
  if (std::ranges::find(kFormats, column.format) != kFormats.end()) {
    field["format"] = column.format;
    return;
  }
  for (const contract::NamedFormat& format : contract::kNamedFormats) {
    if (format.name != column.format || field["constraints"].contains("pattern")) continue;
    field["constraints"]["pattern"] = format.pattern;
  }
}

ordered_json field_of(const contract::Contract& contract, const Column& column) {
  ordered_json field{{"name", column.name}, {"type", type_of(column.kind)}};
  if (!column.description.empty()) field["description"] = column.description;
  if (column.kind == Kind::kBoolean) {
    field["trueValues"] = {"true"};
    field["falseValues"] = {"false"};
  }
  field["constraints"] = constraints_of(column);
  add_format(column, field);
  add_checks(contract, column, field);
  return field;
}

std::string write(const contract::Contract& contract) {
  ordered_json schema{{"name", contract.name}};
  if (!contract.title.empty()) schema["title"] = contract.title;
  if (!contract.description.empty()) schema["description"] = contract.description;
  schema["fields"] = ordered_json::array();
  for (const Column& column : contract.columns) {
    schema["fields"].push_back(field_of(contract, contract::strict_part(contract, column)));
  }
  schema["missingValues"] = {""};
  if (!contract.key.empty()) schema["primaryKey"] = contract.key;
  return schema.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

extern const ContractFormat format_frictionless = {
    .name = "frictionless",
    .summary = "Frictionless Table Schema: types, constraints and key of the clean file",
    .write = write,
};

}  // namespace homeroom::publish
