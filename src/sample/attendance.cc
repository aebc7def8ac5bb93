#include "sample/attendance.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <tuple>

#include "base/date.h"
#include "sample/random.h"

namespace homeroom::sample {
namespace {

constexpr int kLongestSpell = 4;

// Mondays and Fridays, the weeks of winter, and the day before a break.
int absence_share_of(const SchoolCalendar& calendar, int day) {
  constexpr std::array kWeekdayShare = {122, 82, 74, 80, 124};
  constexpr std::array kMonthShare = {128, 138, 112, 104, 116, 0, 0, 62, 78, 86, 100, 124};
  const DayNumber date = calendar.date(day);
  const int month = to_civil_date(date).month;
  int share = kWeekdayShare[static_cast<std::size_t>(weekday_of(date))] *
              kMonthShare[static_cast<std::size_t>(month - 1)] / 100;
  if (month == 6) share = 135;  // the last days
  if (calendar.is_before_break(day)) share = share * 150 / 100;
  return share;
}

// Days of one absence: most take one.
int spell_length(std::uint64_t draw) {
  const auto percent = static_cast<int>(draw % 100);
  return percent < 62 ? 1 : percent < 84 ? 2 : percent < 95 ? 3 : kLongestSpell;
}

Reason reason_of(int grade, int percent) {
  const bool older = grade >= 9;
  if (percent < (older ? 36 : 52)) return Reason::kIllness;
  if (percent < (older ? 48 : 64)) return Reason::kMedical;
  if (percent < (older ? 56 : 74)) return Reason::kFamily;
  if (percent < (older ? 62 : 82)) return Reason::kTransport;
  return percent < (older ? 84 : 86) ? Reason::kTruancy : Reason::kNone;
}

Presence presence_of(Reason reason, bool has_note) {
  switch (reason) {
    case Reason::kIllness:
    case Reason::kFamily:
      return has_note ? Presence::kExcused : Presence::kUnexcused;
    case Reason::kMedical:
      return Presence::kExcused;
    case Reason::kNone:
      return Presence::kAbsent;
    case Reason::kTransport:
    case Reason::kTruancy:
      break;
  }
  return Presence::kUnexcused;
}

}  // namespace

Attendance::Attendance(std::uint64_t seed, std::span<const Student> students,
                       const SchoolCalendar& calendar, const Behavior& behavior)
    : seed_(seed),
      students_(students),
      suspended_days_(behavior.suspended_days),
      was_suspended_(students.size()) {
  for (const SuspendedDay& suspended : suspended_days_) {
    was_suspended_[static_cast<std::size_t>(suspended.student)] = true;
  }
  for (int day = 0; day < SchoolCalendar::kNumDays; ++day) {
    constexpr std::array kTardyWeekday = {130, 98, 94, 96, 104};
    const int weekday = weekday_of(calendar.date(day));
    absence_share_.push_back(absence_share_of(calendar, day));
    tardy_share_.push_back(kTardyWeekday[static_cast<std::size_t>(weekday)]);
  }
}

// How many days an absence that begins on `day` takes; 0 when none does.
int Attendance::spell_begins(const Stint& stint, int day, std::uint64_t& draw) const {
  const Student& student = students_[static_cast<std::size_t>(stint.student)];
  Random random = random_for(seed_, Topic::kAbsence, static_cast<std::uint64_t>(stint.student),
                             static_cast<std::uint64_t>(day));
  const int share = absence_share_[static_cast<std::size_t>(day)] *
                    schools()[static_cast<std::size_t>(stint.school)].absence_share / 100;
  if (!random.chance(std::min(student.absence_rate * share / 100, 7500) * 64 / 100)) return 0;
  draw = random.next();
  return spell_length(draw);
}

DayRecord Attendance::record(const Stint& stint, int day) const {
  if (was_suspended_[static_cast<std::size_t>(stint.student)]) {
    const auto found = std::lower_bound(
        suspended_days_.begin(), suspended_days_.end(), std::tuple{stint.student, day},
        [](const SuspendedDay& a, const auto& b) { return std::tie(a.student, a.day) < b; });
    if (found != suspended_days_.end() && found->student == stint.student && found->day == day) {
      return {.presence = found->in_school ? Presence::kInSchoolSuspension
                                           : Presence::kOutOfSchoolSuspension};
    }
  }
  const Student& student = students_[static_cast<std::size_t>(stint.student)];
  for (int ago = 0; ago < kLongestSpell && ago <= day; ++ago) {
    std::uint64_t draw = 0;
    if (spell_begins(stint, day - ago, draw) <= ago) continue;
    const Reason reason = reason_of(student.grade, static_cast<int>((draw >> 8) % 100));
    return {.presence = presence_of(reason, (draw >> 20) % 100 < 78), .reason = reason};
  }
  Random random = random_for(seed_, Topic::kTardy, static_cast<std::uint64_t>(stint.student),
                             static_cast<std::uint64_t>(day));
  if (!random.chance(student.tardy_rate * tardy_share_[static_cast<std::size_t>(day)] / 100)) {
    return {};
  }
  const int minutes = random.chance(7000) ? random.between(2, 15) : random.between(16, 75);
  return {.presence = Presence::kTardy, .reason = Reason::kNone, .minutes_late = minutes};
}

}  // namespace homeroom::sample
