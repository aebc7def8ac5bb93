#pragma once

// Is a feed late? A pure function of times.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/date.h"
#include "contract/load_checks.h"

namespace homeroom::validate {

/// Minutes since 1970-01-01 00:00 by the clock on the district's wall.
using WallMinute = std::chrono::minutes;

enum class Lateness : std::uint8_t {
  kOnTime,
  kLate,      ///< the file of one school day is missing
  kCritical,  ///< of more than one
};

struct FreshnessVerdict {
  Lateness lateness = Lateness::kOnTime;
  std::size_t num_missed = 0;  ///< school days
  WallMinute due{0};           ///< when the first missing one was due, its grace included
};

/// A file is due on each of `school_days` (ascending) at the contract's time and its grace. One
/// that comes after the day before was due is that day's, also when it comes late: then all is well
/// again. `last_arrival` is when the newest file came. A contract without a time is never late.
[[nodiscard]] FreshnessVerdict judge_freshness(WallMinute now, WallMinute last_arrival,
                                               std::span<const DayNumber> school_days,
                                               const contract::Freshness& freshness);

}  // namespace homeroom::validate
