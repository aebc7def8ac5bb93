#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "clean/cleaner.h"
#include "clean/profile.h"
#include "clean/rule.h"
#include "contract/contract.h"
#include "contract/match.h"
#include "table/issue.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

// So many values that are no dates say that the column holds something else; fewer may be errors.
constexpr std::uint64_t kFewestTelling = 3;

// Null for a column that no contract declares.
const contract::Column* declared_column(const contract::Match* match, std::size_t index) {
  if (match == nullptr || match->contract == nullptr || index >= match->columns.size()) {
    return nullptr;
  }
  const int column = match->columns[index].column;
  return column < 0 ? nullptr : &match->contract->columns[static_cast<std::size_t>(column)];
}

bool holds_dates(const contract::Column* column) {
  return column != nullptr && (column->kind == Kind::kDate || column->kind == Kind::kTimestamp);
}

Kind kind_of(SqlType type) {
  switch (type) {
    case SqlType::kBigint:
      return Kind::kInteger;
    case SqlType::kNumeric:
      return Kind::kDecimal;
    case SqlType::kDate:
      return Kind::kDate;
    case SqlType::kBoolean:
      return Kind::kBoolean;
    case SqlType::kText:
    case SqlType::kTimestamptz:
    case SqlType::kJsonb:
      return Kind::kText;
  }
  return Kind::kText;
}

// The order that the file's other date columns are written in, when all that show one agree:
// one program wrote them.
DateOrder order_of_file(const contract::Match* match, std::span<const ColumnProfile> profiles) {
  DateOrder order = DateOrder::kNone;
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    const DateOrder here = profiles[i].date_order;
    if (!holds_dates(declared_column(match, i)) || here == DateOrder::kNone ||
        here == DateOrder::kAmbiguous) {
      continue;
    }
    if (here == DateOrder::kMixed || (order != DateOrder::kNone && here != order)) {
      return DateOrder::kAmbiguous;
    }
    order = here;
  }
  return order == DateOrder::kNone ? DateOrder::kAmbiguous : order;
}

// Columns that the file's order decides, but which are ambiguous by themselves.
DateOrder decided_order(DateOrder of_column, DateOrder of_file) {
  return of_column == DateOrder::kAmbiguous ? of_file : of_column;
}

// What rules may look at: two columns with the same facts are cleaned alike. A rule that wants
// another fact is given it here.
ColumnProfile facts_of(const ColumnProfile& profile, Kind kind, bool has_extra_rules) {
  const auto is = [&](auto... kinds) { return has_extra_rules || ((kind == kinds) || ...); };
  ColumnProfile facts;
  if (is(Kind::kDate, Kind::kTimestamp)) {
    facts.date_order = profile.date_order;
    facts.has_year_first_compact = profile.has_year_first_compact;
  }
  if (is(Kind::kDecimal, Kind::kPercent)) {
    facts.uses_decimal_comma = profile.uses_decimal_comma;
    facts.uses_thousands_comma = profile.uses_thousands_comma;
  }
  if (is(Kind::kPercent)) {
    facts.is_fraction = profile.is_fraction;
    facts.mixes_percent_and_fraction = profile.mixes_percent_and_fraction;
  }
  if (is(Kind::kIdentifier, Kind::kPhone, Kind::kPostcode)) {
    facts.all_end_in_point_zero = profile.all_end_in_point_zero;
  }
  return facts;
}

ColumnContext declared_context(const contract::Column& column, const ColumnProfile& profile) {
  ColumnContext context;
  context.kind = column.kind;
  context.is_declared = true;
  context.enumeration = column.enumeration;
  context.extra_rules.assign(column.clean.begin(), column.clean.end());
  context.profile = facts_of(profile, context.kind, !context.extra_rules.empty());
  context.is_suppressible = column.is_suppressible;
  context.school_year_is_start = column.school_year_is_start;
  context.units = column.units;
  return context;
}

ColumnContext inferred_context(const ColumnProfile& profile) {
  ColumnContext context;
  context.kind = kind_of(profile.type);
  context.profile = facts_of(profile, context.kind, false);
  const bool is_number = profile.type == SqlType::kBigint || profile.type == SqlType::kNumeric;
  context.is_suppressible = is_number && profile.num_suppressed > 0;
  return context;
}

Issue undecided_issue(std::size_t index, const std::string& name, const ColumnProfile& profile) {
  Issue issue;
  issue.field = static_cast<std::uint32_t>(index + 1);
  issue.column = name;
  issue.rule = "date_to_iso";
  if (profile.date_order == DateOrder::kMixed) {
    issue.message = fmt::format("reads as month/day at line {} and as day/month at line {}",
                                profile.first_month_first_line, profile.first_day_first_line);
    issue.suggestion = "export the column in one form, best YYYY-MM-DD";
  } else {
    issue.message =
        fmt::format("no value tells whether the month or the day comes first, beginning at line {}",
                    profile.first_ambiguous_line);
    issue.suggestion = "export the column as YYYY-MM-DD";
  }
  return issue;
}

// The counterpart of `facts_of`.
Wanted wanted_of(const ColumnContext& context, const ColumnProfile& profile) {
  if (!context.is_declared || !context.extra_rules.empty()) return Wanted::kAll;
  switch (context.kind) {
    case Kind::kDate:
    case Kind::kTimestamp:
      return Wanted::kDates;
    case Kind::kIdentifier:
    case Kind::kPhone:
    case Kind::kPostcode: {
      // Once a value does not end in ".0", no other can change that.
      const bool is_known = profile.num_values > 0 && !profile.all_end_in_point_zero;
      return is_known ? Wanted::kPresence : Wanted::kAll;
    }
    case Kind::kText:
    case Kind::kEnumeration:
    case Kind::kInteger:
    case Kind::kBoolean:
    case Kind::kSchoolYear:
      return Wanted::kPresence;
    default:
      return Wanted::kAll;
  }
}

}  // namespace

std::vector<std::size_t> dateless_columns(const contract::Match& match,
                                          std::span<const ColumnProfile> profiles) {
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    const contract::Column* declared = declared_column(&match, i);
    const bool is_optional = holds_dates(declared) && !declared->is_required;
    const bool is_telling = profiles[i].num_values >= kFewestTelling;
    if (is_optional && is_telling && !profiles[i].has_date) columns.push_back(i);
  }
  return columns;
}

std::vector<ColumnContext> plan_cleaning(const contract::Match* match,
                                         std::span<const ColumnProfile> profiles) {
  const DateOrder of_file = order_of_file(match, profiles);
  std::vector<ColumnContext> contexts;
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    const contract::Column* declared = declared_column(match, i);
    ColumnContext context = declared == nullptr ? inferred_context(profiles[i])
                                                : declared_context(*declared, profiles[i]);
    if (holds_dates(declared)) {
      context.profile.date_order = decided_order(profiles[i].date_order, of_file);
    }
    contexts.push_back(std::move(context));
  }
  return contexts;
}

std::vector<Wanted> wanted_of(std::span<const ColumnContext> contexts,
                              std::span<const ColumnProfile> profiles) {
  std::vector<Wanted> wanted;
  for (std::size_t i = 0; i < contexts.size(); ++i) {
    wanted.push_back(wanted_of(contexts[i], profiles[i]));
  }
  return wanted;
}

std::vector<Issue> undecided_columns(const contract::Match* match,
                                     std::span<const std::string> header,
                                     std::span<const ColumnProfile> profiles) {
  const DateOrder of_file = order_of_file(match, profiles);
  std::vector<Issue> issues;
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    if (!holds_dates(declared_column(match, i))) continue;
    const DateOrder order = decided_order(profiles[i].date_order, of_file);
    if (order != DateOrder::kMixed && order != DateOrder::kAmbiguous) continue;
    issues.push_back(
        undecided_issue(i, i < header.size() ? header[i] : std::string(), profiles[i]));
  }
  return issues;
}

}  // namespace homeroom::clean
