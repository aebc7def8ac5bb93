#pragma once

// What a value looks like, from its characters alone.

#include <cstdint>
#include <string_view>

namespace homeroom::sniff {

enum class ValueType : std::uint8_t {
  kEmpty,  ///< nothing, or a word for nothing: NULL, N/A, *
  kInteger,
  kDecimal,  ///< also with a currency, a percent sign, separators of thousands; a pair in brackets
  kDate,
  kTime,
  kDateTime,
  kBoolean,
  kAddress,  ///< URL, mail, path, telephone
  kCode,     ///< one word of letters, digits and - _ . / : #
  kText,     ///< words
  kMixed,    ///< text with characters that stand between values: ; | tab, quotes
};

/// Looks at no more than the first 200 bytes.
[[nodiscard]] ValueType value_type(std::string_view text);

/// A type that a heading seldom has.
[[nodiscard]] constexpr bool is_data_type(ValueType type) {
  return type >= ValueType::kInteger && type <= ValueType::kAddress;
}

}  // namespace homeroom::sniff
