#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <tuple>
#include <vector>

#include "sample/people.h"
#include "sample/random.h"

namespace homeroom::sample {
namespace {

constexpr std::array kSchools = {
    School{"010", "Alder Creek Elementary School", "Elementary School", 0, 5, 38, 84, 120,
           Habit::kLetters},
    School{"020", "Juniper Hill Elementary School", "Elementary School", 0, 5, 33, 122, -170,
           Habit::kPadded},
    School{"030", "Marigold Avenue Elementary School", "Elementary School", 0, 5, 29, 98, 0,
           Habit::kOrdinals},
    School{"110", "Eastfield Middle School", "Middle School", 6, 8, 53, 92, 60, Habit::kWords},
    School{"120", "Ida Marsh Middle School", "Middle School", 6, 8, 47, 112, -90, Habit::kWords},
    School{"210", "Harlow Bend High School", "High School", 9, 12, 100, 104, 0, Habit::kLetters},
};

constexpr int kLastDay = SchoolCalendar::kNumDays - 1;
constexpr int kBlock = 50;  // students in which each kind of change happens once

// What happened to a student in the year.
enum class Movement : unsigned char { kStayed, kMoved, kLeft, kCameLate };

// In each block of students one moves, one leaves and two come late, so that a small district
// has some too.
Movement movement_of(std::uint64_t seed, int index) {
  Random random = random_for(seed, Topic::kStint, static_cast<std::uint64_t>(index / kBlock));
  const int place = index % kBlock;
  const int quarter = kBlock / 4;
  if (place == random.below(quarter)) return Movement::kMoved;
  if (place == quarter + random.below(quarter)) return Movement::kLeft;
  if (place == 2 * quarter + random.below(quarter)) return Movement::kCameLate;
  if (place == 3 * quarter + random.below(quarter)) return Movement::kCameLate;
  return Movement::kStayed;
}

int draw_school(Random& random, int grade, int except) {
  int total = 0;
  for (int i = 0; i < static_cast<int>(kSchools.size()); ++i) {
    const School& school = kSchools[static_cast<std::size_t>(i)];
    if (i != except && grade >= school.first_grade && grade <= school.last_grade)
      total += school.share;
  }
  if (total == 0) return except;  // the only school of this grade
  int draw = random.below(total);
  for (int i = 0; i < static_cast<int>(kSchools.size()); ++i) {
    const School& school = kSchools[static_cast<std::size_t>(i)];
    if (i == except || grade < school.first_grade || grade > school.last_grade) continue;
    draw -= school.share;
    if (draw < 0) return i;
  }
  return except;
}

// A move within the district, or, where there is one school only, away and back.
std::array<Stint, 2> split_by_move(Random& random, Stint whole, int grade) {
  Stint before = whole;
  Stint after = whole;
  after.school = draw_school(random, grade, whole.school);
  const bool returns = after.school == whole.school;
  before.last_day = random.between(30, 140);
  after.first_day = before.last_day + (returns ? random.between(8, 25) : random.between(1, 4));
  before.exit = returns ? Exit::kMovedAway : Exit::kToOurSchool;
  after.entry = returns ? Entry::kReturned : Entry::kFromOurSchool;
  return {before, after};
}

void add_stints(std::uint64_t seed, int index, const Student& student, std::vector<Stint>& out) {
  Random random = random_for(seed, Topic::kStintPlace, static_cast<std::uint64_t>(index));
  Stint stint{.student = index,
              .school = draw_school(random, student.grade, -1),
              .first_day = 0,
              .last_day = kLastDay,
              .entry = Entry::kFirstDay,
              .exit = Exit::kNone};
  const bool graduates = student.grade == 12 && !random.chance(700);
  switch (movement_of(seed, index)) {
    case Movement::kMoved: {
      auto [before, after] = split_by_move(random, stint, student.grade);
      out.push_back(before);
      stint = after;
      break;
    }
    case Movement::kLeft:
      stint.last_day = random.between(12, 165);
      stint.exit = student.grade >= 10 && random.chance(5000) ? Exit::kDropout : Exit::kMovedAway;
      break;
    case Movement::kCameLate:
      stint.first_day = random.chance(5000) ? random.between(3, 20) : random.between(21, 150);
      stint.entry = Entry::kFromOutside;
      break;
    case Movement::kStayed:
      break;
  }
  if (graduates && stint.last_day == kLastDay) stint.exit = Exit::kGraduated;
  out.push_back(stint);
}

}  // namespace

std::span<const School> schools() {
  return kSchools;
}

std::vector<Stint> make_stints(std::uint64_t seed, std::span<const Student> students) {
  std::vector<Stint> stints;
  stints.reserve(students.size() + students.size() / 40);
  for (int i = 0; i < static_cast<int>(students.size()); ++i) {
    add_stints(seed, i, students[static_cast<std::size_t>(i)], stints);
  }
  std::sort(stints.begin(), stints.end(), [](const Stint& a, const Stint& b) {
    return std::tie(a.school, a.student, a.first_day) < std::tie(b.school, b.student, b.first_day);
  });
  return stints;
}

}  // namespace homeroom::sample
