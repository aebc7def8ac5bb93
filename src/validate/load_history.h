#pragma once

// A file beside earlier ones of its kind: how many rows, how many empty cells, which codes, how
// distributed. Pure functions over counts that the ledger keeps.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "contract/load_checks.h"

namespace homeroom::validate {

/// An earlier file of the kind that was loaded.
struct PastLoad {
  std::optional<int> weekday;  ///< of the day it is about, 0 Monday; nothing: of several days
  std::uint64_t num_rows = 0;
};

struct VolumeVerdict {
  enum class What : std::uint8_t { kLearning, kGood, kWarn, kHold };

  What what = What::kLearning;
  double expected = 0;           ///< the median
  std::size_t num_loads = 0;     ///< looked at
  bool is_same_weekday = false;  ///< all of them were of the file's weekday

  [[nodiscard]] double change(std::uint64_t num_rows) const {
    return expected == 0 ? 0 : (static_cast<double>(num_rows) - expected) / expected;
  }
};

/// Judges a file's rows by the median of the latest loads of its weekday; while there are too few
/// of them, by that of all weekdays. `history` is the newest first.
///
/// From 50 rows on a share counts as it is. Of fewer rows a share is soon reached by chance: there
/// a drop also has to be more than 3.5 deviations.
[[nodiscard]] VolumeVerdict judge_volume(std::span<const PastLoad> history,
                                         std::optional<int> weekday, std::uint64_t num_rows,
                                         const contract::VolumeCheck& check);

/// Values and empty cells of a column in one file, or in several.
struct ColumnFill {
  std::uint64_t num_rows = 0;
  std::uint64_t num_nulls = 0;

  [[nodiscard]] double null_rate() const {
    return num_rows == 0 ? 0 : static_cast<double>(num_nulls) / static_cast<double>(num_rows);
  }
};

/// True when the share of empty cells is higher than before by more than the check allows, which
/// is looked at from 20 rows on.
[[nodiscard]] bool has_more_nulls(const ColumnFill& before, const ColumnFill& now,
                                  const contract::NullRateCheck& check);

/// Population stability index of two counts over the same bins: 0 is equal, above 0.2 is commonly
/// called a shift. Half a value is added to each bin, so that an empty one has a logarithm.
/// Source: Siddiqi, "Credit Risk Scorecards", 2006, chapter 10.
[[nodiscard]] double population_stability(std::span<const std::uint64_t> before,
                                          std::span<const std::uint64_t> now);

}  // namespace homeroom::validate
