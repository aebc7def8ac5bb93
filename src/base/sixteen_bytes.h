#pragma once

// Sixteen bytes of text at once: a vector where the processor has them (x86-64 always), else words.

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/word.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace homeroom {

class SixteenBytes {
 public:
  static constexpr std::size_t kSize = 16;

#ifdef __SSE2__
  [[nodiscard]] static SixteenBytes load(const char* data) {
    return SixteenBytes(_mm_loadu_si128(reinterpret_cast<const __m128i*>(data)));
  }

  void store(char* out) const { _mm_storeu_si128(reinterpret_cast<__m128i*>(out), bytes_); }

  /// True when one of the first `size` bytes, at most 16, is below `byte`, which is not 0.
  [[nodiscard]] bool has_below(unsigned char byte, std::size_t size) const {
    const __m128i highest = _mm_set1_epi8(static_cast<char>(byte - 1));
    return first_of(_mm_cmpeq_epi8(_mm_min_epu8(bytes_, highest), bytes_), size) != 0;
  }

  /// True when one of the first `size` bytes, at most 16, is one of the four.
  [[nodiscard]] bool has_any_of(char a, char b, char c, char d, std::size_t size) const {
    const auto equal = [this](char byte) { return _mm_cmpeq_epi8(bytes_, _mm_set1_epi8(byte)); };
    const __m128i found =
        _mm_or_si128(_mm_or_si128(equal(a), equal(b)), _mm_or_si128(equal(c), equal(d)));
    return first_of(found, size) != 0;
  }

 private:
  explicit SixteenBytes(__m128i bytes) : bytes_(bytes) {}

  [[nodiscard]] static unsigned first_of(__m128i found, std::size_t size) {
    return static_cast<unsigned>(_mm_movemask_epi8(found)) & ((1U << size) - 1);
  }

  __m128i bytes_;
#else
  [[nodiscard]] static SixteenBytes load(const char* data) {
    return SixteenBytes({.low = load_word(data), .high = load_word(data + 8)});
  }

  void store(char* out) const {
    store_word(words_.low, out);
    store_word(words_.high, out + 8);
  }

  [[nodiscard]] bool has_below(unsigned char byte, std::size_t size) const {
    return has([=](unsigned char found) { return found < byte; }, size);
  }

  [[nodiscard]] bool has_any_of(char a, char b, char c, char d, std::size_t size) const {
    return has(
        [=](unsigned char found) {
          const char byte = static_cast<char>(found);
          return byte == a || byte == b || byte == c || byte == d;
        },
        size);
  }

 private:
  explicit SixteenBytes(const TwoWords& words) : words_(words) {}

  template <class Is>
  [[nodiscard]] bool has(Is is, std::size_t size) const {
    char bytes[kSize];
    store(bytes);
    bool is_found = false;
    for (std::size_t i = 0; i < size; ++i) is_found |= is(static_cast<unsigned char>(bytes[i]));
    return is_found;
  }

  TwoWords words_;
#endif

 public:
  /// Of `size` bytes, at most 16: what is behind them is any bytes. Reads 16 bytes where they lie
  /// in one page, so that what is behind the text can always be read.
  [[nodiscard]] __attribute__((no_sanitize("address", "thread"))) static SixteenBytes load(
      const char* data, std::size_t size) {
    constexpr std::uintptr_t kPage = 4096;
    static constexpr char kNothing[kSize] = {};
    if (size == 0) data = kNothing;  // a text of no bytes may lie nowhere
    if ((reinterpret_cast<std::uintptr_t>(data) & (kPage - 1)) <= kPage - kSize) [[likely]] {
      return load(data);
    }
    return load_copy(data, size);
  }

 private:
  [[nodiscard]] __attribute__((noinline)) static SixteenBytes load_copy(const char* data,
                                                                        std::size_t size) {
    char bytes[kSize] = {};
    std::memcpy(bytes, data, size);
    return load(bytes);
  }
};

}  // namespace homeroom
