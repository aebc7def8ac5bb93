// UTF-8 validity, 64 bytes at a time, for x86-64 machines with AVX-512. encoding_utf8_tables.h says
// how mistakes are found.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/encoding_decoder.h"
#include "base/encoding_utf8_tables.h"

#if defined(__x86_64__)

#include <immintrin.h>

// From here on the compiler may use these instructions; nothing above is compiled with them.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,bmi"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,bmi")
#endif

namespace homeroom {
namespace {

constexpr std::size_t kWordBytes = 64;
constexpr std::size_t kStretchWords = 64;

__m512i load(const char* bytes) {
  return _mm512_loadu_si512(bytes);
}

__m512i table(const utf8::Table& of_bytes) {
  return _mm512_broadcast_i32x4(_mm_load_si128(reinterpret_cast<const __m128i*>(of_bytes.data())));
}

__m512i repeat(std::uint8_t byte) {
  return _mm512_set1_epi8(static_cast<char>(byte));
}

class Mistakes {
 public:
  Mistakes()
      : first_high_(table(utf8::kFirstHigh)),
        first_low_(table(utf8::kFirstLow)),
        second_high_(table(utf8::kSecondHigh)) {}

  // Whether there is one in the word at `bytes`, by the three bytes before each.
  [[nodiscard]] bool are_in(const char* bytes) const {
    const __m512i second = load(bytes);
    const __m512i first = load(bytes - 1);
    const __m512i special =
        _mm512_and_si512(_mm512_and_si512(_mm512_shuffle_epi8(first_high_, high_halves(first)),
                                          _mm512_shuffle_epi8(first_low_, low_halves(first))),
                         _mm512_shuffle_epi8(second_high_, high_halves(second)));
    const __m512i third = _mm512_subs_epu8(load(bytes - 2), repeat(utf8::kBelowLeadOf3));
    const __m512i fourth = _mm512_subs_epu8(load(bytes - 3), repeat(utf8::kBelowLeadOf4));
    const __m512i must_go_on =
        _mm512_and_si512(_mm512_or_si512(third, fourth), repeat(utf8::kTwoContinuations));
    return _mm512_cmpneq_epi8_mask(must_go_on, special) != 0;
  }

 private:
  static __m512i low_halves(__m512i bytes) { return _mm512_and_si512(bytes, repeat(0x0F)); }

  static __m512i high_halves(__m512i bytes) { return low_halves(_mm512_srli_epi16(bytes, 4)); }

  __m512i first_high_;
  __m512i first_low_;
  __m512i second_high_;
};

// A bit for each word that has a byte beyond ASCII, and for each after one that may end within a
// character; `is_first` is true when that holds of the word before.
std::uint64_t find_words_to_check(const char* bytes, std::size_t num_words, bool& is_first) {
  alignas(kWordBytes) std::array<std::uint64_t, kStretchWords> beyond_ascii;
  for (std::size_t i = 0; i < num_words; ++i) {
    beyond_ascii[i] = _cvtmask64_u64(_mm512_movepi8_mask(load(bytes + i * kWordBytes)));
  }
  for (std::size_t i = num_words; i % 8 != 0; ++i) beyond_ascii[i] = 0;
  const __m512i last_three = _mm512_set1_epi64(static_cast<std::int64_t>(std::uint64_t{7} << 61));
  std::uint64_t any = 0;
  std::uint64_t is_open = 0;
  for (std::size_t i = 0; i < num_words; i += 8) {
    const __m512i words = _mm512_load_si512(&beyond_ascii[i]);
    any |= std::uint64_t{_mm512_test_epi64_mask(words, words)} << i;
    is_open |= std::uint64_t{_mm512_test_epi64_mask(words, last_three)} << i;
  }
  const std::uint64_t to_check = any | is_open << 1 | (is_first ? 1 : 0);
  is_first = (is_open >> (num_words - 1) & 1) != 0;
  return to_check;
}

}  // namespace

// Most words of most texts are ASCII: those are passed over without a branch for each.
std::size_t skip_utf8_avx512(const char* bytes, std::size_t size) {
  std::size_t at = 0;
  // Each step looks at three bytes before it, which are valid.
  while (at < 3 && at < size) {
    const Utf8Sequence first = first_utf8_sequence({bytes + at, size - at});
    if (first.kind != Utf8Sequence::Kind::kValid) return at;
    at += first.size;
  }
  const Mistakes mistakes;
  bool is_first = false;
  while (at + kWordBytes <= size) {
    const std::size_t num_words = std::min((size - at) / kWordBytes, kStretchWords);
    std::uint64_t to_check = find_words_to_check(bytes + at, num_words, is_first);
    for (; to_check != 0; to_check &= to_check - 1) {
      const std::size_t word_at = at + kWordBytes * static_cast<std::size_t>(_tzcnt_u64(to_check));
      if (word_at + kWordBytes > at + num_words * kWordBytes) break;
      if (mistakes.are_in(bytes + word_at)) return utf8_sequence_start(bytes, word_at);
    }
    at += num_words * kWordBytes;
  }
  return utf8_sequence_start(bytes, at);
}

}  // namespace homeroom

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#else

namespace homeroom {

std::size_t skip_utf8_avx512(const char* bytes, std::size_t size) {
  return skip_utf8_avx2(bytes, size);
}

}  // namespace homeroom

#endif
