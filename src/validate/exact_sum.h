#pragma once

// Sums of decimal numbers without rounding.

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace homeroom::validate {

__extension__ using Int128 = __int128;

/// A number with nine digits behind the point: sums of 20 million values below 10^20 are exact.
class ExactSum {
 public:
  /// Adds a number in the form of `parse_decimal`. False, and nothing is added, for any other text
  /// and for one with more than 20 digits before or nine behind the point.
  bool add(std::string_view text, bool is_negative = false);

  /// As short as it can be: "-12.5".
  [[nodiscard]] std::string text() const;

  [[nodiscard]] double approximate() const;

  /// `step` is not zero.
  [[nodiscard]] bool is_multiple_of(const ExactSum& step) const {
    return billionths_ % step.billionths_ == 0;
  }

  friend std::strong_ordering operator<=>(const ExactSum& left, const ExactSum& right) {
    if (left.billionths_ == right.billionths_) return std::strong_ordering::equal;
    return left.billionths_ < right.billionths_ ? std::strong_ordering::less
                                                : std::strong_ordering::greater;
  }

 private:
  Int128 billionths_ = 0;
};

}  // namespace homeroom::validate
