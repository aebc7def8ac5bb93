// UTF-8 validity, 32 bytes at a time, for x86-64 machines since 2013. encoding_utf8_tables.h says
// how mistakes are found.

#include <cstddef>
#include <cstdint>

#include "base/encoding_decoder.h"
#include "base/encoding_utf8_tables.h"

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
constexpr std::size_t kStretch = 8 * kStep;

__m256i table(const utf8::Table& of_bytes) {
  return _mm256_broadcastsi128_si256(
      _mm_load_si128(reinterpret_cast<const __m128i*>(of_bytes.data())));
}

__m256i load(const char* bytes) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
}

__m256i high_halves(__m256i bytes) {
  return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
}

class Mistakes {
 public:
  Mistakes()
      : first_high_(table(utf8::kFirstHigh)),
        first_low_(table(utf8::kFirstLow)),
        second_high_(table(utf8::kSecondHigh)) {}

  // Of the bytes at `bytes`, by the three before each.
  [[nodiscard]] __m256i find(const char* bytes) const {
    const __m256i second = load(bytes);
    const __m256i first = load(bytes - 1);
    const __m256i by_first_high = _mm256_shuffle_epi8(first_high_, high_halves(first));
    const __m256i by_first_low =
        _mm256_shuffle_epi8(first_low_, _mm256_and_si256(first, _mm256_set1_epi8(0x0F)));
    const __m256i by_second_high = _mm256_shuffle_epi8(second_high_, high_halves(second));
    const __m256i special =
        _mm256_and_si256(_mm256_and_si256(by_first_high, by_first_low), by_second_high);
    const __m256i third = _mm256_subs_epu8(load(bytes - 2), _mm256_set1_epi8(utf8::kBelowLeadOf3));
    const __m256i fourth = _mm256_subs_epu8(load(bytes - 3), _mm256_set1_epi8(utf8::kBelowLeadOf4));
    const __m256i must_go_on =
        _mm256_and_si256(_mm256_or_si256(third, fourth),
                         _mm256_set1_epi8(static_cast<char>(utf8::kTwoContinuations)));
    return _mm256_xor_si256(must_go_on, special);
  }

 private:
  __m256i first_high_;
  __m256i first_low_;
  __m256i second_high_;
};

bool is_ascii_byte(char byte) {
  return static_cast<std::uint8_t>(byte) < 0x80;
}

bool is_ascii(const char* bytes) {
  __m256i any = load(bytes);
  for (std::size_t at = kStep; at < kStretch; at += kStep) {
    any = _mm256_or_si256(any, load(bytes + at));
  }
  return _mm256_movemask_epi8(any) == 0;
}

enum class Found : std::uint8_t { kAscii, kShort, kOther };

// kShort: all characters have one or two bytes, so that a byte is a continuation where the one
// before is C2 to DF, nowhere else, and none is C0, C1, or more than DF.
Found find_short_characters(const char* bytes) {
  __m256i odd = _mm256_setzero_si256();
  __m256i largest = odd;
  __m256i smallest_lead = odd;
  for (std::size_t at = 0; at < kStretch; at += kStep) {
    const __m256i here = load(bytes + at);
    // C0 becomes the smallest of all signed numbers, C1 the next one, DF -97.
    const __m256i before = _mm256_sub_epi8(load(bytes + at - 1), _mm256_set1_epi8(0x40));
    const __m256i is_after_lead = _mm256_cmpgt_epi8(_mm256_set1_epi8(-96), before);
    const __m256i is_continuation = _mm256_cmpgt_epi8(_mm256_set1_epi8(-64), here);
    odd = _mm256_or_si256(odd, _mm256_xor_si256(is_after_lead, is_continuation));
    largest = _mm256_max_epu8(largest, here);
    smallest_lead = _mm256_min_epi8(smallest_lead, before);
  }
  const __m256i too_large = _mm256_subs_epu8(largest, _mm256_set1_epi8('\xDF'));
  const __m256i overlong = _mm256_cmpgt_epi8(_mm256_set1_epi8(-126), smallest_lead);
  odd = _mm256_or_si256(odd, _mm256_or_si256(too_large, overlong));
  if (_mm256_testz_si256(odd, odd) == 0) return Found::kOther;
  return _mm256_movemask_epi8(largest) == 0 ? Found::kAscii : Found::kShort;
}

bool is_valid(const char* bytes, const Mistakes& mistakes) {
  __m256i found = _mm256_setzero_si256();
  for (std::size_t at = 0; at < kStretch; at += kStep) {
    found = _mm256_or_si256(found, mistakes.find(bytes + at));
  }
  return _mm256_testz_si256(found, found) != 0;
}

}  // namespace

std::size_t skip_utf8_avx2(const char* bytes, std::size_t size) {
  const Mistakes mistakes;
  std::size_t at = 0;
  // Each step looks at three bytes before it, which are valid.
  while (at < 3 && at < size) {
    const Utf8Sequence first = first_utf8_sequence({bytes + at, size - at});
    if (first.kind != Utf8Sequence::Kind::kValid) return at;
    at += first.size;
  }
  // Text goes on as it was: after ASCII, what is ASCII only is known by the cheapest look.
  Found found = Found::kAscii;
  for (; at + kStretch <= size; at += kStretch) {
    if (found == Found::kAscii && is_ascii(bytes + at)) continue;
    const bool may_be_inside = found == Found::kOther && !is_ascii_byte(bytes[at - 1]);
    found = may_be_inside ? Found::kOther : find_short_characters(bytes + at);
    if (found == Found::kOther && !is_valid(bytes + at, mistakes)) break;
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

std::size_t skip_utf8_avx2(const char* /*bytes*/, std::size_t /*size*/) {
  return 0;
}

}  // namespace homeroom

#endif
