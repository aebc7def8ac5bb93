#pragma once

// The master schedule: sections with a period, a room and a teacher, and who sits in them.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sample/courses.h"
#include "sample/names.h"
#include "sample/people.h"

namespace homeroom::sample {

enum class StaffRole : unsigned char {
  kTeacher,
  kPrincipal,
  kAssistantPrincipal,
  kCounselor,
  kAide
};

struct StaffMember {
  int number = 0;  ///< printed with five digits
  PersonName name;
  StaffRole role = StaffRole::kTeacher;
  int school = 0;
  int room = 0;
};

struct Section {
  int number = 0;
  int course = 0;
  int school = 0;
  Term term = Term::kYear;
  int period = 0;   ///< from 1
  int teacher = 0;  ///< index of the staff member
  int count = 0;    ///< which section of its course it is, from 1
};

/// A stint's place in a section, first and last day of instruction included.
struct Seat {
  int stint = 0;
  int section = 0;
  int first_day = 0;
  int last_day = 0;
};

struct Schedule {
  std::vector<StaffMember> staff;
  std::vector<Section> sections;
  std::vector<Seat> seats;             ///< by section, then by stint
  std::vector<int> homeroom_teachers;  ///< a stint's teacher (index in staff); -1 from grade 6 on
};

/// Nobody is in two places: a student or teacher has at most one section a period and term.
[[nodiscard]] Schedule make_schedule(std::uint64_t seed, std::span<const Student> students,
                                     std::span<const Stint> stints, std::span<const Course> catalog,
                                     const SchoolCalendar& calendar);

/// The days of instruction that a term covers.
struct DayRange {
  int first = 0;
  int last = 0;
};

[[nodiscard]] DayRange days_of(Term term, const SchoolCalendar& calendar);

}  // namespace homeroom::sample
