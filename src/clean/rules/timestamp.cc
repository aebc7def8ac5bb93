#include <array>
#include <cstdint>
#include <optional>
#include <string>
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

constexpr int kMinutesADay = 24 * 60;
constexpr int kLastYear = 9999;
constexpr std::size_t kMicroseconds = 6;
constexpr std::size_t kSeconds = 19;  // YYYY-MM-DD HH:MM:SS

// Milliseconds since 1970, of a day between 2001 and 2099.
constexpr std::int64_t kFirstEpoch = 1'000'000'000'000;
constexpr std::int64_t kLastEpoch = 4'100'000'000'000;

void write(const CivilDate& date, const TimeText& time, std::string& out) {
  out.resize(kSeconds);
  write_iso_date(date, out.data());
  out[10] = time.has_zone ? 'T' : ' ';
  write_time(time, out.data() + 11);
  if (!time.fraction.empty()) {
    out += '.';
    out += time.fraction.substr(0, kMicroseconds);
  }
  if (time.has_zone) out += 'Z';
}

// Moves a time with a zone to UTC, over midnight where need be.
void move_to_utc(CivilDate& date, TimeText& time) {
  const int minutes = time.hour * 60 + time.minute - time.zone_minutes;
  const int days = (minutes < 0 ? minutes - kMinutesADay + 1 : minutes) / kMinutesADay;
  const int of_day = minutes - days * kMinutesADay;
  date = to_civil_date(to_day_number(date) + days);
  time.hour = of_day / 60;
  time.minute = of_day % 60;
}

// "1454416468000"
bool write_epoch(std::string_view text, std::string& out) {
  if (text.size() != 13 || !is_all_digits(text)) return false;
  std::int64_t milliseconds = 0;
  for (const char c : text) milliseconds = milliseconds * 10 + digit_value(c);
  if (milliseconds < kFirstEpoch || milliseconds > kLastEpoch) return false;
  const auto seconds = static_cast<int>(milliseconds / 1000 % (kMinutesADay * 60));
  const TimeText time = {
      .hour = seconds / 3600,
      .minute = seconds / 60 % 60,
      .second = seconds % 60,
      .fraction = text.substr(10) == "000" ? std::string_view{} : text.substr(10),
      .has_zone = true};
  write(to_civil_date(static_cast<DayNumber>(milliseconds / 1000 / (kMinutesADay * 60))), time,
        out);
  return true;
}

void apply(const ColumnContext& context, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    std::string& out = edit.scratch();
    if (write_epoch(edit.text(row), out)) {
      edit.replace(row, out);
      continue;
    }
    const auto date = read_date(edit.text(row));
    const auto time = !date || date->rest.empty() ? TimeText{} : read_time(date->rest);
    if (!date || !time) {
      edit.mark_bad(row, "not a date and time");
      continue;
    }
    DateReading reading = resolve_date(*date, context.profile.date_order);
    if (reading.problem != DateProblem::kNone) {
      explain(reading, out);
      edit.mark_bad(row, edit.keep(out));
    } else if (time->has_unknown_zone) {
      edit.mark_bad(row, "the time zone's name does not tell its distance from UTC");
    } else {
      TimeText moved = *time;
      if (moved.has_zone) move_to_utc(reading.date, moved);
      if (reading.date.year < 1 || reading.date.year > kLastYear) {
        edit.mark_bad(row, "beyond the years that can be written");
        continue;
      }
      write(reading.date, moved, out);
      edit.replace(row, out);
    }
  }
}

constexpr std::array kKinds = {Kind::kTimestamp};

constexpr Example example(std::string_view in, std::string_view out,
                          DateOrder order = DateOrder::kNone) {
  return {.in = in,
          .out = out,
          .state = out.empty() ? CellState::kBad : CellState::kValue,
          .kind = Kind::kTimestamp,
          .date_order = order};
}

constexpr std::array kExamples = {
    example("2025-09-11T13:05:00-04:00", "2025-09-11T17:05:00Z"),
    example("2025-12-31 22:30:00 -0500", "2026-01-01T03:30:00Z"),
    example("2025-03-01T01:00:00+05:30", "2025-02-28T19:30:00Z"),
    example("2023-09-01T14:53:15.913Z", "2023-09-01T14:53:15.913Z"),
    example("2025-09-11T13:05:00", "2025-09-11 13:05:00"),
    example("9/14/2025 1:05 PM", "2025-09-14 13:05:00", DateOrder::kMonthFirst),
    example("2015-01-21 09:18:27.130", "2015-01-21 09:18:27.130"),
    example("2025-09-11", "2025-09-11 00:00:00"),
    example("1454416468000", "2016-02-02T12:34:28Z"),
    example("2018/08/12 6:28:23 AM EDT", "2018-08-12T10:28:23Z"),
    example("2018/08/12 6:28:23 AM AST", ""),
    example("2025-09-31 13:05", ""),
    example("2025-09-11 25:00", ""),
    example("9999-12-31T23:00:00-05:00", ""),
    example("yesterday", ""),
};

}  // namespace

extern const Rule rule_timestamp = {
    .name = "timestamp",
    .summary =
        "Writes a moment as RFC 3339 in UTC when its time zone is given, and as "
        "YYYY-MM-DD HH:MM:SS when it is not",
    .applies_to = kKinds,
    .order = 100,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
