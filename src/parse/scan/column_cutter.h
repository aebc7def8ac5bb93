#pragma once

// The fields between ends that are known -> cells, column by column, as if there were no quotes.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "parse/scan/structural_scan.h"
#include "table/cell.h"

namespace homeroom::parse {

/// Records that stand one behind the other, all as wide as the header.
struct PlainRecords {
  const char* block = nullptr;
  const std::uint32_t* ends = nullptr;  ///< of their fields
  std::size_t num_columns = 0;
  std::size_t size = 0;
  std::size_t at = 0;  ///< where the first one starts

  /// Where record `i` starts.
  [[nodiscard]] std::size_t begin_of(std::size_t i) const {
    return i == 0 ? at : end_of(i - 1) + 1;
  }

  /// The line feed of record `i`.
  [[nodiscard]] std::size_t end_of(std::size_t i) const { return ends[(i + 1) * num_columns - 1]; }
};

/// Two numbers that are added and stored at once, by any machine's vectors.
using Words64 = std::uint64_t __attribute__((vector_size(16)));

[[nodiscard]] inline Words64 load_cell(const Cell& cell) {
  return std::bit_cast<Words64>(cell);
}

inline void store_cell(Words64 words, Cell& cell) {
  std::memcpy(static_cast<void*>(&cell), &words, sizeof words);
}

/// Writes the cells of all records, from `columns[i][row]` on.
using CutColumns = void (*)(const PlainRecords& records, Cell* const* columns, std::size_t row);

/// The one for the machines of `kernel`.
[[nodiscard]] CutColumns column_cutter(Kernel kernel);

// What they share: the first record, whose first field has no end before it.
void cut_first_record(const PlainRecords& records, Cell* const* columns, std::size_t row);

void cut_columns_portable(const PlainRecords& records, Cell* const* columns, std::size_t row);
void cut_columns_avx512(const PlainRecords& records, Cell* const* columns, std::size_t row);

/// Cells behind those being written that are fetched into the cache: more columns are written side
/// by side than the processor can foresee.
constexpr std::size_t kCellsAhead = 16;

/// Of one line of the cache.
constexpr std::size_t kCellsPerLine = 4;

}  // namespace homeroom::parse
