// A comparison of 64 bytes gives a word, whose bits are counted.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "parse/blocks/byte_counts.h"

#if defined(__x86_64__)

#include <immintrin.h>

// From here on the compiler may use these instructions; nothing above is compiled with them.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,popcnt"))), \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,popcnt")
#endif

namespace homeroom::parse {
namespace {

constexpr std::size_t kWordBytes = 64;

std::size_t count_equal(__m512i bytes, __m512i pattern) {
  const std::uint64_t bits = _cvtmask64_u64(_mm512_cmpeq_epi8_mask(bytes, pattern));
  return static_cast<std::size_t>(__builtin_popcountll(bits));
}

}  // namespace

ByteCounts count_bytes_avx512(std::string_view text, char quote) {
  const __m512i quotes = _mm512_set1_epi8(quote);
  const __m512i line_feeds = _mm512_set1_epi8('\n');
  ByteCounts counts;
  std::size_t at = 0;
  for (; at + kWordBytes <= text.size(); at += kWordBytes) {
    const __m512i bytes = _mm512_loadu_si512(text.data() + at);
    counts.num_quotes += count_equal(bytes, quotes);
    counts.num_line_feeds += count_equal(bytes, line_feeds);
  }
  const ByteCounts rest = count_bytes_portable(text.substr(at), quote);
  counts.num_quotes += rest.num_quotes;
  counts.num_line_feeds += rest.num_line_feeds;
  return counts;
}

}  // namespace homeroom::parse

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#else

namespace homeroom::parse {

ByteCounts count_bytes_avx512(std::string_view text, char quote) {
  return count_bytes_portable(text, quote);
}

}  // namespace homeroom::parse

#endif
