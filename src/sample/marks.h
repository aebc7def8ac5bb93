#pragma once

// What a student got in a course and quarter.

#include <cstdint>
#include <string_view>

#include "sample/courses.h"
#include "sample/people.h"

namespace homeroom::sample {

struct Mark {
  int percent_tenths = 0;  ///< meaningful unless `is_incomplete`
  bool is_incomplete = false;
};

/// Abler students get more, those who are often absent less.
[[nodiscard]] Mark mark_of(std::uint64_t seed, const Student& student, const Course& course,
                           int course_index, int quarter);

/// "A-" for 91.2: the common table of ten points a letter.
[[nodiscard]] std::string_view letter_of(int percent_tenths);

/// 1 to 4, as elementary report cards have it.
[[nodiscard]] std::string_view standard_of(int percent_tenths);

}  // namespace homeroom::sample
