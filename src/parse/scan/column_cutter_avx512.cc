// Eight cells at a time, for x86-64 machines with AVX-512.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "parse/scan/column_cutter.h"

#if defined(__x86_64__)

#include <immintrin.h>

// From here on the compiler may use these instructions; nothing above is compiled with them.
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl")
#endif

namespace homeroom::parse {
namespace {

constexpr std::size_t kCells = 8;

__m512i load_offsets(const std::uint32_t* from) {
  return _mm512_cvtepu32_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
}

// One to each of `to`, in turn from `even` and `odd`.
template <std::size_t size, std::size_t... i>
void store_cells(__m512i even, __m512i odd, const std::array<Cell*, size>& to, std::size_t row,
                 std::index_sequence<i...> /*numbers*/) {
  (_mm_storeu_si128(reinterpret_cast<__m128i*>(to[i] + row),
                    _mm512_extracti32x4_epi32(i % 2 == 0 ? even : odd, i / 2)),
   ...);
}

// The cells of `size` columns from `column` on; of all records but the first. Offsets behind those
// of a record are loaded, and not used: the index has room for them.
template <std::size_t size>
void cut_group(const PlainRecords& records, std::size_t column, Cell* const* columns,
               std::size_t row) {
  std::array<Cell*, size> to;
  for (std::size_t i = 0; i < size; ++i) to[i] = columns[column + i] + row;
  const __m512i block = _mm512_set1_epi64(reinterpret_cast<std::int64_t>(records.block));
  const __m512i one = _mm512_set1_epi64(1);
  const std::size_t width = records.num_columns;
  const std::uint32_t* ends = records.ends + column;
  for (std::size_t i = 1; i < records.size;) {
    for (Cell* const cells : to) __builtin_prefetch(cells + i + kCellsAhead, 1);
    const std::size_t line_end = std::min(records.size, i + kCellsPerLine);
    for (; i < line_end; ++i) {
      ends += width;
      const __m512i begins = _mm512_add_epi64(load_offsets(ends - 1), one);
      const __m512i sizes = _mm512_sub_epi64(load_offsets(ends), begins);
      const __m512i texts = _mm512_add_epi64(begins, block);
      const __m512i even = _mm512_unpacklo_epi64(texts, sizes);
      const __m512i odd = _mm512_unpackhi_epi64(texts, sizes);
      store_cells(even, odd, to, i, std::make_index_sequence<size>());
    }
  }
}

using CutGroup = void (*)(const PlainRecords&, std::size_t, Cell* const*, std::size_t);

// By how many columns they cut.
constexpr auto kGroups = []<std::size_t... i>(std::index_sequence<i...> /*sizes*/) {
  return std::array<CutGroup, kCells>{cut_group<i + 1>...};
}(std::make_index_sequence<kCells>());

}  // namespace

void cut_columns_avx512(const PlainRecords& records, Cell* const* columns, std::size_t row) {
  cut_first_record(records, columns, row);
  for (std::size_t column = 0; column < records.num_columns; column += kCells) {
    const std::size_t size = std::min(records.num_columns - column, kCells);
    kGroups[size - 1](records, column, columns, row);
  }
}

}  // namespace homeroom::parse

#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

#else

namespace homeroom::parse {

void cut_columns_avx512(const PlainRecords& records, Cell* const* columns, std::size_t row) {
  cut_columns_portable(records, columns, row);
}

}  // namespace homeroom::parse

#endif
