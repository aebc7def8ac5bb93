// UTF-8 validity, 32 bytes at a time, for x86-64 machines since 2013.
//
// Source: Keiser and Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte", 2021: three
// tables by half bytes give the mistakes that two neighbours can make together; a mistake that
// all three agree on is one.

#include <cstddef>
#include <cstdint>

#include "base/encoding_decoder.h"

#if defined(__x86_64__)

#include <immintrin.h>

// From here on the compiler may use these instructions; nothing above is compiled with them.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2")
#endif

namespace homeroom {
namespace {

constexpr std::size_t kStep = 32;

// Mistakes, a bit each. Two that cannot be told apart by their second byte share the sixth.
constexpr char kTooShort = 1;      // a lead byte, then no continuation
constexpr char kTooLong = 2;       // ASCII, then a continuation
constexpr char kOverlong3 = 4;     // E0, then less than A0
constexpr char kTooLarge = 8;      // F4, then more than 8F; F5 and more
constexpr char kSurrogate = 16;    // ED, then more than 9F
constexpr char kOverlong2 = 32;    // C0 or C1
constexpr char kTooLargeOr4 = 64;  // F5 and more, then 8x; F0, then less than 90
constexpr char kTwoContinuations = static_cast<char>(128);  // right only as 3rd and 4th bytes

__m256i table(char b0, char b1, char b2, char b3, char b4, char b5, char b6, char b7, char b8,
              char b9, char b10, char b11, char b12, char b13, char b14, char b15) {
  return _mm256_setr_epi8(b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15, b0,
                          b1, b2, b3, b4, b5, b6, b7, b8, b9, b10, b11, b12, b13, b14, b15);
}

// Each byte's neighbour `distance` before it, the first ones from the bytes before.
template <int distance>
__m256i neighbours(__m256i bytes, __m256i before) {
  return _mm256_alignr_epi8(bytes, _mm256_permute2x128_si256(before, bytes, 0x21), 16 - distance);
}

__m256i high_halves(__m256i bytes) {
  return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
}

class Mistakes {
 public:
  Mistakes() {
    constexpr char kCarry = kTooShort | kTooLong | kTwoContinuations;
    constexpr char kLarge = kCarry | kTooLarge | kTooLargeOr4;
    constexpr char kAny = kTooLong | kOverlong2 | kTwoContinuations;
    first_high_ = table(kTooLong, kTooLong, kTooLong, kTooLong, kTooLong, kTooLong, kTooLong,
                        kTooLong, kTwoContinuations, kTwoContinuations, kTwoContinuations,
                        kTwoContinuations, kTooShort | kOverlong2, kTooShort,
                        kTooShort | kOverlong3 | kSurrogate, kTooShort | kTooLarge | kTooLargeOr4);
    first_low_ = table(kCarry | kOverlong3 | kOverlong2 | kTooLargeOr4, kCarry | kOverlong2, kCarry,
                       kCarry, kCarry | kTooLarge, kLarge, kLarge, kLarge, kLarge, kLarge, kLarge,
                       kLarge, kLarge, kLarge | kSurrogate, kLarge, kLarge);
    second_high_ = table(kTooShort, kTooShort, kTooShort, kTooShort, kTooShort, kTooShort,
                         kTooShort, kTooShort, kAny | kOverlong3 | kTooLargeOr4,
                         kAny | kOverlong3 | kTooLarge, kAny | kSurrogate | kTooLarge,
                         kAny | kSurrogate | kTooLarge, kTooShort, kTooShort, kTooShort, kTooShort);
  }

  [[nodiscard]] __m256i find(__m256i bytes, __m256i before) const {
    const __m256i first = neighbours<1>(bytes, before);
    const __m256i by_first_high = _mm256_shuffle_epi8(first_high_, high_halves(first));
    const __m256i by_first_low =
        _mm256_shuffle_epi8(first_low_, _mm256_and_si256(first, _mm256_set1_epi8(0x0F)));
    const __m256i by_second_high = _mm256_shuffle_epi8(second_high_, high_halves(bytes));
    const __m256i special =
        _mm256_and_si256(_mm256_and_si256(by_first_high, by_first_low), by_second_high);
    // Only third and fourth bytes may be, and must be, continuations after continuations.
    const __m256i third = _mm256_subs_epu8(neighbours<2>(bytes, before), _mm256_set1_epi8(0x60));
    const __m256i fourth = _mm256_subs_epu8(neighbours<3>(bytes, before), _mm256_set1_epi8(0x70));
    const __m256i must_go_on =
        _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8(kTwoContinuations));
    return _mm256_xor_si256(must_go_on, special);
  }

 private:
  __m256i first_high_;
  __m256i first_low_;
  __m256i second_high_;
};

// `at`, or the start of the character that may go on there. All before is valid.
std::size_t character_start(const char* bytes, std::size_t at) {
  for (std::size_t back = 1; back <= 3 && back <= at; ++back) {
    const auto byte = static_cast<std::uint8_t>(bytes[at - back]);
    if (byte < 0x80) return at - back + 1;
    if (byte >= 0xC0) return at - back;
  }
  return at;  // three continuations end a character of four bytes
}

}  // namespace

std::size_t skip_utf8_avx2(const char* bytes, std::size_t size) {
  const Mistakes mistakes;
  __m256i before = _mm256_setzero_si256();
  std::size_t at = 0;
  for (; at + 2 * kStep <= size; at += 2 * kStep) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + at + kStep));
    const __m256i both = _mm256_or_si256(_mm256_or_si256(low, high), before);
    if (_mm256_movemask_epi8(both) != 0) {
      const __m256i found = _mm256_or_si256(mistakes.find(low, before), mistakes.find(high, low));
      if (_mm256_testz_si256(found, found) == 0) break;
    }
    before = high;
  }
  return character_start(bytes, at);
}

}  // namespace homeroom

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#else

namespace homeroom {

std::size_t skip_utf8_avx2(const char* /*bytes*/, std::size_t /*size*/) {
  return 0;
}

}  // namespace homeroom

#endif
