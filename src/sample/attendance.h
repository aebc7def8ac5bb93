#pragma once

// Whether a student was in school on a day.

#include <cstdint>
#include <span>
#include <vector>

#include "sample/behavior.h"
#include "sample/people.h"
#include "sample/school_calendar.h"

namespace homeroom::sample {

enum class Presence : unsigned char {
  kPresent,
  kTardy,
  kExcused,
  kUnexcused,
  kAbsent,  ///< the office has no reason yet
  kInSchoolSuspension,
  kOutOfSchoolSuspension,
};

enum class Reason : unsigned char { kNone, kIllness, kMedical, kFamily, kTransport, kTruancy };

struct DayRecord {
  Presence presence = Presence::kPresent;
  Reason reason = Reason::kNone;
  int minutes_late = 0;  ///< when tardy
};

/// Answers for any student and day, in any order: nothing is drawn from a running stream.
class Attendance {
 public:
  /// Keeps references: the arguments outlive it.
  Attendance(std::uint64_t seed, std::span<const Student> students, const SchoolCalendar& calendar,
             const Behavior& behavior);

  /// `stint` covers `day`.
  [[nodiscard]] DayRecord record(const Stint& stint, int day) const;

 private:
  [[nodiscard]] int spell_begins(const Stint& stint, int day, std::uint64_t& draw) const;

  std::uint64_t seed_;
  std::span<const Student> students_;
  std::span<const SuspendedDay> suspended_days_;
  std::vector<bool> was_suspended_;  // by student
  std::vector<int> absence_share_;   // by day, in percent
  std::vector<int> tardy_share_;     // by day, in percent
};

}  // namespace homeroom::sample
