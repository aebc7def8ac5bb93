#pragma once

// What a cheap look at a cell's bytes tells. The cleaner shows a rule only the cells that have a
// trait the rule looks for, so that a rule costs nothing where nothing can change.

#include <cstdint>
#include <string_view>

namespace homeroom::clean {

using Traits = std::uint16_t;

inline constexpr Traits kOuterBlank = 1U << 0U;   ///< begins or ends with a blank
inline constexpr Traits kInnerBlanks = 1U << 1U;  ///< two blanks in a row
/// A byte below 0x20 but a line feed or return, or 0x7F.
inline constexpr Traits kControl = 1U << 2U;
inline constexpr Traits kNonAscii = 1U << 3U;
/// Characters beyond ASCII and the accented Latin letters U+00C0 to U+02FF: other blanks,
/// invisible characters, marks that combine. Always with kNonAscii.
inline constexpr Traits kOddUnicode = 1U << 4U;
inline constexpr Traits kEquals = 1U << 5U;  ///< begins with "="
inline constexpr Traits kPoint = 1U << 6U;   ///< holds "."
inline constexpr Traits kPlus = 1U << 7U;    ///< holds "+"
/// See has_token_form.
inline constexpr Traits kToken = 1U << 8U;
/// Not in the form its kind is stored in; never set for text, identifiers and marks
/// (but for text with an open list of codes).
inline constexpr Traits kUnread = 1U << 9U;
/// For rules that want to see every value, also those in the form their kind is stored in.
inline constexpr Traits kEveryValue = 1U << 10U;
/// For the cleaner: the bytes were not looked at yet, or have changed since.
inline constexpr Traits kNotLookedAt = 1U << 15U;

/// True when `text` (not empty) has the first byte and length of a null token or suppression mark.
[[nodiscard]] bool has_token_form(std::string_view text);

/// The traits of `text` (not empty), but kUnread and kEveryValue, which depend on the column.
[[nodiscard]] Traits classify(std::string_view text);

}  // namespace homeroom::clean
