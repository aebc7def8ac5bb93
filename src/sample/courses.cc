#include "sample/courses.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace homeroom::sample {
namespace {

constexpr int kPerElementaryGrade = kCoursesAnElementaryGrade;
constexpr int kPerMiddleGrade = 5;
constexpr int kFirstMiddle = 6 * kPerElementaryGrade;
constexpr int kFirstMiddleOther = kFirstMiddle + 3 * kPerMiddleGrade;

struct Named {
  std::string_view title;
  Subject subject;
  CourseLevel level = CourseLevel::kGeneral;
  int credits_hundredths = 100;
};

constexpr auto kAp = CourseLevel::kAdvancedPlacement;

constexpr std::array<Named, kPerElementaryGrade> kElementary = {{
    {"Reading & Language Arts", Subject::kEnglish},
    {"Mathematics", Subject::kMath},
    {"Science", Subject::kScience},
    {"Social Studies", Subject::kSocialStudies},
    {"Art", Subject::kArts},
    {"Music", Subject::kArts},
    {"Physical Education", Subject::kPhysicalEducation},
}};
constexpr std::array<Named, kPerMiddleGrade> kMiddle = {{
    {"English Language Arts", Subject::kEnglish},
    {"Mathematics", Subject::kMath},
    {"Science", Subject::kScience},
    {"Social Studies", Subject::kSocialStudies},
    {"Physical Education", Subject::kPhysicalEducation},
}};

enum MiddleOther { kAlgebraEarly, kArtM, kBandM, kChoirM, kSpanishM, kComputingM, kNumMiddleOther };

constexpr std::array<Named, kNumMiddleOther> kMiddleOthers = {{
    {"Algebra I (Grade 8)", Subject::kMath, CourseLevel::kHonors},
    {"Art, Drawing and Design", Subject::kArts},
    {"Band", Subject::kArts},
    {"Choir", Subject::kArts},
    {"Introduction to Spanish", Subject::kLanguage},
    {"Computer Literacy", Subject::kCareer},
}};

// In the order of kHighCourses.
enum High {
  kEnglish9,
  kEnglish10,
  kEnglish11,
  kEnglish12,
  kApLanguage,
  kMathSupport,
  kAlgebra1,
  kGeometry,
  kAlgebra2,
  kPrecalculus,
  kApCalculus,
  kStatistics,
  kBiology,
  kHonorsBiology,
  kChemistry,
  kPhysics,
  kEnvironment,
  kApBiology,
  kGeography,
  kWorldHistory,
  kUsHistory,
  kApUsHistory,
  kGovernment,
  kEconomics,
  kPe9,
  kHealth,
  kPe10,
  kWeights,
  kSpanish1,
  kSpanish2,
  kSpanish3,
  kSpanish4,
  kFrench1,
  kFrench2,
  kFrench3,
  kStudioArt,
  kConcertBand,
  kConcertChoir,
  kTheater,
  kComputerScience,
  kHealthCareers,
  kAutomotive,
  kCulinary,
  kBusiness,
  kNumHigh
};

constexpr std::array<Named, kNumHigh> kHighCourses = {{
    {"English 9", Subject::kEnglish},
    {"English 10", Subject::kEnglish},
    {"English 11; American Literature", Subject::kEnglish},
    {"English 12; World Literature", Subject::kEnglish},
    {"AP English Language & Composition", Subject::kEnglish, kAp},
    {"Math Support", Subject::kMath, CourseLevel::kRemedial},
    {"Algebra I", Subject::kMath},
    {"Geometry", Subject::kMath},
    {"Algebra II", Subject::kMath},
    {"Precalculus", Subject::kMath, CourseLevel::kHonors},
    {"AP Calculus AB", Subject::kMath, kAp},
    {"Statistics & Data", Subject::kMath},
    {"Biology", Subject::kScience},
    {"Honors Biology", Subject::kScience, CourseLevel::kHonors},
    {"Chemistry", Subject::kScience},
    {"Physics", Subject::kScience},
    {"Environmental Science", Subject::kScience},
    {"AP Biology", Subject::kScience, kAp},
    {"World Geography", Subject::kSocialStudies},
    {"World History", Subject::kSocialStudies},
    {"U.S. History", Subject::kSocialStudies},
    {"AP U.S. History", Subject::kSocialStudies, kAp},
    {"Government", Subject::kSocialStudies, CourseLevel::kGeneral, 50},
    {"Economics", Subject::kSocialStudies, CourseLevel::kGeneral, 50},
    {"Physical Education 9", Subject::kPhysicalEducation, CourseLevel::kGeneral, 50},
    {"Health", Subject::kPhysicalEducation, CourseLevel::kGeneral, 50},
    {"Physical Education 10", Subject::kPhysicalEducation},
    {"Weight Training", Subject::kPhysicalEducation},
    {"Spanish I", Subject::kLanguage},
    {"Spanish II", Subject::kLanguage},
    {"Spanish III", Subject::kLanguage, CourseLevel::kHonors},
    {"Spanish IV", Subject::kLanguage, CourseLevel::kHonors},
    {"French I", Subject::kLanguage},
    {"French II", Subject::kLanguage},
    {"French III", Subject::kLanguage, CourseLevel::kHonors},
    {"Studio Art", Subject::kArts},
    {"Concert Band", Subject::kArts},
    {"Concert Choir", Subject::kArts},
    {"Theater", Subject::kArts},
    {"Computer Science Principles", Subject::kCareer},
    {"Health Careers", Subject::kCareer},
    {"Automotive Technology", Subject::kCareer},
    {"Culinary Arts", Subject::kCareer},
    {"Business & Personal Finance", Subject::kCareer},
}};
constexpr int kFirstHigh = kFirstMiddleOther + kNumMiddleOther;

Course to_course(const Named& named, std::string id, std::string title, int credits_hundredths,
                 bool counts_for_gpa) {
  return {.id = std::move(id),
          .title = std::move(title),
          .subject = named.subject,
          .level = named.level,
          .credits_hundredths = credits_hundredths,
          .counts_for_gpa = counts_for_gpa};
}

void choose_high_core(const Student& student, std::vector<Choice>& out) {
  const int year = student.grade - 9;
  const int ability = student.ability;
  const bool takes_ap = ability > 950 && year >= 2;
  const auto add = [&](int course, int slot, Term term = Term::kYear) {
    out.push_back({.course = kFirstHigh + course, .term = term, .slot = slot});
  };
  add(takes_ap && year == 2 ? kApLanguage : kEnglish9 + year, 0);
  const int step = year + (ability > 750 ? 1 : ability < -900 ? -1 : 0);
  constexpr std::array kMathPath = {kMathSupport, kAlgebra1,    kGeometry,
                                    kAlgebra2,    kPrecalculus, kApCalculus};
  const bool prefers_statistics = year == 3 && ability < 150;
  add(prefers_statistics ? kStatistics : kMathPath[static_cast<std::size_t>(step + 1)], 1);
  constexpr std::array kScience = {kBiology, kChemistry, kPhysics, kEnvironment};
  constexpr std::array kStrongScience = {kHonorsBiology, kChemistry, kPhysics, kApBiology};
  const auto& science = ability > 700 ? kStrongScience : kScience;
  add(year == 2 && ability < -400 ? kEnvironment : science[static_cast<std::size_t>(year)], 2);
  if (year < 3) {
    add(takes_ap ? kApUsHistory : kGeography + year, 3);
  } else {
    add(kGovernment, 3, Term::kFall);
    add(kEconomics, 3, Term::kSpring);
  }
}

void choose_high_others(const Student& student, Random& random, std::vector<Choice>& out) {
  const int year = student.grade - 9;
  const auto add = [&](int course, int slot, Term term = Term::kYear) {
    out.push_back({.course = kFirstHigh + course, .term = term, .slot = slot});
  };
  if (year == 0) {
    add(kPe9, 4, Term::kFall);
    add(kHealth, 4, Term::kSpring);
  } else {
    add(year == 1 ? kPe10 : random.chance(4500) ? kWeights : kBusiness, 4);
  }
  if (student.ability > -700 || year < 2) {
    const bool french = random.chance(2400);
    const int course = french ? kFrench1 + (year > 2 ? 2 : year) : kSpanish1 + year;
    add(course, 5);
  } else {
    add(kAutomotive + random.below(2), 5);
  }
  add(kStudioArt + random.below(kAutomotive - kStudioArt), 6);
}

void choose_middle(const Student& student, Random& random, std::vector<Choice>& out) {
  const int first = kFirstMiddle + (student.grade - 6) * kPerMiddleGrade;
  for (int slot = 0; slot < kPerMiddleGrade; ++slot) {
    const bool early_algebra = slot == 1 && student.grade == 8 && student.ability > 700;
    const int course = early_algebra ? kFirstMiddleOther + kAlgebraEarly : first + slot;
    out.push_back({.course = course, .term = Term::kYear, .slot = slot});
  }
  const int elective = kArtM + random.below(kNumMiddleOther - kArtM);
  out.push_back({.course = kFirstMiddleOther + elective, .term = Term::kYear, .slot = 5});
}

std::string grade_title(int grade, std::string_view title) {
  return grade == 0 ? fmt::format("{} K", title) : fmt::format("{} {}", title, grade);
}

}  // namespace

std::vector<Course> make_catalog() {
  std::vector<Course> courses;
  for (int i = 0; i < kFirstMiddle; ++i) {
    const int grade = i / kPerElementaryGrade;
    const int place = i % kPerElementaryGrade;
    const Named& named = kElementary[static_cast<std::size_t>(place)];
    courses.push_back(to_course(named, fmt::format("0{}{:02}", grade, place + 1),
                                grade_title(grade, named.title), 0, false));
  }
  for (int i = 0; i < 3 * kPerMiddleGrade; ++i) {
    const int grade = 6 + i / kPerMiddleGrade;
    const int place = i % kPerMiddleGrade;
    const Named& named = kMiddle[static_cast<std::size_t>(place)];
    courses.push_back(to_course(named, fmt::format("0{}{:02}", grade, place + 1),
                                grade_title(grade, named.title), 0, false));
  }
  for (int i = 0; i < kNumMiddleOther; ++i) {
    const Named& named = kMiddleOthers[static_cast<std::size_t>(i)];
    courses.push_back(
        to_course(named, fmt::format("08{:02}", 51 + i), std::string(named.title), 0, false));
  }
  for (int i = 0; i < kNumHigh; ++i) {
    const Named& named = kHighCourses[static_cast<std::size_t>(i)];
    const bool counts = named.subject != Subject::kPhysicalEducation;
    courses.push_back(to_course(named,
                                fmt::format("{}{:02}", 11 + static_cast<int>(named.subject), i + 1),
                                std::string(named.title), named.credits_hundredths, counts));
  }
  return courses;
}

std::vector<Choice> choose_courses(const Student& student, Random random) {
  std::vector<Choice> choices;
  if (student.grade >= 9) {
    choose_high_core(student, choices);
    choose_high_others(student, random, choices);
  } else if (student.grade >= 6) {
    choose_middle(student, random, choices);
  } else {
    for (int slot = 0; slot < kPerElementaryGrade; ++slot) {
      choices.push_back({.course = student.grade * kPerElementaryGrade + slot,
                         .term = Term::kYear,
                         .slot = slot});
    }
  }
  return choices;
}

}  // namespace homeroom::sample
