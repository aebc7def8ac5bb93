#include "sample/spelling.h"

#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace homeroom::sample {

std::string spell_date(DayNumber date, DateForm form) {
  constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const CivilDate civil = to_civil_date(date);
  switch (form) {
    case DateForm::kUs:
      return fmt::format("{}/{}/{}", civil.month, civil.day, civil.year);
    case DateForm::kUsPadded:
      return fmt::format("{:02}/{:02}/{}", civil.month, civil.day, civil.year);
    case DateForm::kDayMonthName:
      return fmt::format("{:02}-{}-{}", civil.day,
                         kMonths[static_cast<std::size_t>(civil.month - 1)], civil.year);
    case DateForm::kIso:
      break;
  }
  std::string text(10, ' ');
  write_iso_date(civil, text.data());
  return text;
}

std::string spell_grade(int grade, Habit habit) {
  constexpr std::array<std::string_view, 4> kEndings = {"th", "st", "nd", "rd"};
  switch (habit) {
    case Habit::kPadded:
      return grade == 0 ? "KG" : fmt::format("{:02}", grade);
    case Habit::kOrdinals:
      if (grade == 0) return "0";
      return fmt::format("{}{}", grade, kEndings[grade < 4 ? static_cast<std::size_t>(grade) : 0]);
    case Habit::kWords:
      return grade == 0 ? "Kindergarten" : fmt::format("Grade {}", grade);
    case Habit::kLetters:
      break;
  }
  return grade == 0 ? "K" : fmt::format("{}", grade);
}

std::string spell_time(int minute_of_day, ClockForm form) {
  const int hour = minute_of_day / 60;
  const int minute = minute_of_day % 60;
  if (form == ClockForm::kTwentyFourHours) return fmt::format("{:02}:{:02}", hour, minute);
  return fmt::format("{}:{:02} {}", (hour + 11) % 12 + 1, minute, hour < 12 ? "AM" : "PM");
}

std::string spell_tenths(int tenths) {
  if (tenths % 10 == 0) return fmt::format("{}", tenths / 10);
  return fmt::format("{}.{}", tenths / 10, tenths % 10);
}

std::string spell_student(const Student& student) {
  return fmt::format("{:07}", student.number);
}

std::string spell_for_excel(std::string_view text) {
  return fmt::format("=\"{}\"", text);
}

std::string spell_school_year(int school_year) {
  return fmt::format("{}-{}", school_year - 1, school_year);
}

std::string_view spell_nothing(Random& random) {
  constexpr std::array<std::string_view, 10> kNothing = {"", "", "",    "",  "",
                                                         "", "", "N/A", "-", "NULL"};
  return random.pick(kNothing);
}

std::string with_outer_blank(std::string_view text, Random& random) {
  return random.chance(5000) ? fmt::format(" {}", text) : fmt::format("{} ", text);
}

}  // namespace homeroom::sample
