#include "validate/freshness.h"

namespace homeroom::validate {

FreshnessVerdict judge_freshness(WallMinute now, WallMinute last_arrival,
                                 std::span<const DayNumber> school_days,
                                 const contract::Freshness& freshness) {
  FreshnessVerdict verdict;
  if (!freshness.time_of_day) return verdict;
  const WallMinute of_day = *freshness.time_of_day + freshness.grace;
  // The first day known is nobody's day before: what came at any time is its file.
  for (std::size_t i = 1; i < school_days.size(); ++i) {
    const WallMinute due = std::chrono::days(school_days[i]) + of_day;
    const WallMinute before = std::chrono::days(school_days[i - 1]) + of_day;
    if (due > now) break;
    if (last_arrival > before) continue;
    if (verdict.num_missed++ == 0) verdict.due = due;
  }
  if (verdict.num_missed == 1) verdict.lateness = Lateness::kLate;
  if (verdict.num_missed > 1) verdict.lateness = Lateness::kCritical;
  return verdict;
}

}  // namespace homeroom::validate
