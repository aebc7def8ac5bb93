#include <array>
#include <cstdint>
#include <vector>

#include "base/date.h"
#include "sample/people.h"
#include "sample/random.h"

namespace homeroom::sample {
namespace {

constexpr int kNumGrades = 13;
constexpr int kFirstNumber = 12'300;

// Absence is a matter of few: most students miss a handful of days, some miss one in four.
int draw_absence_rate(Random& random, const Student& student) {
  struct Band {
    int upto;  // of 100, added up
    int low;
    int high;
  };

  constexpr std::array kBands = {Band{54, 80, 340}, Band{79, 340, 660}, Band{92, 660, 1150},
                                 Band{98, 1150, 2200}, Band{100, 2200, 4400}};
  constexpr std::array kGradeShare = {128, 105, 92, 88, 86, 88, 95, 100, 104, 122, 108, 106, 130};
  int draw = random.below(100);
  if (student.meal != Meal::kPaid) draw += 6;
  if (student.homeless) draw += 12;
  draw = draw > 99 ? 99 : draw;
  int rate = 0;
  for (const Band& band : kBands) {
    if (draw < band.upto) {
      rate = random.between(band.low, band.high);
      break;
    }
  }
  return rate * kGradeShare[static_cast<std::size_t>(student.grade)] / 100;
}

int draw_incident_weight(Random& random, const Student& student) {
  constexpr std::array kGradeShare = {3, 4, 5, 6, 8, 10, 18, 22, 20, 17, 12, 8, 6};
  const int draw = random.below(100);
  const int weight = draw < 62 ? 0 : draw < 88 ? 1 : draw < 97 ? 6 : 25;
  const int of_sex = student.sex == Sex::kMale ? 3 : 2;
  return weight * kGradeShare[static_cast<std::size_t>(student.grade)] * of_sex;
}

void draw_programs(Random& random, Student& student) {
  const int need = random.below(100);
  student.meal = need < 41 ? Meal::kFree : need < 49 ? Meal::kReduced : Meal::kPaid;
  const bool other_language = student.race == Race::kHispanic || student.race == Race::kAsian;
  const int learner_share = other_language ? (student.grade < 6 ? 3600 : 1900) : 120;
  student.english_learner = random.chance(learner_share);
  student.special_education = random.chance(student.sex == Sex::kMale ? 1750 : 1050);
  student.section_504 = !student.special_education && random.chance(420);
  student.homeless = student.meal == Meal::kFree && random.chance(500);
}

void draw_tendencies(Random& random, Student& student) {
  student.ability = random.bell(1000);
  if (student.meal != Meal::kPaid) student.ability -= 260;
  if (student.english_learner) student.ability -= 280;
  if (student.special_education) student.ability -= 450;
  student.ability += 180;
  student.absence_rate = draw_absence_rate(random, student);
  student.tardy_rate = random.between(20, 260) + student.absence_rate / 5 +
                       (student.grade >= 9   ? 150
                        : student.grade >= 6 ? 40
                                             : 0);
  student.incident_weight = draw_incident_weight(random, student);
}

// Children of a grade were born in the twelve months before its September; one in forty repeats.
DayNumber draw_birth_date(Random& random, int grade, int school_year) {
  const int start = school_year - 1;
  const int repeated = random.chance(250) ? 1 : 0;
  const DayNumber cut = to_day_number({.year = start - 5 - grade - repeated, .month = 9, .day = 1});
  return cut - 1 - random.below(365);
}

Student make_student(std::uint64_t seed, int index, int count, int school_year) {
  Random random = random_for(seed, Topic::kStudent, static_cast<std::uint64_t>(index));
  Student student;
  student.grade = kNumGrades - 1 - static_cast<int>(std::int64_t{index} * kNumGrades / count);
  const int draw = random.below(1000);
  student.sex = draw < 487 ? Sex::kFemale : draw < 994 ? Sex::kMale : Sex::kNonbinary;
  student.race = draw_race(random);
  student.is_hispanic =
      student.race == Race::kHispanic || (student.race == Race::kTwoOrMore && random.chance(3000));
  student.name = draw_name(random, student.sex, student.race);
  student.birth_date = draw_birth_date(random, student.grade, school_year);
  student.state_id = random.chance(9880) ? 310'000'000 + index * 37 + random.below(37) : 0;
  draw_programs(random, student);
  draw_tendencies(random, student);
  return student;
}

}  // namespace

std::vector<Student> make_students(std::uint64_t seed, int count, int school_year) {
  Random numbers = random_for(seed, Topic::kStudentNumber);
  std::vector<Student> students;
  students.reserve(static_cast<std::size_t>(count));
  int number = kFirstNumber;
  for (int index = 0; index < count; ++index) {
    students.push_back(make_student(seed, index, count, school_year));
    number += numbers.between(1, 4);
    students.back().number = number;
  }
  return students;
}

}  // namespace homeroom::sample
