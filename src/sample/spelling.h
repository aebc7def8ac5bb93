#pragma once

// One value, written the ways that different systems write it.

#include <string>
#include <string_view>

#include "base/date.h"
#include "sample/people.h"
#include "sample/random.h"

namespace homeroom::sample {

enum class DateForm : unsigned char {
  kIso,           ///< 2025-09-05
  kUs,            ///< 9/5/2025
  kUsPadded,      ///< 09/05/2025
  kDayMonthName,  ///< 05-Sep-2025
};

[[nodiscard]] std::string spell_date(DayNumber date, DateForm form);

/// Kindergarten and grade 3: "K" "3", "KG" "03", "K" "3rd", "Kindergarten" "Grade 3".
[[nodiscard]] std::string spell_grade(int grade, Habit habit);

/// 13:05 as "1:05 PM" or "13:05".
enum class ClockForm : unsigned char { kTwelveHours, kTwentyFourHours };
[[nodiscard]] std::string spell_time(int minute_of_day, ClockForm form);

/// 925 as "92.5", 900 as "90".
[[nodiscard]] std::string spell_tenths(int tenths);

/// "0012345".
[[nodiscard]] std::string spell_student(const Student& student);

/// `="0012345"`, as a spreadsheet keeps a leading zero.
[[nodiscard]] std::string spell_for_excel(std::string_view text);

/// "2025-2026".
[[nodiscard]] std::string spell_school_year(int school_year);

/// What stands where nothing is known: mostly nothing, at times a word for it.
[[nodiscard]] std::string_view spell_nothing(Random& random);

/// The text with a blank before or after it.
[[nodiscard]] std::string with_outer_blank(std::string_view text, Random& random);

}  // namespace homeroom::sample
