#pragma once

// The days of one school year: which are taught, why the others are not, four quarters.

#include <span>
#include <string_view>
#include <vector>

#include "base/date.h"

namespace homeroom::sample {

struct CalendarDay {
  DayNumber date = 0;
  bool in_session = false;
  std::string_view note;  ///< why there is no school on a weekday; empty otherwise
};

/// The day itself, or the next one that is a Friday: when reports are due.
[[nodiscard]] DayNumber friday_on_or_after(DayNumber date);

/// Mid-August to early June of one school year, 178 days of instruction. A day of instruction
/// is named by its index, from 0.
class SchoolCalendar {
 public:
  static constexpr int kNumDays = 178;
  static constexpr int kNumQuarters = 4;

  /// The school year that ends in `school_year`.
  explicit SchoolCalendar(int school_year);

  /// From the first day of instruction to the last one, weekends and holidays too.
  [[nodiscard]] std::span<const CalendarDay> all_days() const { return all_days_; }

  [[nodiscard]] int school_year() const { return school_year_; }

  [[nodiscard]] DayNumber date(int day) const { return dates_[static_cast<std::size_t>(day)]; }

  /// The day of instruction on `date`, or the first one after it.
  [[nodiscard]] int day_on_or_after(DayNumber date) const;

  /// 0 to 3.
  [[nodiscard]] int quarter_of(int day) const;

  [[nodiscard]] int first_day_of(int quarter) const { return quarter * kNumDays / kNumQuarters; }

  [[nodiscard]] int last_day_of(int quarter) const { return first_day_of(quarter + 1) - 1; }

  /// True on a day before at least four without school.
  [[nodiscard]] bool is_before_break(int day) const;

  /// The Monday on which the year's files are exported, after the last day of instruction.
  [[nodiscard]] DayNumber export_date() const;

  /// One school's boiler failed on this day: it alone was closed.
  [[nodiscard]] int boiler_day() const { return boiler_day_; }

 private:
  int school_year_;
  int boiler_day_ = 0;
  std::vector<CalendarDay> all_days_;
  std::vector<DayNumber> dates_;
};

}  // namespace homeroom::sample
