#include "sample/schedule.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "sample/random.h"

namespace homeroom::sample {
namespace {

constexpr int kHomeroomSize = 24;
constexpr int kClassSize = 28;
constexpr int kCohortSize = 26;
constexpr int kNumPeriods = 7;
constexpr int kMostSectionsATeacher = 6;
constexpr int kFirstSectionNumber = 100'200;
constexpr int kFirstStaffNumber = 214;

// What the pupils of one class have in common. A group too large for a room is split.
struct ClassKey {
  int school = 0;
  int course = 0;
  Term term = Term::kYear;
  int period = 0;
  int homeroom = 0;  // elementary only, from 1

  auto operator<=>(const ClassKey&) const = default;
};

class Scheduler {
 public:
  Scheduler(std::uint64_t seed, std::span<const Student> students, std::span<const Stint> stints,
            std::span<const Course> catalog, const SchoolCalendar& calendar)
      : seed_(seed), students_(students), stints_(stints), catalog_(catalog), calendar_(calendar) {}

  Schedule make() {
    schedule_.homeroom_teachers.assign(stints_.size(), -1);
    add_leaders();
    group_students();
    for (const auto& [key, members] : classes_) add_sections(key, members);
    std::sort(schedule_.seats.begin(), schedule_.seats.end(), [](const Seat& a, const Seat& b) {
      return std::tie(a.section, a.stint) < std::tie(b.section, b.stint);
    });
    return std::move(schedule_);
  }

 private:
  // Who teaches what: a subject's teachers of one school and the periods they are taken in.
  struct Load {
    int staff = 0;
    int num_sections = 0;
    unsigned fall_periods = 0;
    unsigned spring_periods = 0;
  };

  [[nodiscard]] const Student& student_of(int stint) const {
    return students_[static_cast<std::size_t>(stints_[static_cast<std::size_t>(stint)].student)];
  }

  int add_staff(StaffRole role, int school) {
    const int index = static_cast<int>(schedule_.staff.size());
    Random random = random_for(seed_, Topic::kStaff, static_cast<std::uint64_t>(index));
    StaffMember member;
    member.number = kFirstStaffNumber + index * 3 + random.below(3);
    const Sex sex = random.chance(7200) ? Sex::kFemale : Sex::kMale;
    const Race race = random.chance(5000) ? Race::kWhite : draw_race(random);
    member.name = draw_name(random, sex, race);
    member.role = role;
    member.school = school;
    member.room = school < 3 ? 1 + index % 34 : 101 + (index % 3) * 100 + index * 7 % 28;
    schedule_.staff.push_back(member);
    return index;
  }

  void add_leaders() {
    constexpr int kStudentsACounselor = 380;
    std::vector<int> sizes(schools().size());
    for (const Stint& stint : stints_) ++sizes[static_cast<std::size_t>(stint.school)];
    for (int school = 0; school < static_cast<int>(sizes.size()); ++school) {
      add_staff(StaffRole::kPrincipal, school);
      const int size = sizes[static_cast<std::size_t>(school)];
      if (school >= 3) add_staff(StaffRole::kAssistantPrincipal, school);
      for (int i = 0; i <= size / kStudentsACounselor; ++i)
        add_staff(StaffRole::kCounselor, school);
      if (school >= 3) continue;
      for (int i = 0; i <= size / 120; ++i) add_staff(StaffRole::kAide, school);
    }
  }

  // Students of a school and grade, the ablest first: tracked cohorts share their periods.
  void group_students() {
    std::map<std::pair<int, int>, std::vector<int>> grades;
    for (int i = 0; i < static_cast<int>(stints_.size()); ++i) {
      grades[{stints_[static_cast<std::size_t>(i)].school, student_of(i).grade}].push_back(i);
    }
    for (auto& [school_and_grade, members] : grades) {
      const auto [school, grade] = school_and_grade;
      if (grade >= 6) {
        std::stable_sort(members.begin(), members.end(), [&](int a, int b) {
          return student_of(a).ability > student_of(b).ability;
        });
      }
      const int num_members = static_cast<int>(members.size());
      const int num_rooms = (num_members + kHomeroomSize - 1) / kHomeroomSize;
      const int num_cohorts = (num_members + kCohortSize - 1) / kCohortSize;
      for (int rank = 0; rank < num_members; ++rank) {
        const int stint = members[static_cast<std::size_t>(rank)];
        const int homeroom = grade < 6 ? 1 + rank % num_rooms : 0;
        place(stint, school, homeroom, grade < 6 ? homeroom : rank * num_cohorts / num_members);
      }
    }
  }

  void place(int stint, int school, int homeroom, int cohort) {
    const auto which = static_cast<std::uint64_t>(stints_[static_cast<std::size_t>(stint)].student);
    for (const Choice& choice :
         choose_courses(student_of(stint), random_for(seed_, Topic::kSchedule, which))) {
      const int period = 1 + (choice.slot + cohort) % kNumPeriods;
      classes_[{school, choice.course, choice.term, period, homeroom}].push_back(stint);
    }
  }

  void add_sections(const ClassKey& key, const std::vector<int>& members) {
    const int num_members = static_cast<int>(members.size());
    const int num_rooms = key.homeroom > 0 ? 1 : (num_members + kClassSize - 1) / kClassSize;
    for (int room = 0; room < num_rooms; ++room) {
      const int section = add_section(key);
      for (int i = room; i < num_members; i += num_rooms) {
        seat(members[static_cast<std::size_t>(i)], section);
      }
    }
  }

  int add_section(const ClassKey& key) {
    const int index = static_cast<int>(schedule_.sections.size());
    const Subject subject = catalog_[static_cast<std::size_t>(key.course)].subject;
    const bool with_homeroom = key.homeroom > 0 && subject <= Subject::kSocialStudies;
    const int teacher = with_homeroom ? homeroom_teacher(key) : free_teacher(key, subject);
    schedule_.sections.push_back({.number = kFirstSectionNumber + index,
                                  .course = key.course,
                                  .school = key.school,
                                  .term = key.term,
                                  .period = key.period,
                                  .teacher = teacher,
                                  .count = ++num_sections_[{key.school, key.course}]});
    return index;
  }

  int homeroom_teacher(const ClassKey& key) {
    const std::tuple room{key.school, key.course / kCoursesAnElementaryGrade, key.homeroom};
    const auto [found, is_new] = homerooms_.try_emplace(room, 0);
    if (is_new) found->second = add_staff(StaffRole::kTeacher, key.school);
    return found->second;
  }

  int free_teacher(const ClassKey& key, Subject subject) {
    const unsigned period = 1U << static_cast<unsigned>(key.period);
    const unsigned fall = key.term != Term::kSpring ? period : 0;
    const unsigned spring = key.term != Term::kFall ? period : 0;
    auto& loads = departments_[{key.school, subject}];
    const auto is_free = [&](const Load& load) {
      return load.num_sections < kMostSectionsATeacher * 2 && (load.fall_periods & fall) == 0 &&
             (load.spring_periods & spring) == 0;
    };
    auto found = std::find_if(loads.begin(), loads.end(), is_free);
    if (found == loads.end()) {
      loads.push_back({.staff = add_staff(StaffRole::kTeacher, key.school)});
      found = loads.end() - 1;
    }
    found->num_sections += key.term == Term::kYear ? 2 : 1;  // counted in semesters
    found->fall_periods |= fall;
    found->spring_periods |= spring;
    return found->staff;
  }

  void seat(int stint_index, int section_index) {
    const Stint& stint = stints_[static_cast<std::size_t>(stint_index)];
    const Section& section = schedule_.sections[static_cast<std::size_t>(section_index)];
    if (section.school < 3 &&
        catalog_[static_cast<std::size_t>(section.course)].subject == Subject::kEnglish) {
      schedule_.homeroom_teachers[static_cast<std::size_t>(stint_index)] = section.teacher;
    }
    const DayRange term = days_of(section.term, calendar_);
    const int first_day = std::max(stint.first_day, term.first);
    const int last_day = std::min(stint.last_day, term.last);
    if (first_day > last_day) return;
    schedule_.seats.push_back({.stint = stint_index,
                               .section = section_index,
                               .first_day = first_day,
                               .last_day = last_day});
  }

  std::uint64_t seed_;
  std::span<const Student> students_;
  std::span<const Stint> stints_;
  std::span<const Course> catalog_;
  const SchoolCalendar& calendar_;
  Schedule schedule_;
  std::map<ClassKey, std::vector<int>> classes_;
  std::map<std::pair<int, Subject>, std::vector<Load>> departments_;
  std::map<std::pair<int, int>, int> num_sections_;
  std::map<std::tuple<int, int, int>, int> homerooms_;
};

}  // namespace

DayRange days_of(Term term, const SchoolCalendar& calendar) {
  const int half = calendar.last_day_of(1);
  switch (term) {
    case Term::kFall:
      return {.first = 0, .last = half};
    case Term::kSpring:
      return {.first = half + 1, .last = SchoolCalendar::kNumDays - 1};
    case Term::kYear:
      break;
  }
  return {.first = 0, .last = SchoolCalendar::kNumDays - 1};
}

Schedule make_schedule(std::uint64_t seed, std::span<const Student> students,
                       std::span<const Stint> stints, std::span<const Course> catalog,
                       const SchoolCalendar& calendar) {
  return Scheduler(seed, students, stints, catalog, calendar).make();
}

}  // namespace homeroom::sample
