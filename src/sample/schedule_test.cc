#include "sample/schedule.h"

#include <map>
#include <set>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sample/district.h"

namespace homeroom::sample {
namespace {

using testing::Each;
using testing::Le;
using testing::Pair;

// Who is where when: a person, half of the year, period.
using Place = std::tuple<int, Term, int>;

std::vector<Place> places_of(int who, const Section& section) {
  if (section.term != Term::kYear) return {{who, section.term, section.period}};
  return {{who, Term::kFall, section.period}, {who, Term::kSpring, section.period}};
}

class SampleSchedule : public testing::Test {
 protected:
  [[nodiscard]] const Section& section_of(const Seat& seat) const {
    return district_.schedule.sections[static_cast<std::size_t>(seat.section)];
  }

  [[nodiscard]] const Stint& stint_of(const Seat& seat) const {
    return district_.stints[static_cast<std::size_t>(seat.stint)];
  }

  District district_ = make_district({.students = 600});
};

TEST_F(SampleSchedule, PutsNoTeacherInTwoPlaces) {
  std::set<Place> taken;
  for (const Section& section : district_.schedule.sections) {
    for (const Place& place : places_of(section.teacher, section)) {
      EXPECT_TRUE(taken.insert(place).second);
    }
  }
}

TEST_F(SampleSchedule, PutsNoStudentInTwoPlaces) {
  std::set<Place> taken;
  for (const Seat& seat : district_.schedule.seats) {
    for (const Place& place : places_of(seat.stint, section_of(seat))) {
      EXPECT_TRUE(taken.insert(place).second);
    }
  }
}

TEST_F(SampleSchedule, SeatsEveryStintInItsSchoolAndDays) {
  std::set<int> seated;
  std::map<int, int> size;
  for (const Seat& seat : district_.schedule.seats) {
    const Stint& stint = stint_of(seat);
    EXPECT_EQ(section_of(seat).school, stint.school);
    EXPECT_TRUE(stint.covers(seat.first_day) && stint.covers(seat.last_day));
    seated.insert(seat.stint);
    ++size[seat.section];
  }
  EXPECT_EQ(seated.size(), district_.stints.size());
  EXPECT_THAT(size, Each(Pair(testing::_, Le(30))));
}

using SampleBehavior = SampleSchedule;

TEST_F(SampleBehavior, InvolvesOnlyWhoWasThere) {
  for (const Participant& participant : district_.behavior.participants) {
    const Incident& incident =
        district_.behavior.incidents[static_cast<std::size_t>(participant.incident)];
    bool was_there = false;
    for (const Stint& stint : district_.stints) {
      was_there |= stint.student == participant.student && stint.school == incident.school &&
                   stint.covers(incident.day);
    }
    EXPECT_TRUE(was_there);
  }
}

TEST_F(SampleBehavior, FewCauseMostIncidents) {
  std::map<int, int> times;
  for (const Participant& participant : district_.behavior.participants) {
    if (participant.role == "Perpetrator") ++times[participant.student];
  }
  int most = 0;
  for (const auto& [student, count] : times) most = count > most ? count : most;
  EXPECT_EQ(district_.behavior.incidents.size(), 78U);
  EXPECT_GE(most, 3);
  EXPECT_LT(times.size(), 80U);
}

}  // namespace
}  // namespace homeroom::sample
