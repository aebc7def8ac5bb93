#pragma once

// The six schools, their students, and when each student was enrolled where.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "sample/names.h"
#include "sample/school_calendar.h"

namespace homeroom::sample {

inline constexpr std::string_view kDistrictName = "Harlow Bend Unified School District";
inline constexpr std::string_view kDistrictId = "0704";

/// How a school's office writes grades and attendance: each has its own habit.
enum class Habit : unsigned char { kLetters, kPadded, kOrdinals, kWords };

struct School {
  std::string_view id;  ///< "010"
  std::string_view name;
  std::string_view level;
  int first_grade = 0;
  int last_grade = 0;
  int share = 0;          ///< of the students of these grades, in percent
  int absence_share = 0;  ///< absence compared with the district's, in percent
  int score_shift = 0;    ///< thousandths of a standard deviation
  Habit habit = Habit::kLetters;
};

/// In the order of their ids. A school is named by its index.
[[nodiscard]] std::span<const School> schools();

inline constexpr int kBoilerSchool = 1;  ///< see SchoolCalendar::boiler_day

enum class Meal : unsigned char { kPaid, kReduced, kFree };

struct Student {
  int number = 0;    ///< printed with seven digits
  int state_id = 0;  ///< printed with ten digits; 0 when the state has none yet
  PersonName name;
  DayNumber birth_date = 0;
  int grade = 0;  ///< 0 is kindergarten
  Sex sex = Sex::kFemale;
  Race race = Race::kWhite;
  bool is_hispanic = false;
  Meal meal = Meal::kPaid;
  bool english_learner = false;
  bool special_education = false;
  bool section_504 = false;
  bool homeless = false;
  int ability = 0;          ///< thousandths of a standard deviation
  int absence_rate = 0;     ///< chance of an absence that starts or goes on, of 10,000
  int tardy_rate = 0;       ///< of 10,000
  int incident_weight = 0;  ///< how often this student is in trouble, compared with others
};

enum class Entry : unsigned char { kFirstDay, kFromOutside, kFromOurSchool, kReturned };
enum class Exit : unsigned char { kNone, kMovedAway, kToOurSchool, kDropout, kGraduated };

/// One stay of a student at a school, first and last day of instruction included.
struct Stint {
  int student = 0;
  int school = 0;
  int first_day = 0;
  int last_day = 0;
  Entry entry = Entry::kFirstDay;
  Exit exit = Exit::kNone;

  [[nodiscard]] bool covers(int day) const { return day >= first_day && day <= last_day; }
};

/// `count` students, the oldest first, numbers rising.
[[nodiscard]] std::vector<Student> make_students(std::uint64_t seed, int count, int school_year);

/// At least one stint a student, never two at a time; by school, then by student.
[[nodiscard]] std::vector<Stint> make_stints(std::uint64_t seed, std::span<const Student> students);

}  // namespace homeroom::sample
