#pragma once

// Chance that comes out the same on every machine. The standard library's distributions do not:
// each implementation has its own.

#include <cstddef>
#include <cstdint>
#include <iterator>

namespace homeroom::sample {

/// A stream of numbers; equal seeds give equal streams.
/// Source: SplitMix64, Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    return mix(state_);
  }

  /// 0 to `limit` - 1; `limit` is positive.
  int below(int limit) {
    return static_cast<int>(((next() >> 32) * static_cast<std::uint64_t>(limit)) >> 32);
  }

  /// `low` to `high`, both possible.
  int between(int low, int high) { return low + below(high - low + 1); }

  /// True `times` times in 10,000.
  bool chance(int times) { return below(10'000) < times; }

  /// Around 0, bell-shaped, two thirds within `deviation`, never beyond six times it.
  int bell(int deviation) {
    int sum = 0;  // twelve uniform numbers have the variance of one unit
    for (int i = 0; i < 12; ++i) sum += below(2001) - 1000;
    return sum * deviation / 2000;
  }

  /// One of an array's or span's items.
  template <class Items>
  const auto& pick(const Items& items) {
    return items[static_cast<std::size_t>(below(static_cast<int>(std::size(items))))];
  }

  static std::uint64_t mix(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31);
  }

 private:
  std::uint64_t state_;
};

/// What is being decided. Each topic has its own streams, so that more of one thing does not
/// change another. A value is never reused.
enum class Topic : std::uint64_t {
  kStudent = 1,
  kStudentNumber,
  kStint,
  kStintPlace,
  kStaff,
  kSchedule,
  kAbsence,
  kTardy,
  kMark,
  kMarkInQuarter,
  kScore,
  kIncident,
  kAction,
  kSpelling,
  kFault,
  kFacility,
};

/// The stream of one decision about one thing (a student, a student's day).
inline Random random_for(std::uint64_t seed, Topic topic, std::uint64_t a = 0,
                         std::uint64_t b = 0) {
  const std::uint64_t which = Random::mix(static_cast<std::uint64_t>(topic) + (seed << 8));
  return Random(Random::mix(which + a * 0xD1342543DE82EF95ULL) ^ (b * 0xAF251AF3B0F025B5ULL));
}

}  // namespace homeroom::sample
