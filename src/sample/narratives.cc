#include "sample/narratives.h"

#include <array>
#include <cstddef>
#include <string_view>

namespace homeroom::sample {
namespace {

constexpr std::array kNarratives = {
    Narrative{"Disruption", "Classroom",
              "Talked over the teacher after three reminders, moved seats."},
    Narrative{"Disruption", "Classroom", "Threw erasers across the room; said \"it was a joke\"."},
    Narrative{"Disruption", "Classroom",
              "Left seat repeatedly during the quiz\nParent called 2:15, no answer"},
    Narrative{"Defiance", "Classroom",
              "Refused to put the phone away and said \"make me\", walked out."},
    Narrative{"Defiance", "Classroom", "Would not go to assigned seat, referred to office."},
    Narrative{"Physical Aggression", "Hallway or stairs",
              "Pushed another student in line, no injury."},
    Narrative{"Physical Aggression", "Athletic field or playground",
              "Kicked a classmate at recess.\nIce pack, both families called."},
    Narrative{"Fighting", "Hallway or stairs",
              "Punches thrown near the lockers, separated by two staff."},
    Narrative{"Fighting", "School bus",
              "Continued an argument from the bus; nurse saw both students."},
    Narrative{"Bullying", "Cafeteria area",
              "Third report this month, name-calling and \"keep away\" at lunch."},
    Narrative{"Bullying", "Online", "Group chat screenshots given to the counselor."},
    Narrative{"Harassment", "Hallway or stairs",
              "Unwanted comments in the hallway, statement taken."},
    Narrative{"Cutting class", "Parking lot", "Absent from 5th period, found in the parking lot."},
    Narrative{"Cutting class", "Classroom", "Marked present 1st hour, not seen after."},
    Narrative{"Vaping", "Restroom", "Device found in restroom, \"not mine\"; given to admin."},
    Narrative{"Vaping", "Restroom", "Detector alarm, two students in one stall."},
    Narrative{"Technology", "Classroom",
              "Used a proxy to reach blocked sites, device taken for the day."},
    Narrative{"Technology", "Locker room or gym areas", "Filmed a classmate without permission."},
    Narrative{"Theft", "Locker room or gym areas",
              "Earbuds taken from a backpack, returned the next day."},
    Narrative{"Vandalism", "Classroom", "Wrote on the desk with marker, cleaned it during lunch."},
    Narrative{"Threat", "Hallway or stairs",
              "Said \"wait till after school\" to a peer, safety plan made."},
    Narrative{"Drugs", "Parking lot", "Edible found in a jacket, SRO informed, see attached."},
    Narrative{"Weapon", "Classroom", "Pocket knife on key ring, handed over when asked."},
    Narrative{"Other", "Parking lot", "Parked in the bus lane, second time."},
};

}  // namespace

const Narrative* find_narrative(std::string_view behavior, int index) {
  if (index % 5 == 4) return nullptr;
  std::size_t num_fitting = 0;
  for (const Narrative& entry : kNarratives) num_fitting += entry.behavior == behavior ? 1 : 0;
  if (num_fitting == 0) return nullptr;
  std::size_t skip = static_cast<std::size_t>(index) % num_fitting;
  for (const Narrative& entry : kNarratives) {
    if (entry.behavior == behavior && skip-- == 0) return &entry;
  }
  return nullptr;
}

}  // namespace homeroom::sample
