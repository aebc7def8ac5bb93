#pragma once

// Dates as people and programs write them: first taken apart, then, when it is known whether the
// column writes the month or the day first, made a day.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/date.h"
#include "clean/profile.h"

namespace homeroom::clean {

enum class DateForm : std::uint8_t {
  kYearFirst,  ///< 2025-09-11, 2025/9/11, 20250911
  kMonthName,  ///< 11-Sep-2025, September 11, 2025
  kNumeric,    ///< 9/11/2025, 11.09.25, 09112025: needs the column's order
};

/// How a run of digits without marks was cut into year, month and day.
enum class Compact : std::uint8_t {
  kNo,
  kYearFirst,  ///< 20250911
  kYearLast,   ///< 09112025
  kLostZero,   ///< 9112025: a year-last date whose leading zero was lost
};

/// A date's parts as written; not yet a day that exists.
struct DateText {
  DateForm form = DateForm::kYearFirst;
  Compact compact = Compact::kNo;
  int first = 0;   ///< kNumeric: the first number; otherwise the month
  int second = 0;  ///< kNumeric: the second number; otherwise the day
  int year = 0;
  bool has_short_year = false;  ///< of two digits
  std::string_view rest;        ///< what follows: a time (see clean/time_text.h); may be empty
};

[[nodiscard]] std::optional<DateText> read_date(std::string_view text);

/// What a date says about its column's order.
enum class OrderEvidence : std::uint8_t {
  kNone,        ///< no order is needed, or no order makes it a date
  kMonthFirst,  ///< 9/14/2025
  kDayFirst,    ///< 14/9/2025
  kEither,      ///< 9/11/2025
};

[[nodiscard]] OrderEvidence order_evidence(const DateText& date);

enum class DateProblem : std::uint8_t {
  kNone,
  kNoMonth,      ///< `number` is not a month
  kNoDay,        ///< no month has day `number`
  kNotInMonth,   ///< the month has no day `number`
  kTwoReadings,  ///< month and day cannot be told apart
  kNoCentury,    ///< a two-digit year from 36 to 49
};

/// The day, or why there is none.
struct DateReading {
  CivilDate date;
  DateProblem problem = DateProblem::kNone;
  int number = 0;
};

/// `order` other than kMonthFirst and kDayFirst leaves dates that need one unread. Years 00 to 35
/// are 2000 to 2035, 50 to 99 are 1950 to 1999 (docs/decisions/date-order.md says why).
[[nodiscard]] DateReading resolve_date(const DateText& date, DateOrder order);

/// "month 13 is not a month"; `out` is overwritten.
void explain(const DateReading& reading, std::string& out);

}  // namespace homeroom::clean
