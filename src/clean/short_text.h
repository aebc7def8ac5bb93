#pragma once

// Eight bytes at a time: cells as machine words, without reading past their end.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace homeroom::clean {

static_assert(std::endian::native == std::endian::little, "words are read lowest byte first");

/// The same byte eight times.
[[nodiscard]] constexpr std::uint64_t spread(unsigned char byte) {
  return 0x0101010101010101ULL * byte;
}

[[nodiscard]] inline std::uint64_t load_word(const char* data) {
  std::uint64_t word = 0;
  std::memcpy(&word, data, sizeof(word));
  return word;
}

/// 1 to 7 bytes, the rest zero.
[[nodiscard]] inline std::uint64_t load_short_word(const char* data, std::size_t size) {
  if (size >= 4) {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::memcpy(&low, data, sizeof(low));
    std::memcpy(&high, data + size - 4, sizeof(high));
    return low | (std::uint64_t{high} << ((size - 4) * 8));
  }
  const auto byte = [&](std::size_t at) {
    return std::uint64_t{static_cast<unsigned char>(data[at])} << (at * 8);
  };
  return byte(0) | byte(size / 2) | byte(size - 1);
}

/// 0x80 in each byte of `word` that equals `byte`.
[[nodiscard]] constexpr std::uint64_t bytes_equal(std::uint64_t word, unsigned char byte) {
  const std::uint64_t difference = word ^ spread(byte);
  const std::uint64_t low = spread(0x7F);
  return ~(((difference & low) + low) | difference | low);
}

[[nodiscard]] constexpr bool are_digits(std::uint64_t word) {
  return ((word & spread(0xF0)) | (((word + spread(0x06)) & spread(0xF0)) >> 4)) == spread(0x33);
}

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
  ShortText result{.low = 0, .high = 0, .size = static_cast<std::uint32_t>(text.size())};
  if (text.size() >= 8) {
    result.low = load_word(text.data());
    result.high = load_word(text.data() + text.size() - 8);
  } else if (!text.empty()) {
    result.low = load_short_word(text.data(), text.size());
  }
  return result;
}

}  // namespace homeroom::clean
