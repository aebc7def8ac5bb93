#pragma once

// Phase 1: which encoding the bytes are in.

#include <string>
#include <string_view>

namespace homeroom::sniff {

struct EncodingGuess {
  std::string name = "utf-8";  ///< see base/encoding.h; may be one that cannot be decoded
  bool has_bom = false;
  double confidence = 1;
  std::string runner_up = {};
  std::string reason = {};  ///< one sentence
};

/// Guesses from a byte order mark, the validity as UTF-8, the zeros of UTF-16, or else from how
/// plausible the letters are in each single-byte encoding; uchardet has one voice.
///
/// In:      the first bytes of a file, never empty; `is_whole`: there are no more.
/// Memory:  at most 4 x head.size() bytes.   Threads: pure, call from anywhere.
///
///     guess_encoding("caf\xE9\n", true).name == "windows-1252"
[[nodiscard]] EncodingGuess guess_encoding(std::string_view head, bool is_whole);

}  // namespace homeroom::sniff
