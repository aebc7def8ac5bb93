#pragma once

// Decimal numbers as their digits: compared exactly, whatever their length.

#include <compare>
#include <optional>
#include <string_view>

namespace homeroom::validate {

/// A view of a number's text. No leading zeros in `whole`, no trailing ones in `fraction`; zero
/// has neither digits nor sign.
struct Decimal {
  bool is_negative = false;
  std::string_view whole;
  std::string_view fraction;
};

/// Reads digits with an optional minus sign and an optional point between digits; nothing for
/// any other form. The result views `text`.
///
///     parse_decimal("-007.50") == Decimal{true, "7", "5"}
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text);

[[nodiscard]] std::strong_ordering compare(const Decimal& left, const Decimal& right);

}  // namespace homeroom::validate
