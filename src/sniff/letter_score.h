#pragma once

// How much a text looks like words, when its encoding was only supposed.

#include <cstddef>
#include <string_view>

namespace homeroom::sniff {

struct LetterScore {
  double mean = 0;              ///< over the characters beyond ASCII, -2 to 1
  std::size_t num_beyond = 0;   ///< of them
  std::size_t num_letters = 0;  ///< letters of any kind, ASCII too
};

/// Looks at each character beyond ASCII beside its neighbours: a small letter in a word of its
/// script speaks for the encoding; a sign or a capital inside a word, a letter of another script,
/// or a byte without meaning speaks against it. `text` is UTF-8.
[[nodiscard]] LetterScore score_letters(std::string_view text);

}  // namespace homeroom::sniff
