#include "validate/load_history.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace homeroom::validate {
namespace {

// Fewer rows than this vary by chance as much as by cause.
constexpr double kManyRows = 50;

// How many deviations a drop of few rows has to be.
constexpr double kSureDeviations = 3.5;

// Of normally distributed values, the deviation is so many times the median's absolute deviation.
constexpr double kDeviationOfMad = 1.4826;

// Counts that never varied may still vary by this share.
constexpr double kLeastSpread = 0.05;

constexpr std::uint64_t kFewRows = 20;

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

double deviation_of(const std::vector<double>& counts, double median) {
  std::vector<double> distances;
  for (const double count : counts) distances.push_back(std::abs(count - median));
  return kDeviationOfMad * median_of(std::move(distances));
}

std::vector<double> latest(std::span<const PastLoad> history, std::optional<int> weekday,
                           std::size_t limit) {
  std::vector<double> counts;
  for (const PastLoad& load : history) {
    if (counts.size() == limit) break;
    if (!weekday || load.weekday == weekday) counts.push_back(static_cast<double>(load.num_rows));
  }
  return counts;
}

bool is_near(const std::vector<double>& counts, double num_rows,
             const contract::VolumeCheck& check) {
  if (counts.empty()) return false;
  const double median = median_of(counts);
  return std::abs(num_rows - median) < check.warn_drop * median;
}

}  // namespace

VolumeVerdict judge_volume(std::span<const PastLoad> history, std::optional<int> weekday,
                           std::uint64_t num_rows, const contract::VolumeCheck& check) {
  using What = VolumeVerdict::What;
  const auto rows = static_cast<double>(num_rows);
  const std::size_t least = std::max<std::size_t>(check.min_loads, 1);
  VolumeVerdict verdict;
  std::vector<double> counts = latest(history, weekday, check.history);
  verdict.is_same_weekday = weekday.has_value() && counts.size() >= least;
  // A weekday seen so far as small as today is no drop, however large the other days are.
  const bool is_as_its_weekday = weekday && is_near(counts, rows, check);
  if (counts.size() < least) counts = latest(history, std::nullopt, check.history);
  verdict.num_loads = counts.size();
  if (counts.size() < least) return verdict;

  verdict.expected = median_of(counts);
  verdict.what = What::kGood;
  if (verdict.expected == 0 || (is_as_its_weekday && !verdict.is_same_weekday)) return verdict;
  const double deviation = deviation_of(counts, verdict.expected);
  const double distance = std::abs(rows - verdict.expected);
  // A few counts may agree by chance: half of what a Poisson count varies is taken for granted.
  const double chance = std::max(deviation, std::sqrt(verdict.expected) / 2);
  const bool is_sure = verdict.expected >= kManyRows || distance > kSureDeviations * chance;
  const double spread =
      std::max({deviation, kLeastSpread * verdict.expected, std::sqrt(verdict.expected)});
  const double drop = -verdict.change(num_rows);
  if (!is_sure) return verdict;
  if (drop >= check.hold_drop || distance > check.max_deviation * spread) {
    verdict.what = What::kHold;
  } else if (drop >= check.warn_drop) {
    verdict.what = What::kWarn;
  }
  return verdict;
}

bool has_more_nulls(const ColumnFill& before, const ColumnFill& now,
                    const contract::NullRateCheck& check) {
  if (before.num_rows < kFewRows || now.num_rows < kFewRows) return false;
  return now.null_rate() - before.null_rate() > check.max_rise;
}

double population_stability(std::span<const std::uint64_t> before,
                            std::span<const std::uint64_t> now) {
  constexpr double kAdded = 0.5;
  const std::size_t num_bins = std::min(before.size(), now.size());
  double sum_before = 0;
  double sum_now = 0;
  for (std::size_t i = 0; i < num_bins; ++i) {
    sum_before += static_cast<double>(before[i]) + kAdded;
    sum_now += static_cast<double>(now[i]) + kAdded;
  }
  double index = 0;
  for (std::size_t i = 0; i < num_bins; ++i) {
    const double share_before = (static_cast<double>(before[i]) + kAdded) / sum_before;
    const double share_now = (static_cast<double>(now[i]) + kAdded) / sum_now;
    index += (share_now - share_before) * std::log(share_now / share_before);
  }
  return index;
}

}  // namespace homeroom::validate
