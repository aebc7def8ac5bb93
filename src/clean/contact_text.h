#pragma once

// Names, e-mail addresses, telephone numbers and postal codes as people write them. The `is_plain`
// functions are the one look that a right value costs: they may say no to one that is right.

#include <optional>
#include <string>
#include <string_view>

namespace homeroom::clean {

/// Latin letters, hyphens, single apostrophes and blanks, points, and commas with a blank after.
[[nodiscard]] bool is_plain_name(std::string_view text);
/// ASCII letters, digits and ._%+'- , one "@", and a domain of at least two parts.
[[nodiscard]] bool is_plain_email(std::string_view text);
/// What `is_phone` takes, with no blank doubled or outside.
[[nodiscard]] bool is_plain_phone(std::string_view text);
/// 12345, 12345-6789 or A1A 1A1.
[[nodiscard]] bool is_plain_postcode(std::string_view text);

/// A number of 7 or 10 digits, 11 that begin with 1, or with "+" 8 to 15, set off by blanks,
/// points, hyphens, slashes and brackets, perhaps with an extension ("x12", "ext. 12").
/// Source: North American Numbering Plan; ITU-T E.164.
[[nodiscard]] bool is_phone(std::string_view text);

/// `out` is the name with one apostrophe where a program doubled it, and commas with one blank
/// after and none before; what ends in a comma ends without. False when nothing is to change.
[[nodiscard]] bool tidy_name(std::string_view text, std::string& out);

}  // namespace homeroom::clean
