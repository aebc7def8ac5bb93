#include "publish/dqdl_checks.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/quality/comparison.h"

namespace homeroom::publish {
namespace {

using contract::Bound;
using contract::Contract;
using contract::Quality;
using Rules = std::vector<std::string>;

// What a bound's number becomes: itself, a share of 1, or what is left of it.
enum class Scale : std::uint8_t { kNumber, kShare, kRest };

constexpr std::size_t kPercentDigits = 2;

// "97.5" -> "0.975"
std::string share_of(std::string_view percent) {
  const std::size_t point = std::min(percent.find('.'), percent.size());
  std::string digits(percent.substr(0, point));
  const std::string fraction(percent.substr(std::min(point + 1, percent.size())));
  if (digits.size() <= kPercentDigits) digits.insert(0, kPercentDigits + 1 - digits.size(), '0');
  const std::size_t whole = digits.size() - kPercentDigits;
  std::string share = digits.substr(0, whole) + "." + digits.substr(whole) + fraction;
  while (share.ends_with('0') && !share.ends_with(".0")) share.pop_back();
  return share;
}

// "2.5" -> "0.975"
std::string rest_of(std::string_view percent) {
  return fmt::format("{:.10g}", 1 - std::stod(share_of(percent)));
}

std::string scaled(const std::string& number, Scale scale) {
  if (scale == Scale::kNumber) return number;
  return scale == Scale::kShare ? share_of(number) : rest_of(number);
}

// "< 5"; of what is left of a share the other way round: "> 0.95".
std::string compared(std::string_view sign, const std::string& number, Scale scale) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kTurned = {
      {{"<", ">"}, {"<=", ">="}, {">", "<"}, {">=", "<="}}};
  for (const auto& [left, right] : kTurned) {
    if (scale != Scale::kRest || sign != left) continue;
    sign = right;
    break;
  }
  return fmt::format("{} {}", sign, scaled(number, scale));
}

// What stands behind a rule; two for a range, since `between` leaves its ends out.
std::vector<std::string> expressions(const Bound& bound, Scale scale) {
  switch (bound.op) {
    case Bound::Operator::kBe:
      return {compared("=", bound.low, scale)};
    case Bound::Operator::kNotBe:
      return {compared("!=", bound.low, scale)};
    case Bound::Operator::kGreaterThan:
      return {compared(">", bound.low, scale)};
    case Bound::Operator::kGreaterOrEqual:
      return {compared(">=", bound.low, scale)};
    case Bound::Operator::kLessThan:
      return {compared("<", bound.low, scale)};
    case Bound::Operator::kLessOrEqual:
      return {compared("<=", bound.low, scale)};
    case Bound::Operator::kBetween:
      return {compared(">=", bound.low, scale), compared("<=", bound.high, scale)};
    case Bound::Operator::kNotBetween:
      break;
  }
  return {};
}

void add(const std::string& rule, const Bound& bound, Scale scale, Rules& rules) {
  for (const std::string& expression : expressions(bound, scale)) {
    rules.push_back(fmt::format("{} {}", rule, expression));
  }
}

Bound none() {
  return {.op = Bound::Operator::kBe, .low = "0", .high = {}};
}

std::string column_of(const Quality& quality) {
  const std::string* named = quality.find("column");
  return named == nullptr ? quality.column : *named;
}

// Rows for which a condition of SQL is true, counted or as a share.
void add_counted(const Quality& quality, const std::string& condition, Rules& rules) {
  const Bound bound = quality.bound.value_or(none());
  const std::string count = bound.is_percent
                                ? "100.0 * sum(case when {} then 1 else 0 end) / count(*)"
                                : "sum(case when {} then 1 else 0 end)";
  const std::string sql =
      fmt::format("select {} from primary", fmt::format(fmt::runtime(count), condition));
  add("CustomSql " + dqdl_quoted(sql), bound, Scale::kNumber, rules);
}

std::string list_of(const std::vector<std::string>& values) {
  std::vector<std::string> quoted;
  for (const std::string& value : values) quoted.push_back(dqdl_quoted(value));
  return fmt::format("in [{}]", join(quoted, ", "));
}

// A rule on values; with a bound in percent as its threshold.
void add_values(const Quality& quality, const std::string& condition, Rules& rules) {
  const std::string column = column_of(quality);
  const std::string rule =
      fmt::format("ColumnValues \"{0}\" {1} where \"{0} is not null\"", column, condition);
  if (quality.tolerates_nothing()) {
    rules.push_back(rule);
  } else if (quality.bound && quality.bound->is_percent) {
    add(rule + " with threshold", *quality.bound, Scale::kRest, rules);
  }
}

void add_invalid(const Quality& quality, Rules& rules) {
  const auto values = quality.arguments.find("valid_values");
  if (values != quality.arguments.end()) add_values(quality, list_of(values->second), rules);
  if (const std::string* pattern = quality.find("pattern")) {
    add_values(quality, "matches " + dqdl_quoted(*pattern), rules);
  }
}

void add_duplicates(const Quality& quality, Rules& rules) {
  if (!quality.tolerates_nothing()) return;
  if (!quality.column.empty()) {
    rules.push_back(fmt::format("IsUnique \"{}\"", quality.column));
    return;
  }
  const auto names = quality.arguments.find("properties");
  if (names == quality.arguments.end()) return;
  const std::string columns = join(names->second, ", ");
  rules.push_back(
      fmt::format("CustomSql \"select count(*) from (select {0} from primary where {1} is not null "
                  "group by {0} having count(*) > 1)\" = 0",
                  columns, join(names->second, " is not null and ")));
}

void add_statistic(const Quality& quality, Rules& rules) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kNames = {
      {{"sum", "Sum"}, {"mean", "Mean"}, {"standard_deviation", "StandardDeviation"}}};
  const std::string* of = quality.find("of");
  for (const auto& [ours, theirs] : kNames) {
    if (of == nullptr || *of != ours || !quality.bound) continue;
    add(fmt::format("{} \"{}\"", theirs, column_of(quality)), *quality.bound, Scale::kNumber,
        rules);
  }
}

void add_condition(const Quality& quality, Rules& rules) {
  const std::string* condition = quality.find("condition");
  if (condition == nullptr) return;
  const std::string* where = quality.find("where");
  const std::string broken = fmt::format("not ({})", *condition);
  add_counted(quality, where == nullptr ? broken : fmt::format("({}) and {}", *where, broken),
              rules);
}

// Of all rows, as a share of the other table's: all that DQDL compares.
void add_comparison(const Quality& quality, Rules& rules) {
  const auto comparison = contract::read_comparison(quality);
  const bool is_percent = quality.bound && quality.bound->is_percent;
  if (!comparison || !comparison->by.empty() || (quality.bound && !is_percent)) return;
  const Bound bound = quality.bound.value_or(
      Bound{.op = Bound::Operator::kBe, .low = "100", .high = {}, .is_percent = true});
  using Of = contract::Figure::Of;
  const contract::Figure& ours = comparison->ours;
  const contract::Figure& theirs = comparison->theirs;
  if (ours.of == Of::kRows && theirs.of == Of::kRows) {
    add(fmt::format("RowCountMatch \"{}\"", comparison->table), bound, Scale::kShare, rules);
  } else if (ours.of == Of::kSum && theirs.of == Of::kSum) {
    add(fmt::format("AggregateMatch \"sum({})\" \"sum({}.{})\"", ours.column, comparison->table,
                    theirs.column),
        bound, Scale::kShare, rules);
  }
}

void add_check(const Quality& quality, Rules& rules) {
  const std::string& check = quality.check;
  if (check == "row_count" && quality.bound) add("RowCount", *quality.bound, Scale::kNumber, rules);
  if (check == "null_values") add_counted(quality, column_of(quality) + " is null", rules);
  if (check == "completeness" && quality.bound) {
    add(fmt::format("Completeness \"{}\"", column_of(quality)), *quality.bound, Scale::kShare,
        rules);
  }
  if (check == "distinct_values" && quality.bound && !quality.bound->is_percent) {
    add(fmt::format("DistinctValuesCount \"{}\"", column_of(quality)), *quality.bound,
        Scale::kNumber, rules);
  }
  if (check == "invalid_values") add_invalid(quality, rules);
  if (check == "duplicate_values") add_duplicates(quality, rules);
  if (check == "statistic") add_statistic(quality, rules);
  if (check == "row_condition") add_condition(quality, rules);
  if (check == contract::kMatchesTable) add_comparison(quality, rules);
}

}  // namespace

std::string dqdl_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

void add_checks(const Contract& contract, Rules& rules) {
  for (const Quality& quality : contract.quality) {
    if (quality.severity == Severity::kError) add_check(quality, rules);
  }
}

}  // namespace homeroom::publish
