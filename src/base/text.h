#pragma once

// Names and words: trimming, folding a header to a key, likeness, numbers for people.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace homeroom {

/// `text` without leading and trailing blanks (space, tab, CR, LF, form feed, vertical tab).
[[nodiscard]] std::string_view trim(std::string_view text);

/// ASCII letters in lower case, other bytes as they are.
[[nodiscard]] std::string to_lower(std::string_view text);

[[nodiscard]] bool equals_ignoring_case(std::string_view left, std::string_view right);

/// A header folded to the key it is matched by: byte order mark, quotes and apostrophes dropped,
/// camelCase split, each run of other characters one underscore, lower case, ASCII only
/// ("Überall-Note" keeps its letters without marks; U+FFFD and trademark signs are dropped).
///
///     fold_name("StudentUniqueId") == "student_unique_id"
///     fold_name("% Chronically Absent ") == "chronically_absent"
///     fold_name("ATT_DATE") == "att_date"
[[nodiscard]] std::string fold_name(std::string_view header);

/// Insertions, deletions, changes and swaps of neighbours between two words; at most `limit + 1`.
[[nodiscard]] int edit_distance(std::string_view left, std::string_view right, int limit = 3);

/// The candidate nearest to `word` within a third of its length; empty when none is near.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       std::span<const std::string> candidates);

/// 1204 -> "1,204".
[[nodiscard]] std::string with_thousands(std::uint64_t value);

/// 1, "row" -> "1 row"; 1204, "row" -> "1,204 rows".
[[nodiscard]] std::string counted(std::uint64_t value, std::string_view noun);

/// Characters of UTF-8: bytes that do not go on with one.
[[nodiscard]] std::size_t count_characters(std::string_view text);

[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);

/// Pieces joined by `separator`.
[[nodiscard]] std::string join(std::span<const std::string> pieces, std::string_view separator);

}  // namespace homeroom
