#pragma once

#include <cstdint>

#include "sample/random.h"

namespace homeroom::sample {

/// Hits one row in each `period`, at a place that differs from block to block, so that a file
/// of at least `period` rows has the fault for certain. Two hits are at least a quarter of the
/// period apart: in a list by class, never in one class.
///
///     OneIn fault(seed, kMarksFile, 0, 700);
///     if (fault.hits()) ...  // asked once a row
class OneIn {
 public:
  /// `file` and `fault` keep the faults of a district apart.
  OneIn(std::uint64_t seed, int file, int fault, int period)
      : random_(random_for(seed, Topic::kFault, static_cast<std::uint64_t>(file),
                           static_cast<std::uint64_t>(fault))),
        period_(period),
        place_(next_place()) {}

  bool hits() {
    const bool is_hit = row_ == place_;
    if (++row_ == period_) {
      row_ = 0;
      place_ = next_place();
    }
    return is_hit;
  }

 private:
  int next_place() { return random_.below(period_ - period_ / 4); }

  Random random_;
  int period_;
  int place_;
  int row_ = 0;
};

}  // namespace homeroom::sample
