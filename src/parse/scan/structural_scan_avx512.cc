// Sixty-four bytes at a time, for x86-64 machines with AVX-512 and VBMI2: a comparison gives the
// word of bits at once, and the offsets of its bits are written by one compress.

#include <array>
#include <cstddef>
#include <cstdint>

#include "parse/scan/structural_scan.h"

#if defined(__x86_64__)

#include <immintrin.h>

// From here on the compiler may use these instructions; nothing above is compiled with them.
#if defined(__clang__)
#pragma clang attribute push(                                                                \
    __attribute__((                                                                          \
        target("avx512f,avx512bw,avx512vl,avx512vbmi2,avx512vpopcntdq,bmi,popcnt,pclmul"))), \
    apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512vl,avx512vbmi2,avx512vpopcntdq,bmi,popcnt,pclmul")
#pragma GCC target("prefer-vector-width=512")
#endif

namespace homeroom::parse {
namespace {

std::size_t count_bits(std::uint64_t bits) {
  return static_cast<std::size_t>(__builtin_popcountll(bits));
}

std::size_t lowest_bit(std::uint64_t bits) {
  return static_cast<std::size_t>(_tzcnt_u64(bits));
}

// A product without carries by all ones adds up the bits below each bit.
std::uint64_t prefix_xor(std::uint64_t bits) {
  const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<std::int64_t>(bits)),
                                               _mm_set1_epi8('\xFF'), 0);
  return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
}

__m512i load(const char* bytes) {
  return _mm512_loadu_si512(bytes);
}

std::uint64_t equal(__m512i bytes, __m512i pattern) {
  return _cvtmask64_u64(_mm512_cmpeq_epi8_mask(bytes, pattern));
}

class Comparer {
 public:
  explicit Comparer(const ScanJob& job)
      : delimiter_(_mm512_set1_epi8(job.delimiter)),
        quote_(_mm512_set1_epi8(job.quote)),
        has_quote_(job.has_quote) {}

  void compare(const char* bytes, Stretch& stretch) const {
    const __m512i line_feed = _mm512_set1_epi8('\n');
    const __m512i carriage_return = _mm512_set1_epi8('\r');
    __m512i smallest = carriage_return;  // of the bytes and of their difference from a CR
    std::uint64_t quotes = 0;
    for (std::size_t i = 0; i < stretch.num_words; ++i) {
      const __m512i here = load(bytes + i * kScanBytes);
      stretch.delimiter[i] = equal(here, delimiter_);
      stretch.quote[i] = equal(here, quote_);
      stretch.line_feed[i] = equal(here, line_feed);
      quotes |= stretch.quote[i];
      smallest =
          _mm512_min_epu8(smallest, _mm512_min_epu8(here, _mm512_xor_si512(here, carriage_return)));
    }
    stretch.has_quotes = has_quote_ && quotes != 0;
    stretch.has_rare = equal(smallest, _mm512_setzero_si512()) != 0;
    if (stretch.has_rare) compare_rare(bytes, stretch);
  }

 private:
  static void compare_rare(const char* bytes, Stretch& stretch) {
    for (std::size_t i = 0; i < stretch.num_words; ++i) {
      const __m512i here = load(bytes + i * kScanBytes);
      stretch.carriage_return[i] = equal(here, _mm512_set1_epi8('\r'));
      stretch.nul[i] = equal(here, _mm512_setzero_si512());
    }
  }

  __m512i delimiter_;
  __m512i quote_;
  bool has_quote_;
};

#define HOMEROOM_WRITES_BITS

// Writes the offset of each of `count` bits, and up to fifteen behind them that mean nothing.
inline void write_bits(std::uint64_t bits, std::size_t count, std::uint32_t base,
                       std::uint32_t* to) {
  alignas(64) static constexpr auto kNumbers = [] {
    std::array<std::uint8_t, kScanBytes> numbers{};
    for (std::size_t i = 0; i < kScanBytes; ++i) numbers[i] = static_cast<std::uint8_t>(i);
    return numbers;
  }();
  const __m512i bases = _mm512_set1_epi32(static_cast<int>(base));
  const __m512i offsets =
      _mm512_maskz_compress_epi8(_cvtu64_mask64(bits), _mm512_load_si512(kNumbers.data()));
  const auto write = [&](__m128i sixteen, std::size_t at) {
    _mm512_storeu_si512(to + at, _mm512_add_epi32(_mm512_cvtepu8_epi32(sixteen), bases));
  };
  write(_mm512_castsi512_si128(offsets), 0);
  if (count <= 16) [[likely]]
    return;
  write(_mm512_extracti32x4_epi32(offsets, 1), 16);
  if (count <= 32) return;
  write(_mm512_extracti32x4_epi32(offsets, 2), 32);
  write(_mm512_extracti32x4_epi32(offsets, 3), 48);
}

}  // namespace
}  // namespace homeroom::parse

#include "parse/scan/structural_scan_kernel.h"

namespace homeroom::parse {

bool scan_avx512(ScanJob& job, ScanState& state, ScanIndex& index) {
  return scan_stretches<Comparer>(job, state, index);
}

}  // namespace homeroom::parse

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#else

namespace homeroom::parse {

bool scan_avx512(ScanJob& job, ScanState& state, ScanIndex& index) {
  return scan_portable(job, state, index);
}

}  // namespace homeroom::parse

#endif
