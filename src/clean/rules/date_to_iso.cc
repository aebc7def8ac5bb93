#include <array>
#include <optional>
#include <string_view>

#include "base/date.h"
#include "clean/canonical.h"
#include "clean/column_edit.h"
#include "clean/date_text.h"
#include "clean/rule.h"
#include "clean/time_text.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

// A day with a time is the day as it was written, whatever its time zone.
std::optional<DateText> read_day(const ColumnContext& context, std::string_view text) {
  const auto date = read_date(text);
  if (!date) return std::nullopt;
  if (!date->rest.empty() && !read_time(date->rest)) return std::nullopt;
  const bool is_damaged =
      date->compact == Compact::kLostZero && context.profile.has_year_first_compact;
  return is_damaged ? std::nullopt : date;
}

void apply(const ColumnContext& context, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    const auto date = read_day(context, edit.text(row));
    if (!date) {
      edit.mark_bad(row, "not a date");
      continue;
    }
    const DateReading reading = resolve_date(*date, context.profile.date_order);
    if (reading.problem != DateProblem::kNone) {
      explain(reading, edit.scratch());
      edit.mark_bad(row, edit.keep(edit.scratch()));
      continue;
    }
    if (is_sentinel(reading.date)) {
      edit.mark_null(row);
      continue;
    }
    std::array<char, 10> iso = {};
    write_iso_date(reading.date, iso.data());
    edit.replace(row, {iso.data(), iso.size()});
  }
}

constexpr std::array kKinds = {Kind::kDate};

constexpr Example example(std::string_view in, std::string_view out,
                          DateOrder order = DateOrder::kNone) {
  return {.in = in,
          .out = out,
          .state = out.empty() ? CellState::kBad : CellState::kValue,
          .kind = Kind::kDate,
          .date_order = order};
}

constexpr Example no_date(std::string_view in) {
  return {.in = in, .out = {}, .state = CellState::kNull, .kind = Kind::kDate};
}

constexpr std::array kExamples = {
    example("09/11/2025", "2025-09-11", DateOrder::kMonthFirst),
    example("09/11/2025", "2025-11-09", DateOrder::kDayFirst),
    example("9/1/2025", "2025-09-01", DateOrder::kMonthFirst),
    example("14.09.2025", "2025-09-14", DateOrder::kDayFirst),
    example("9-14-25", "2025-09-14", DateOrder::kMonthFirst),
    example("5/20/98", "1998-05-20", DateOrder::kMonthFirst),
    example("05-Sep-2025", "2025-09-05"),
    example("5-sep-25", "2025-09-05"),
    example("September 5, 2025", "2025-09-05"),
    example("Sept. 5th, 2025", "2025-09-05"),
    example("Friday, 5 September 2025", "2025-09-05"),
    example("20250905", "2025-09-05"),
    example("09052025", "2025-09-05", DateOrder::kMonthFirst),
    example("9052025", "2025-09-05", DateOrder::kMonthFirst),
    example("2025/9/5", "2025-09-05"),
    example("1/21/2015 09:18:27", "2015-01-21", DateOrder::kMonthFirst),
    example("2015-01-21T09:18:27Z", "2015-01-21"),
    example("2015-01-21 09:18:27.130", "2015-01-21"),
    example("9/9/2025", "2025-09-09"),
    no_date("1900-01-01"),
    no_date("1/1/1900 12:00:00 AM"),
    no_date("9999-12-31"),
    no_date("30-Dec-1899"),
    example("13/45/2025", "", DateOrder::kMonthFirst),
    example("25/12/2025", "", DateOrder::kMonthFirst),
    example("2/30/2025", "", DateOrder::kMonthFirst),
    example("09/11/2025", "", DateOrder::kAmbiguous),
    example("1/21/42", "", DateOrder::kMonthFirst),
    example("01/015/2010", "", DateOrder::kMonthFirst),
    example("11111", ""),
    example("0523", ""),
    example("a long time ago", ""),
};

}  // namespace

extern const Rule rule_date_to_iso = {
    .name = "date_to_iso",
    .summary =
        "Writes a date as YYYY-MM-DD; whether month or day comes first is decided by the "
        "whole column. 1900-01-01, 1899-12-30, 0001-01-01 and 9999-12-31 stand for no date",
    .applies_to = kKinds,
    .order = 100,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
