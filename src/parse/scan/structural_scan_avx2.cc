// Thirty-two bytes at a time, for x86-64 machines since 2013.

#include <cstddef>
#include <cstdint>

#include "parse/scan/structural_scan.h"

#if defined(__x86_64__)

#include <immintrin.h>

// From here on the compiler may use these instructions; nothing above is compiled with them.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,bmi,popcnt,pclmul"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,popcnt,pclmul")
// Gathering single offsets into vectors costs more than writing them one by one.
#pragma GCC optimize("no-tree-slp-vectorize")
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

__m256i load(const char* bytes) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
}

// A bit for each of 64 bytes that equals `pattern`'s.
std::uint64_t equal(__m256i low, __m256i high, __m256i pattern) {
  const auto bits = [](__m256i equal_bytes) {
    return static_cast<std::uint64_t>(
        static_cast<std::uint32_t>(_mm256_movemask_epi8(equal_bytes)));
  };
  return bits(_mm256_cmpeq_epi8(low, pattern)) | bits(_mm256_cmpeq_epi8(high, pattern)) << 32;
}

class Comparer {
 public:
  explicit Comparer(const ScanJob& job)
      : delimiter_(_mm256_set1_epi8(job.delimiter)),
        quote_(_mm256_set1_epi8(job.quote)),
        has_quote_(job.has_quote) {}

  void compare(const char* bytes, Stretch& stretch) const {
    const __m256i line_feed = _mm256_set1_epi8('\n');
    const __m256i carriage_return = _mm256_set1_epi8('\r');
    __m256i returns = _mm256_setzero_si256();
    __m256i smallest = carriage_return;
    std::uint64_t quotes = 0;
    for (std::size_t i = 0; i < stretch.num_words; ++i) {
      const __m256i low = load(bytes + i * kScanBytes);
      const __m256i high = load(bytes + i * kScanBytes + 32);
      stretch.delimiter[i] = equal(low, high, delimiter_);
      stretch.quote[i] = equal(low, high, quote_);
      stretch.line_feed[i] = equal(low, high, line_feed);
      quotes |= stretch.quote[i];
      returns = _mm256_or_si256(returns, _mm256_or_si256(_mm256_cmpeq_epi8(low, carriage_return),
                                                         _mm256_cmpeq_epi8(high, carriage_return)));
      smallest = _mm256_min_epu8(smallest, _mm256_min_epu8(low, high));
    }
    const __m256i nuls = _mm256_cmpeq_epi8(smallest, _mm256_setzero_si256());
    stretch.has_quotes = has_quote_ && quotes != 0;
    stretch.has_rare = _mm256_movemask_epi8(_mm256_or_si256(returns, nuls)) != 0;
    if (stretch.has_rare) compare_rare(bytes, stretch);
  }

 private:
  static void compare_rare(const char* bytes, Stretch& stretch) {
    const __m256i carriage_return = _mm256_set1_epi8('\r');
    for (std::size_t i = 0; i < stretch.num_words; ++i) {
      const __m256i low = load(bytes + i * kScanBytes);
      const __m256i high = load(bytes + i * kScanBytes + 32);
      stretch.carriage_return[i] = equal(low, high, carriage_return);
      stretch.nul[i] = equal(low, high, _mm256_setzero_si256());
    }
  }

  __m256i delimiter_;
  __m256i quote_;
  bool has_quote_;
};

}  // namespace
}  // namespace homeroom::parse

#include "parse/scan/structural_scan_kernel.h"

namespace homeroom::parse {

bool scan_avx2(ScanJob& job, ScanState& state, ScanIndex& index) {
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

bool scan_avx2(ScanJob& job, ScanState& state, ScanIndex& index) {
  return scan_portable(job, state, index);
}

}  // namespace homeroom::parse

#endif
