#pragma once

// Eight bytes at a time: text as machine words, without reading past its end.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace homeroom {

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

inline void store_word(std::uint64_t word, char* out) {
  std::memcpy(out, &word, sizeof(word));
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

/// Sixteen bytes, lowest first.
struct TwoWords {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  bool operator==(const TwoWords&) const = default;
};

/// Hides from the compiler where the number comes from, so that it stays in a register of its own:
/// two words made one vector would go through memory to be put together, and wait for it.
inline void keep_apart(std::uint64_t& word) {
  __asm__("" : "+r"(word));  // NOLINT(portability-no-assembler): it holds no instruction
}

/// The text that lies too close to the end of a page for `load_text`.
[[nodiscard]] __attribute__((noinline)) inline TwoWords load_text_bytewise(const char* data,
                                                                           std::size_t size) {
  TwoWords text;
  std::memcpy(&text, data, size);
  return text;
}

/// The `size` bytes at `data`, at most 16, and `fill` for the rest; without a branch that depends
/// on the size. Reads 16 bytes where they lie in one page, so that what is behind the text can
/// always be read, and is looked at by nobody.
[[nodiscard]] __attribute__((no_sanitize("address", "thread"))) inline TwoWords load_text(
    const char* data, std::size_t size, unsigned char fill = 0) {
  constexpr std::uintptr_t kPage = 4096;
  alignas(32) static constexpr char kMasks[32] = {'\xFF', '\xFF', '\xFF', '\xFF', '\xFF', '\xFF',
                                                  '\xFF', '\xFF', '\xFF', '\xFF', '\xFF', '\xFF',
                                                  '\xFF', '\xFF', '\xFF', '\xFF'};
  // A text of no bytes may lie nowhere.
  if (size == 0) data = kMasks;
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if ((reinterpret_cast<std::uintptr_t>(data) & (kPage - 1)) <= kPage - 16) [[likely]] {
    __builtin_memcpy(&low, data, sizeof low);
    __builtin_memcpy(&high, data + 8, sizeof high);
  } else {
    const TwoWords copied = load_text_bytewise(data, size);
    low = copied.low;
    high = copied.high;
  }
  keep_apart(low);
  keep_apart(high);
  std::uint64_t mask = load_word(kMasks + 16 - size);
  low = (low & mask) | (spread(fill) & ~mask);
  keep_apart(low);
  mask = load_word(kMasks + 24 - size);
  high = (high & mask) | (spread(fill) & ~mask);
  keep_apart(high);
  return {.low = low, .high = high};
}

/// 0x80 in each byte of `word` that equals `byte`.
[[nodiscard]] constexpr std::uint64_t bytes_equal(std::uint64_t word, unsigned char byte) {
  const std::uint64_t difference = word ^ spread(byte);
  const std::uint64_t low = spread(0x7F);
  return ~(((difference & low) + low) | difference | low);
}

/// Not 0 when some byte of `word` is below `byte`, which is at most 0x80.
[[nodiscard]] constexpr std::uint64_t has_byte_below(std::uint64_t word, unsigned char byte) {
  return (word - spread(byte)) & ~word & spread(0x80);
}

[[nodiscard]] constexpr bool are_digits(std::uint64_t word) {
  return ((word & spread(0xF0)) | (((word + spread(0x06)) & spread(0xF0)) >> 4)) == spread(0x33);
}

/// Eight digits, the first in the lowest byte, as a number.
/// Source: Johnny Lee, "Fast numeric string to int", as in fast_float's
/// parse_eight_digits_unrolled.
[[nodiscard]] constexpr std::uint32_t number_of_digits(std::uint64_t word) {
  word -= spread('0');
  word = word * 10 + (word >> 8U);
  const std::uint64_t mask = 0x000000FF000000FFULL;
  const std::uint64_t low = (word & mask) * 0x000F424000000064ULL;
  const std::uint64_t high = ((word >> 16U) & mask) * 0x0000271000000001ULL;
  return static_cast<std::uint32_t>((low + high) >> 32U);
}

}  // namespace homeroom
