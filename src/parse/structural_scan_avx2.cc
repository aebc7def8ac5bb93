// Thirty-two bytes at a time, for x86-64 machines since 2013.

#include <cstddef>
#include <cstdint>

#include "parse/structural_scan.h"

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

struct Masks {
  std::uint64_t delimiter = 0;
  std::uint64_t quote = 0;
  std::uint64_t line_feed = 0;
  std::uint64_t carriage_return = 0;
  std::uint64_t nul = 0;
};

std::size_t count_bits(std::uint64_t bits) {
  return static_cast<std::size_t>(__builtin_popcountll(bits));
}

std::size_t lowest_bit(std::uint64_t bits) {
  return static_cast<std::size_t>(_tzcnt_u64(bits));
}

class Comparer {
 public:
  explicit Comparer(const ScanJob& job)
      : delimiter_(_mm256_set1_epi8(job.delimiter)),
        quote_(_mm256_set1_epi8(job.quote)),
        line_feed_(_mm256_set1_epi8('\n')),
        carriage_return_(_mm256_set1_epi8('\r')),
        nul_(_mm256_setzero_si256()),
        quote_bits_(job.has_quote ? ~0ULL : 0) {}

  [[nodiscard]] Masks compare(const char* bytes) const {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(bytes + 32));
    Masks masks{.delimiter = equal(low, high, delimiter_),
                .quote = equal(low, high, quote_) & quote_bits_,
                .line_feed = equal(low, high, line_feed_)};
    if (has_rare(low, high)) {
      masks.carriage_return = equal(low, high, carriage_return_);
      masks.nul = equal(low, high, nul_);
    }
    return masks;
  }

  // A product without carries by all ones adds up the bits below each bit.
  static std::uint64_t prefix_xor(std::uint64_t bits) {
    const __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, static_cast<std::int64_t>(bits)),
                                                 _mm_set1_epi8('\xFF'), 0);
    return static_cast<std::uint64_t>(_mm_cvtsi128_si64(product));
  }

 private:
  [[nodiscard]] bool has_rare(__m256i low, __m256i high) const {
    const __m256i returns = _mm256_or_si256(_mm256_cmpeq_epi8(low, carriage_return_),
                                            _mm256_cmpeq_epi8(high, carriage_return_));
    const __m256i nuls = _mm256_cmpeq_epi8(_mm256_min_epu8(low, high), nul_);
    return _mm256_movemask_epi8(_mm256_or_si256(returns, nuls)) != 0;
  }

  static std::uint64_t equal(__m256i low, __m256i high, __m256i pattern) {
    const auto bits = [](__m256i equal_bytes) {
      return static_cast<std::uint64_t>(
          static_cast<std::uint32_t>(_mm256_movemask_epi8(equal_bytes)));
    };
    return bits(_mm256_cmpeq_epi8(low, pattern)) | bits(_mm256_cmpeq_epi8(high, pattern)) << 32;
  }

  __m256i delimiter_;
  __m256i quote_;
  __m256i line_feed_;
  __m256i carriage_return_;
  __m256i nul_;
  std::uint64_t quote_bits_;
};

}  // namespace
}  // namespace homeroom::parse

#include "parse/structural_scan_kernel.h"

namespace homeroom::parse {

bool scan_avx2(ScanJob& job, ScanState& state, ScanIndex& index) {
  return scan_job<Comparer>(job, state, index);
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
