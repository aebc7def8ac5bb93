#pragma once

// What a file's name says besides: words for hints, the code of an enumeration.

#include <optional>
#include <string>
#include <vector>

#include "contract/contract.h"
#include "contract/match.h"

namespace homeroom::contract {

/// The words of the file's and the folder's names, folded; numbers too.
[[nodiscard]] std::vector<std::string> words_of(const FileName& name);

/// The one code of `enumeration` that the name spells ("star_math_fall" is "math" in subjects);
/// the folder is asked when the file's name spells none. Nothing when two codes are spelled.
[[nodiscard]] std::optional<std::string> code_in_name(const Enumeration& enumeration,
                                                      const FileName& name);

/// Where `words` spell a code: the longest run from `start`. Spellings shorter than three letters
/// say too little and are passed over.
struct SpelledCode {
  std::size_t num_words = 0;
  std::uint32_t value = 0;  ///< index in the enumeration's values
};

[[nodiscard]] std::optional<SpelledCode> spelled_code(const Enumeration& enumeration,
                                                      const std::vector<std::string>& words,
                                                      std::size_t start);

/// True when the words of `run` stand one after another in `words`; no words stand nowhere.
[[nodiscard]] bool is_run_of(const std::vector<std::string>& run,
                             const std::vector<std::string>& words);

/// `folded` words of a name or a header.
[[nodiscard]] std::vector<std::string> split_words(const std::string& folded);

}  // namespace homeroom::contract
