// Rules of AWS Glue Data Quality, for the table of a data set.
// Source: AWS Glue developer guide, "Data Quality Definition Language (DQDL) reference", and the
// grammar of its parser, software.amazon.glue:dqdl. Rules on values fail where there is none, so
// those of columns that may be empty hold only where there is one.

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/quality/named_formats.h"
#include "contract/quality/tolerated.h"
#include "publish/contract_format.h"
#include "publish/dqdl_checks.h"

namespace homeroom::publish {
namespace {

using contract::Column;
using contract::Kind;

std::string quoted(std::string_view text) {
  return dqdl_quoted(text);
}

std::string only_where_given(const Column& column) {
  return column.is_required ? "" : fmt::format(" where \"{} is not null\"", column.name);
}

void add(const Column& column, std::string_view rule, std::string_view condition,
         std::vector<std::string>& rules) {
  rules.push_back(
      fmt::format("{} \"{}\" {}{}", rule, column.name, condition, only_where_given(column)));
}

// A bound as DQDL writes it: a number, or a day in quotes.
std::string bound(const Column& column, const std::string& text) {
  return column.kind == Kind::kDate ? quoted(text) : text;
}

// A type that a table's text could be cast to; text needs no rule.
std::string_view type_of(const Column& column) {
  switch (column.sql_type()) {
    case SqlType::kBigint:
      return "Long";
    case SqlType::kNumeric:
      return "Double";
    case SqlType::kDate:
      return "Date";
    case SqlType::kTimestamptz:
      return "Timestamp";
    case SqlType::kBoolean:
      return "Boolean";
    case SqlType::kText:
    case SqlType::kJsonb:
      return "";
  }
  return "";
}

void add_list(const Column& column, std::vector<std::string>& rules) {
  if (column.kind != Kind::kEnumeration || column.enumeration == nullptr) return;
  std::vector<std::string> codes;
  for (const contract::EnumerationValue& value : column.enumeration->values) {
    codes.push_back(quoted(value.code));
  }
  if (codes.empty()) return;
  add(column, "ColumnValues", fmt::format("in [{}]", join(codes, ", ")), rules);
}

void add_column(const Column& column, std::vector<std::string>& rules) {
  if (column.is_required) rules.push_back(fmt::format("IsComplete \"{}\"", column.name));
  if (!type_of(column).empty()) {
    rules.push_back(fmt::format("ColumnDataType \"{}\" = \"{}\"", column.name, type_of(column)));
  }
  add_list(column, rules);
  if (column.minimum) {
    add(column, "ColumnValues", ">= " + bound(column, *column.minimum), rules);
  }
  if (column.maximum) {
    add(column, "ColumnValues", "<= " + bound(column, *column.maximum), rules);
  }
  if (column.above) add(column, "ColumnValues", "> " + bound(column, *column.above), rules);
  if (column.below) add(column, "ColumnValues", "< " + bound(column, *column.below), rules);
  if (column.is_unique) rules.push_back(fmt::format("IsUnique \"{}\"", column.name));
  if (column.pattern) add(column, "ColumnValues", "matches " + quoted(*column.pattern), rules);
  for (const contract::NamedFormat& format : contract::kNamedFormats) {
    if (format.name != column.format || column.sql_type() != SqlType::kText) continue;
    add(column, "ColumnValues", "matches " + quoted(format.pattern), rules);
  }
  if (column.min_length) {
    add(column, "ColumnLength", fmt::format(">= {}", *column.min_length), rules);
  }
  if (column.max_length) {
    add(column, "ColumnLength", fmt::format("<= {}", *column.max_length), rules);
  }
}

// Parts of a key may be empty, so it is distinct rows that are counted.
void add_key(const contract::Contract& contract, std::vector<std::string>& rules) {
  if (contract.key.empty()) return;
  bool is_complete = true;
  std::string columns;
  for (const std::string& name : contract.key) {
    const Column& column = contract.columns[static_cast<std::size_t>(contract.find(name))];
    is_complete &= contract::is_never_empty(contract, column);
    columns += fmt::format(" \"{}\"", name);
  }
  if (is_complete) {
    rules.push_back("IsPrimaryKey" + columns);
    return;
  }
  rules.push_back(fmt::format(
      "CustomSql \"select count(*) from (select {0} from primary group by {0} having count(*) > "
      "1)\" = 0",
      join(contract.key, ", ")));
}

void add_any_of(const contract::Contract& contract, std::vector<std::string>& rules) {
  if (contract.any_of.empty()) return;
  rules.push_back(
      fmt::format("CustomSql \"select count(*) from primary where coalesce({}) is null\" = 0",
                  join(contract.any_of, ", ")));
}

std::string write(const contract::Contract& contract) {
  std::vector<std::string> rules = {"RowCount > 0"};
  add_key(contract, rules);
  add_any_of(contract, rules);
  for (const Column& column : contract.columns) {
    add_column(contract::strict_part(contract, column), rules);
  }
  add_checks(contract, rules);
  return fmt::format("Rules = [\n    {}\n]\n", join(rules, ",\n    "));
}

}  // namespace

extern const ContractFormat format_dqdl = {
    .name = "dqdl",
    .summary = "Rules of AWS Glue Data Quality for the table",
    .write = write,
};

}  // namespace homeroom::publish
