#include "sample/behavior.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "sample/narratives.h"
#include "sample/random.h"

namespace homeroom::sample {
namespace {

constexpr int kFirstIncidentNumber = 51'040;
constexpr int kFirstActionNumber = 88'301;

// A heavy behavior leads to suspension at once, a light one only when it is not the first.
struct Kind {
  std::string_view name;
  int weight_elementary;
  int weight_secondary;
  int gravity;  // 0 to 3
  bool has_victim;
};

constexpr std::array kKinds = {
    Kind{"Disruption", 30, 22, 0, false},
    Kind{"Defiance", 18, 20, 1, false},
    Kind{"Physical Aggression", 22, 6, 1, true},
    Kind{"Fighting", 7, 11, 2, true},
    Kind{"Bullying", 8, 8, 1, true},
    Kind{"Harassment", 1, 4, 2, true},
    Kind{"Cutting class", 0, 13, 0, false},
    Kind{"Vaping", 0, 9, 2, false},
    Kind{"Technology", 3, 8, 0, false},
    Kind{"Theft", 3, 3, 1, true},
    Kind{"Vandalism", 3, 3, 1, false},
    Kind{"Threat", 2, 3, 2, true},
    Kind{"Drugs", 0, 2, 3, false},
    Kind{"Weapon", 1, 1, 3, false},
    Kind{"Other", 2, 2, 0, false},
};

struct Place {
  std::string_view name;
  int weight;
};

constexpr std::array kPlaces = {
    Place{"Classroom", 46},
    Place{"Hallway or stairs", 17},
    Place{"Cafeteria area", 11},
    Place{"Athletic field or playground", 9},
    Place{"Restroom", 6},
    Place{"School bus", 5},
    Place{"Locker room or gym areas", 3},
    Place{"Parking lot", 1},
    Place{"Library/media center", 1},
    Place{"Online", 1},
};

template <class Items, class Weight>
const auto& pick_weighted(Random& random, const Items& items, Weight weight) {
  int total = 0;
  for (const auto& item : items) total += weight(item);
  int draw = random.below(total);
  for (const auto& item : items) {
    draw -= weight(item);
    if (draw < 0) return item;
  }
  return items.front();
}

class BehaviorMaker {
 public:
  BehaviorMaker(std::uint64_t seed, std::span<const Student> students,
                std::span<const Stint> stints, std::span<const StaffMember> staff)
      : seed_(seed), students_(students), stints_(stints), staff_(staff) {
    std::int64_t total = 0;
    totals_.reserve(stints.size());
    for (const Stint& stint : stints) {
      total += students[static_cast<std::size_t>(stint.student)].incident_weight + 1;
      totals_.push_back(total);
    }
  }

  Behavior make() {
    const int count = std::max(24, static_cast<int>(students_.size()) * 13 / 100);
    for (int i = 0; i < count; ++i) draft_incident(i);
    std::stable_sort(drafts_.begin(), drafts_.end(), [](const Draft& a, const Draft& b) {
      return std::tie(a.incident.day, a.incident.minute) <
             std::tie(b.incident.day, b.incident.minute);
    });
    for (const Draft& draft : drafts_) add(draft);
    keep_each_suspended_day_once();
    return std::move(result_);
  }

 private:
  struct Draft {
    Incident incident;
    const Kind* kind = nullptr;
    int stint = 0;
    Random random{0};
  };

  // A stint by the weight of its student, enrolled on `day`.
  int pick_stint(Random& random, int day) {
    for (;;) {
      const auto draw = static_cast<std::int64_t>(random.next() >> 1) % totals_.back();
      const auto found = std::upper_bound(totals_.begin(), totals_.end(), draw);
      const auto index = static_cast<std::size_t>(found - totals_.begin());
      if (stints_[index].covers(day)) return static_cast<int>(index);
    }
  }

  void draft_incident(int index) {
    Draft draft;
    draft.random = random_for(seed_, Topic::kIncident, static_cast<std::uint64_t>(index));
    Random& random = draft.random;
    Incident& incident = draft.incident;
    incident.day = random.below(SchoolCalendar::kNumDays);
    draft.stint = pick_stint(random, incident.day);
    incident.school = stints_[static_cast<std::size_t>(draft.stint)].school;
    const bool secondary = incident.school >= 3;
    draft.kind = &pick_weighted(random, kKinds, [&](const Kind& kind) {
      return secondary ? kind.weight_secondary : kind.weight_elementary;
    });
    incident.behavior = draft.kind->name;
    incident.location =
        pick_weighted(random, kPlaces, [](const Place& p) { return p.weight; }).name;
    if (const Narrative* narrative = find_narrative(incident.behavior, index)) {
      incident.location = narrative->location;
      incident.narrative = narrative->text;
    }
    const bool at_lunch = incident.location == "Cafeteria area" || random.chance(2200);
    incident.minute = at_lunch ? random.between(11 * 60 + 20, 12 * 60 + 50)
                               : random.between(8 * 60 + 5, 15 * 60 + 10);
    incident.reporter = pick_reporter(random, incident.school);
    drafts_.push_back(draft);
  }

  int pick_reporter(Random& random, int school) {
    for (;;) {
      const int index = random.below(static_cast<int>(staff_.size()));
      if (staff_[static_cast<std::size_t>(index)].school == school) return index;
    }
  }

  void add(const Draft& draft) {
    Random random = draft.random;
    const int index = static_cast<int>(result_.incidents.size());
    result_.incidents.push_back(draft.incident);
    result_.incidents.back().number = kFirstIncidentNumber + index;
    const bool several = draft.kind->name == "Fighting" || random.chance(900);
    involve(index, draft.stint, "Perpetrator", *draft.kind, random);
    if (several) involve_other(index, draft, "Perpetrator", random);
    if (draft.kind->has_victim && !several) involve_other(index, draft, "Victim", random);
    if (random.chance(1600)) involve_other(index, draft, "Witness", random);
  }

  // Another student of the same school, who is not yet part of it.
  void involve_other(int incident, const Draft& draft, std::string_view role, Random& random) {
    for (int attempt = 0; attempt < 200; ++attempt) {
      const int stint = role == "Perpetrator" ? pick_stint(random, draft.incident.day)
                                              : random.below(static_cast<int>(stints_.size()));
      const Stint& other = stints_[static_cast<std::size_t>(stint)];
      if (other.school != draft.incident.school || !other.covers(draft.incident.day)) continue;
      if (takes_part(incident, other.student)) continue;
      involve(incident, stint, role, *draft.kind, random);
      return;
    }
  }

  [[nodiscard]] bool takes_part(int incident, int student) const {
    for (auto it = result_.participants.rbegin(); it != result_.participants.rend(); ++it) {
      if (it->incident != incident) break;
      if (it->student == student) return true;
    }
    return false;
  }

  void involve(int incident, int stint, std::string_view role, const Kind& kind, Random& random) {
    const int student = stints_[static_cast<std::size_t>(stint)].student;
    result_.participants.push_back({.incident = incident, .student = student, .role = role});
    if (role == "Perpetrator") act(incident, stint, kind, random);
  }

  // Each time is graver than the one before.
  void act(int incident, int stint_index, const Kind& kind, Random& random) {
    constexpr std::array<std::string_view, 6> kLadder = {"Warning",
                                                         "Detention",
                                                         "Detention",
                                                         "In-School Suspension",
                                                         "Out-of-School Suspension",
                                                         "Out-of-School Suspension"};
    const Stint& stint = stints_[static_cast<std::size_t>(stint_index)];
    const int times = times_before_[stint.student]++;
    const int rung = std::min(5, kind.gravity + std::min(times, 2) + random.below(2));
    if (kind.gravity == 0 && random.chance(3000)) return;  // a talk, not recorded
    Action action{.number = kFirstActionNumber + static_cast<int>(result_.actions.size()),
                  .incident = incident,
                  .student = stint.student,
                  .what = kLadder[static_cast<std::size_t>(rung)],
                  .first_day = result_.incidents[static_cast<std::size_t>(incident)].day,
                  .days_assigned = 0,
                  .days_served = 0};
    if (rung >= 3) suspend(action, stint, rung == 3, kind.gravity, random);
    if (rung == 2 && random.chance(4000)) action.what = "Removal from Classroom";
    if (rung == 1 && random.chance(1500)) action.what = "Community Service";
    result_.actions.push_back(action);
  }

  // From the next day of instruction; only days on which the student is still enrolled are served.
  void suspend(Action& action, const Stint& stint, bool in_school, int gravity, Random& random) {
    action.days_assigned = in_school ? random.between(1, 2) : random.between(1, 2 + gravity);
    if (gravity == 3) action.days_assigned = random.between(5, 10);
    if (action.first_day < stint.last_day) ++action.first_day;
    for (int i = 0; i < action.days_assigned; ++i) {
      const int day = action.first_day + i;
      if (day > stint.last_day || (i > 0 && random.chance(300))) break;
      ++action.days_served;
      result_.suspended_days.push_back(
          {.student = stint.student, .day = day, .in_school = in_school});
    }
  }

  // Out of school goes before in school where two actions meet.
  void keep_each_suspended_day_once() {
    auto& days = result_.suspended_days;
    std::sort(days.begin(), days.end(), [](const SuspendedDay& a, const SuspendedDay& b) {
      return std::tie(a.student, a.day, a.in_school) < std::tie(b.student, b.day, b.in_school);
    });
    const auto same_day = [](const SuspendedDay& a, const SuspendedDay& b) {
      return a.student == b.student && a.day == b.day;
    };
    days.erase(std::unique(days.begin(), days.end(), same_day), days.end());
  }

  std::uint64_t seed_;
  std::span<const Student> students_;
  std::span<const Stint> stints_;
  std::span<const StaffMember> staff_;
  std::vector<std::int64_t> totals_;
  std::vector<Draft> drafts_;
  std::map<int, int> times_before_;
  Behavior result_;
};

}  // namespace

Behavior make_behavior(std::uint64_t seed, std::span<const Student> students,
                       std::span<const Stint> stints, std::span<const StaffMember> staff) {
  return BehaviorMaker(seed, students, stints, staff).make();
}

}  // namespace homeroom::sample
