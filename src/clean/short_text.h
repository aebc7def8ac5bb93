#pragma once

// Texts of a few bytes as machine words.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/word.h"

namespace homeroom::clean {

/// A text of at most 16 bytes as two words and its size; equal exactly when the texts are.
struct ShortText {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  std::uint32_t size = 0;

  bool operator==(const ShortText&) const = default;

  [[nodiscard]] std::uint64_t hash() const {
    std::uint64_t mixed = (low ^ (std::uint64_t{size} << 56)) * 0x9E3779B97F4A7C15ULL;
    mixed = (mixed ^ (mixed >> 32) ^ high) * 0xD6E8FEB86659FD93ULL;
    return mixed ^ (mixed >> 32);
  }
};

inline constexpr std::size_t kMaxShortText = 16;

/// `text` has at most `kMaxShortText` bytes.
[[nodiscard]] inline ShortText short_text(std::string_view text) {
  const TwoWords words = load_text(text.data(), text.size());
  return {.low = words.low, .high = words.high, .size = static_cast<std::uint32_t>(text.size())};
}

}  // namespace homeroom::clean
