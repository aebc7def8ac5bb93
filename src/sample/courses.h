#pragma once

// What is taught, and which courses a student of a grade takes.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sample/people.h"
#include "sample/random.h"

namespace homeroom::sample {

enum class Subject : unsigned char {
  kEnglish,
  kMath,
  kScience,
  kSocialStudies,
  kLanguage,
  kArts,
  kPhysicalEducation,
  kCareer,
};

/// The catalog begins with the elementary grades, kindergarten first, so many courses each.
inline constexpr int kCoursesAnElementaryGrade = 7;

enum class CourseLevel : unsigned char { kGeneral, kHonors, kAdvancedPlacement, kRemedial };

enum class Term : unsigned char { kYear, kFall, kSpring };

struct Course {
  std::string id;
  std::string title;
  Subject subject = Subject::kEnglish;
  CourseLevel level = CourseLevel::kGeneral;
  int credits_hundredths = 0;
  bool counts_for_gpa = false;
};

/// A course that a student takes, and which of the day's slots it takes up.
struct Choice {
  int course = 0;  ///< index in the catalog
  Term term = Term::kYear;
  int slot = 0;
};

/// All courses of the district. A course is named by its index.
[[nodiscard]] std::vector<Course> make_catalog();

/// The student's courses; at most one a slot and term.
[[nodiscard]] std::vector<Choice> choose_courses(const Student& student, Random random);

}  // namespace homeroom::sample
