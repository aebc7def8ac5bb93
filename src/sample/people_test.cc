#include "sample/people.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/date.h"

namespace homeroom::sample {
namespace {

using testing::AllOf;
using testing::Each;
using testing::Ge;
using testing::Le;

constexpr std::uint64_t kSeed = 5;

// Stints by student, the earlier one first.
std::map<int, std::vector<Stint>> stints_by_student(const std::vector<Student>& students) {
  std::map<int, std::vector<Stint>> by_student;
  for (const Stint& stint : make_stints(kSeed, students)) {
    by_student[stint.student].push_back(stint);
  }
  for (auto& [student, stints] : by_student) {
    std::sort(stints.begin(), stints.end(),
              [](const Stint& a, const Stint& b) { return a.first_day < b.first_day; });
  }
  return by_student;
}

TEST(MakeStudents, HaveNumbersThatRiseAndEveryGrade) {
  std::vector<int> numbers;
  std::vector<int> of_grade(13);
  for (const Student& student : make_students(kSeed, 390, 2026)) {
    numbers.push_back(student.number);
    ++of_grade.at(static_cast<std::size_t>(student.grade));
  }
  EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end(), std::less_equal<>()));
  EXPECT_THAT(of_grade, Each(30));
}

TEST(MakeStudents, AreOfTheAgeOfTheirGrade) {
  const DayNumber start = to_day_number({.year = 2025, .month = 9, .day = 1});
  std::vector<int> years_ahead;
  for (const Student& student : make_students(kSeed, 390, 2026)) {
    years_ahead.push_back((start - student.birth_date) * 4 / 1461 - student.grade);
  }
  EXPECT_THAT(years_ahead, Each(AllOf(Ge(5), Le(7))));
}

TEST(MakeStints, NeverPutAStudentInTwoSchoolsOnOneDay) {
  const std::vector<Student> students = make_students(kSeed, 400, 2026);
  std::set<int> placed;
  int num_movers = 0;
  for (const auto& [student, stints] : stints_by_student(students)) {
    placed.insert(student);
    int last_day = -1;
    for (const Stint& stint : stints) {
      EXPECT_GT(stint.first_day, last_day);
      last_day = stint.last_day;
    }
    num_movers += stints.size() == 2 ? 1 : 0;
  }
  EXPECT_EQ(placed.size(), students.size());
  EXPECT_EQ(num_movers, 400 / 50);
}

TEST(MakeStints, SayHowAMoverLeftAndCame) {
  for (const auto& [student, stints] : stints_by_student(make_students(kSeed, 400, 2026))) {
    if (stints.size() == 1) continue;
    const bool moved = stints[0].school != stints[1].school;
    EXPECT_EQ(stints[0].exit, moved ? Exit::kToOurSchool : Exit::kMovedAway);
    EXPECT_EQ(stints[1].entry, moved ? Entry::kFromOurSchool : Entry::kReturned);
  }
}

TEST(MakeStints, KeepToTheGradesOfTheSchool) {
  const std::vector<Student> students = make_students(kSeed, 400, 2026);
  std::set<int> used;
  for (const Stint& stint : make_stints(kSeed, students)) {
    const School& school = schools()[static_cast<std::size_t>(stint.school)];
    const int grade = students[static_cast<std::size_t>(stint.student)].grade;
    EXPECT_TRUE(grade >= school.first_grade && grade <= school.last_grade) << grade;
    used.insert(stint.school);
  }
  EXPECT_EQ(used.size(), 6U);
}

}  // namespace
}  // namespace homeroom::sample
