#include "validate/quality_check.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "validate/decimal.h"
#include "validate/plain_quality.h"

namespace homeroom::validate {
namespace {

using contract::Bound;
using contract::Quality;

Status check_arguments(const Quality& quality, const QualityCheck& check) {
  std::vector<std::string> known;
  for (const std::string_view name : split(check.arguments, ' ')) known.emplace_back(name);
  for (const auto& [name, values] : quality.arguments) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const std::string_view near = nearest(name, known);
    return fail_quality(quality, fmt::format("it has no argument {}", name),
                        near.empty() ? fmt::format("known are {}", join(known, ", "))
                                     : fmt::format("did you mean {}?", near));
  }
  return {};
}

Status check_limits(const Quality& quality) {
  if (!quality.bound) return {};
  for (const std::string& limit : {quality.bound->low, quality.bound->high}) {
    if (limit.empty() || parse_decimal(limit)) continue;
    return fail_quality(quality, fmt::format("{} is not written as a number", limit),
                        "write digits, with a point before decimals");
  }
  return {};
}

}  // namespace

Result<BoundQuality> bind_quality(const Quality& quality, const CheckedTable& table,
                                  const CheckFacts& facts) {
  std::vector<std::string> names;
  for (const QualityCheck* check : all_quality_checks()) {
    names.emplace_back(check->name);
    if (check->name != quality.check) continue;
    HOMEROOM_TRY(check_arguments(quality, *check));
    HOMEROOM_TRY(check_limits(quality));
    return check->bind(quality, table, facts);
  }
  if (const Check* check = find_plain_check(quality.check)) {
    HOMEROOM_TRY(check_limits(quality));
    return bind_plain_check(quality, *check, table, facts);
  }
  for (const std::string_view name : plain_checks()) names.emplace_back(name);
  const std::string_view near = nearest(quality.check, names);
  return fail_quality(quality, "there is no such check",
                      near.empty() ? fmt::format("known are {}", join(names, ", "))
                                   : fmt::format("did you mean {}?", near));
}

tl::unexpected<Error> fail_quality(const Quality& quality, std::string_view what,
                                   std::string hint) {
  auto error = fail(
      ErrorCode::kConfig,
      fmt::format("{}, line {}: check {}: {}", quality.file, quality.line, quality.check, what),
      std::move(hint));
  error.value().position.line = quality.line;
  return error;
}

std::string with_why(std::string what, const Quality& quality) {
  std::string_view why = quality.why;
  if (why.empty()) return what;
  if (why.ends_with('.')) why.remove_suffix(1);
  return fmt::format("{} ({})", what, why);
}

Result<const CheckedColumn*> find_column(const Quality& quality, const CheckedTable& table,
                                         const CheckFacts& facts, std::string_view name) {
  const CheckedColumn* column = table.find(name);
  const bool is_declared = table.contract != nullptr && table.contract->find(name) >= 0;
  if (column == nullptr && !is_declared) {
    std::vector<std::string> known;
    for (const CheckedColumn& other : table.columns) known.push_back(other.table->name);
    const std::string_view near = nearest(name, known);
    return fail_quality(quality, fmt::format("it names {}, which is no column", name),
                        near.empty() ? "declare the column, or correct the name"
                                     : fmt::format("did you mean {}?", near));
  }
  const bool is_absent = column == nullptr || (column->index < facts.is_absent.size() &&
                                               facts.is_absent[column->index] != 0);
  return is_absent ? nullptr : column;
}

Result<const CheckedColumn*> own_column(const Quality& quality, const CheckedTable& table,
                                        const CheckFacts& facts) {
  const std::string* named = quality.find("column");
  if (named == nullptr && quality.column.empty()) {
    return fail_quality(quality, "it stands at no column",
                        "write it under a column, or name one: {column: ...}");
  }
  return find_column(quality, table, facts, named == nullptr ? quality.column : *named);
}

Result<std::vector<std::uint32_t>> columns_of(const Quality& quality, const CheckedTable& table,
                                              const CheckFacts& facts, std::string_view argument) {
  std::vector<std::uint32_t> columns;
  const auto names = quality.arguments.find(argument);
  if (names == quality.arguments.end() || names->second.empty()) {
    return fail_quality(quality, fmt::format("it names no {}", argument),
                        fmt::format("write {{{}: [student_id, date]}}", argument));
  }
  for (const std::string& name : names->second) {
    const CheckedColumn* column = HOMEROOM_TRY(find_column(quality, table, facts, name));
    if (column == nullptr) return std::vector<std::uint32_t>();
    columns.push_back(column->index);
  }
  return columns;
}

Result<double> number_of(const Quality& quality, std::string_view argument, double otherwise) {
  if (!quality.arguments.contains(argument)) return otherwise;
  const std::string* text = quality.find(argument);
  double number = 0;
  if (text != nullptr) {
    const char* const end = text->data() + text->size();
    const auto [stopped, error] = std::from_chars(text->data(), end, number);
    if (error == std::errc() && stopped == end) return number;
  }
  return fail_quality(quality, fmt::format("{} is not a number", argument),
                      "write digits, with a point before decimals");
}

bool fits(const Bound& bound, std::string_view figure) {
  const auto number = parse_decimal(figure);
  const auto low = parse_decimal(bound.low);
  const auto high = parse_decimal(bound.high);
  if (!number || !low) return false;
  const auto order = compare(*number, *low);
  const bool is_between = order >= 0 && high && compare(*number, *high) <= 0;
  switch (bound.op) {
    case Bound::Operator::kBe:
      return order == 0;
    case Bound::Operator::kNotBe:
      return order != 0;
    case Bound::Operator::kGreaterThan:
      return order > 0;
    case Bound::Operator::kGreaterOrEqual:
      return order >= 0;
    case Bound::Operator::kLessThan:
      return order < 0;
    case Bound::Operator::kLessOrEqual:
      return order <= 0;
    case Bound::Operator::kBetween:
      return is_between;
    case Bound::Operator::kNotBetween:
      return !is_between;
  }
  return false;
}

std::string percent_text(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "0";
  std::string text =
      fmt::format("{:.10f}", 100 * static_cast<double>(part) / static_cast<double>(whole));
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

Status need_bound(const Quality& quality) {
  if (quality.bound) return {};
  return fail_quality(quality, "it does not say what the figure must be",
                      "write mustBe: 10, or mustBeBetween: [10, 20]");
}

Status FigureChecker::finish(FileVerdict& out) {
  const auto figure = HOMEROOM_TRY(this->figure());
  const contract::Bound& bound = *quality_->bound;
  if (!figure || fits(bound, *figure)) return {};
  out.findings.push_back(
      {.column = column_,
       .message = with_why(fmt::format("{} is {}{}, must be {}", what_, *figure,
                                       bound.is_percent ? " %" : "", bound.words()),
                           *quality_)});
  return {};
}

}  // namespace homeroom::validate
