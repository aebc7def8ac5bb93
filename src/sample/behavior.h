#pragma once

// Incidents, who took part in them, what followed, and the days that suspended students missed.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "sample/people.h"
#include "sample/schedule.h"
#include "sample/school_calendar.h"

namespace homeroom::sample {

struct Incident {
  int number = 0;
  int school = 0;
  int day = 0;
  int minute = 0;  ///< of the day
  std::string_view behavior;
  std::string_view location;
  std::string_view narrative;  ///< may be empty; has commas, quotes and line ends
  int reporter = 0;            ///< index of a staff member
};

struct Participant {
  int incident = 0;  ///< index
  int student = 0;   ///< index
  std::string_view role;
};

struct Action {
  int number = 0;
  int incident = 0;
  int student = 0;
  std::string_view what;
  int first_day = 0;
  int days_assigned = 0;  ///< 0 when the action is not counted in days
  int days_served = 0;
};

/// A day of instruction that a suspended student spent out of class.
struct SuspendedDay {
  int student = 0;
  int day = 0;
  bool in_school = false;
};

struct Behavior {
  std::vector<Incident> incidents;  ///< by day
  std::vector<Participant> participants;
  std::vector<Action> actions;
  std::vector<SuspendedDay> suspended_days;  ///< by student and day, each once
};

/// About 13 incidents for 100 students, at least 24; few students cause most of them.
[[nodiscard]] Behavior make_behavior(std::uint64_t seed, std::span<const Student> students,
                                     std::span<const Stint> stints,
                                     std::span<const StaffMember> staff);

}  // namespace homeroom::sample
