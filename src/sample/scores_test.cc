#include "sample/scores.h"

#include <vector>

#include <gtest/gtest.h>

#include "sample/marks.h"

namespace homeroom::sample {
namespace {

constexpr std::uint64_t kSeed = 9;

double mean_rit(const std::vector<Student>& students, int window, bool often_absent) {
  int sum = 0;
  int count = 0;
  for (const Student& student : students) {
    if (student.grade != 3 || (student.absence_rate > 800) != often_absent) continue;
    sum += score_of(kSeed, student, schools()[0], window, TestSubject::kMath).rit;
    ++count;
  }
  return static_cast<double>(sum) / count;
}

TEST(ScoreOf, GrowsOverTheYearAndLessWithAbsence) {
  const std::vector<Student> students = make_students(kSeed, 13'000, 2026);
  const double fall = mean_rit(students, 0, false);
  const double spring = mean_rit(students, 2, false);
  EXPECT_GT(spring, fall + 8);
  EXPECT_GT(mean_rit(students, 1, false), fall + 3);
  EXPECT_LT(mean_rit(students, 2, true) - mean_rit(students, 0, true), spring - fall);
}

TEST(ScoreOf, HasPercentilesFromOneToNinetyNineThatFollowTheScore) {
  const std::vector<Student> students = make_students(kSeed, 2000, 2026);
  for (const Student& student : students) {
    if (student.grade != 5) continue;
    const Score score = score_of(kSeed, student, schools()[0], 0, TestSubject::kReading);
    EXPECT_GE(score.percentile, 1);
    EXPECT_LE(score.percentile, 99);
    EXPECT_EQ(score.percentile >= 50, score.rit >= 204) << score.rit;
  }
}

TEST(LetterOf, RoundsToThePercent) {
  EXPECT_EQ(letter_of(1000), "A+");
  EXPECT_EQ(letter_of(895), "A-");
  EXPECT_EQ(letter_of(894), "B+");
  EXPECT_EQ(letter_of(594), "F");
  EXPECT_EQ(letter_of(595), "D-");
}

}  // namespace
}  // namespace homeroom::sample
