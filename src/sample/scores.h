#pragma once

// What a student scored in one window of the benchmark test.

#include <cstdint>

#include "sample/people.h"

namespace homeroom::sample {

enum class TestSubject : unsigned char { kMath, kReading };

inline constexpr int kNumWindows = 3;  // fall, winter, spring
inline constexpr int kLastTestedGrade = 10;

struct Score {
  int rit = 0;
  int percentile = 0;  ///< 1 to 99, among the nation's students of the grade in that window
};

/// Scores of one student go together, grow over the year, and grow less with absence.
[[nodiscard]] Score score_of(std::uint64_t seed, const Student& student, const School& school,
                             int window, TestSubject subject);

/// At or above this percentile a score counts as proficient in the district's summary.
inline constexpr int kProficientPercentile = 58;

}  // namespace homeroom::sample
