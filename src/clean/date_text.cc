#include "clean/date_text.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/date.h"
#include "base/text.h"
#include "clean/characters.h"
#include "clean/profile.h"

namespace homeroom::clean {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};
constexpr std::array<std::string_view, 7> kWeekdays = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 4> kOrdinals = {"st", "nd", "rd", "th"};

// Years that a run of eight digits can begin or end with. Between them no run has two readings:
// a year from 1900 to 2100 where a month should be is never a month.
constexpr int kFirstCompactYear = 1900;
constexpr int kLastCompactYear = 2100;

// Two-digit years: a year after the first and before the second could be of either century.
constexpr int kLastShortYearOf2000 = 35;
constexpr int kFirstShortYearOf1900 = 50;

int number_of(std::string_view digits) {
  int number = 0;
  for (const char c : digits) number = number * 10 + digit_value(c);
  return number;
}

template <std::size_t kSize>
std::optional<int> position_of(const std::array<std::string_view, kSize>& names,
                               std::string_view word) {
  if (word.size() < 3) return std::nullopt;
  for (std::size_t i = 0; i < kSize; ++i) {
    if (names[i].front() != lower(word.front())) continue;
    const bool is_short = equals_ignoring_case(names[i].substr(0, 3), word);
    if (is_short || equals_ignoring_case(names[i], word)) return static_cast<int>(i) + 1;
  }
  return std::nullopt;
}

std::optional<int> month_of(std::string_view word) {
  if (equals_ignoring_case(word, "sept")) return 9;
  return position_of(kMonths, word);
}

// Reads a text from left to right.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  [[nodiscard]] std::string_view rest() const { return text_; }

  std::string_view take_digits() { return take(is_digit); }

  std::string_view take_letters() { return take(is_letter); }

  // The mark between two numbers, or 0.
  char take_mark() { return !text_.empty() && is_mark(text_.front()) ? take_one() : '\0'; }

  // Whatever stands between a month's name and a number.
  void skip_marks() {
    while (!text_.empty() &&
           (is_mark(text_.front()) || text_.front() == ' ' || text_.front() == ',')) {
      take_one();
    }
  }

  void skip_ordinal() {
    const std::string_view ordinal = text_.substr(0, 2);
    const auto is_same = [&](std::string_view known) {
      return equals_ignoring_case(known, ordinal);
    };
    if (std::ranges::any_of(kOrdinals, is_same)) text_.remove_prefix(2);
  }

 private:
  static bool is_mark(char c) { return c == '/' || c == '-' || c == '.'; }

  template <class Predicate>
  std::string_view take(Predicate is_part) {
    const auto end = std::ranges::find_if_not(text_, is_part);
    const auto size = static_cast<std::size_t>(std::distance(text_.begin(), end));
    const std::string_view taken = text_.substr(0, size);
    text_.remove_prefix(size);
    return taken;
  }

  char take_one() {
    const char c = text_.front();
    text_.remove_prefix(1);
    return c;
  }

  std::string_view text_;
};

bool set_year(std::string_view digits, DateText& date) {
  if (digits.size() != 4 && digits.size() != 2) return false;
  date.year = number_of(digits);
  date.has_short_year = digits.size() == 2;
  return true;
}

bool is_one_or_two(std::string_view digits) {
  return digits.size() == 1 || digits.size() == 2;
}

bool is_compact_year(int year) {
  return year >= kFirstCompactYear && year <= kLastCompactYear;
}

// 20250911, 09112025, 9112025
bool set_compact(std::string_view digits, DateText& date) {
  if (digits.size() != 7 && digits.size() != 8) return false;
  if (digits.size() == 8 && is_compact_year(number_of(digits.substr(0, 4)))) {
    date.form = DateForm::kYearFirst;
    date.compact = Compact::kYearFirst;
    date.year = number_of(digits.substr(0, 4));
    date.first = number_of(digits.substr(4, 2));
    date.second = number_of(digits.substr(6, 2));
    return true;
  }
  const std::size_t first_size = digits.size() - 6;
  date.form = DateForm::kNumeric;
  date.compact = first_size == 2 ? Compact::kYearLast : Compact::kLostZero;
  date.first = number_of(digits.substr(0, first_size));
  date.second = number_of(digits.substr(first_size, 2));
  date.year = number_of(digits.substr(first_size + 2));
  return is_compact_year(date.year);
}

// After the first number, with the same mark between all: /9/11, /11/2025
bool set_marked(std::string_view first, char mark, Cursor& cursor, DateText& date) {
  const std::string_view second = cursor.take_digits();
  if (cursor.take_mark() != mark || !is_one_or_two(second)) return false;
  const std::string_view third = cursor.take_digits();
  if (first.size() == 4) {
    date.form = DateForm::kYearFirst;
    date.first = number_of(second);
    date.second = number_of(third);
    return is_one_or_two(third) && set_year(first, date);
  }
  date.form = DateForm::kNumeric;
  date.first = number_of(first);
  date.second = number_of(second);
  return is_one_or_two(first) && set_year(third, date);
}

// After the first number, a month's name: 11-Sep-2025, 11th September 2025, 2025-Sep-11
bool set_number_first(std::string_view first, Cursor& cursor, DateText& date) {
  if (first.size() <= 2) cursor.skip_ordinal();
  cursor.skip_marks();
  const auto month = month_of(cursor.take_letters());
  if (!month) return false;
  cursor.skip_marks();
  const std::string_view last = cursor.take_digits();
  const bool is_year_first = first.size() == 4;
  const std::string_view day = is_year_first ? last : first;
  date.form = DateForm::kMonthName;
  date.first = *month;
  date.second = number_of(day.substr(0, 2));
  return is_one_or_two(day) && set_year(is_year_first ? first : last, date);
}

// September 11, 2025; Sep-11-25
bool set_name_first(std::string_view name, Cursor& cursor, DateText& date) {
  const auto month = month_of(name);
  if (!month) return false;
  cursor.skip_marks();
  const std::string_view day = cursor.take_digits();
  if (!is_one_or_two(day)) return false;
  cursor.skip_ordinal();
  cursor.skip_marks();
  date.form = DateForm::kMonthName;
  date.first = *month;
  date.second = number_of(day);
  return set_year(cursor.take_digits(), date);
}

bool set_parts(Cursor& cursor, DateText& date) {
  std::string_view word = cursor.take_letters();
  if (position_of(kWeekdays, word)) {
    cursor.skip_marks();
    word = cursor.take_letters();
  }
  if (!word.empty()) return set_name_first(word, cursor, date);
  const std::string_view first = cursor.take_digits();
  if (first.empty()) return false;
  if (first.size() > 4) return set_compact(first, date);
  const Cursor before = cursor;
  const char mark = cursor.take_mark();
  const bool is_number_next = !cursor.rest().empty() && is_digit(cursor.rest().front());
  if (mark != 0 && is_number_next) return set_marked(first, mark, cursor, date);
  cursor = before;
  return set_number_first(first, cursor, date);
}

}  // namespace

std::optional<DateText> read_date(std::string_view text) {
  Cursor cursor(text);
  DateText date;
  if (!set_parts(cursor, date)) return std::nullopt;
  std::string_view rest = cursor.rest();
  if (!rest.empty()) {
    const bool is_time_next = rest.front() == ' ' || rest.front() == 'T' || rest.front() == ',';
    if (!is_time_next) return std::nullopt;
    rest = trim(rest.substr(1));
    if (rest.empty()) return std::nullopt;
  }
  date.rest = rest;
  return date;
}

OrderEvidence order_evidence(const DateText& date) {
  if (date.form != DateForm::kNumeric || date.first == date.second) return OrderEvidence::kNone;
  const auto is_month = [](int number) { return number >= 1 && number <= 12; };
  const auto is_day = [](int number) { return number >= 1 && number <= 31; };
  const bool month_first = is_month(date.first) && is_day(date.second);
  const bool day_first = is_day(date.first) && is_month(date.second);
  if (month_first && day_first) return OrderEvidence::kEither;
  if (month_first) return OrderEvidence::kMonthFirst;
  return day_first ? OrderEvidence::kDayFirst : OrderEvidence::kNone;
}

DateReading resolve_date(const DateText& text, DateOrder order) {
  DateReading reading;
  CivilDate& date = reading.date;
  date = {.year = text.year, .month = text.first, .day = text.second};
  const auto fail_with = [&](DateProblem problem, int number) {
    reading.problem = problem;
    reading.number = number;
    return reading;
  };
  if (text.form == DateForm::kNumeric) {
    const bool is_decided = order == DateOrder::kMonthFirst || order == DateOrder::kDayFirst;
    if (order == DateOrder::kDayFirst) std::swap(date.month, date.day);
    if (!is_decided && order_evidence(text) != OrderEvidence::kNone) {
      return fail_with(DateProblem::kTwoReadings, 0);
    }
  }
  if (text.has_short_year) {
    if (date.year > kLastShortYearOf2000 && date.year < kFirstShortYearOf1900) {
      return fail_with(DateProblem::kNoCentury, date.year);
    }
    date.year += date.year <= kLastShortYearOf2000 ? 2000 : 1900;
  }
  if (date.month < 1 || date.month > 12) return fail_with(DateProblem::kNoMonth, date.month);
  if (date.day < 1 || date.day > 31) return fail_with(DateProblem::kNoDay, date.day);
  if (date.year < 1 || !is_valid(date)) return fail_with(DateProblem::kNotInMonth, date.day);
  return reading;
}

void explain(const DateReading& reading, std::string& out) {
  out.clear();
  const auto to_out = std::back_inserter(out);
  switch (reading.problem) {
    case DateProblem::kNone:
      return;
    case DateProblem::kNoMonth:
      fmt::format_to(to_out, "month {} is not a month", reading.number);
      return;
    case DateProblem::kNoDay:
      fmt::format_to(to_out, "no month has a day {}", reading.number);
      return;
    case DateProblem::kNotInMonth:
      fmt::format_to(to_out, "that month has no day {}", reading.number);
      return;
    case DateProblem::kTwoReadings:
      out = "the column does not tell the month from the day";
      return;
    case DateProblem::kNoCentury:
      out = "the two-digit year may be of this century or of the last";
      return;
  }
}

}  // namespace homeroom::clean
