#include "parse/scan/column_cutter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace homeroom::parse {
namespace {

// Four cells at a time.
using Words32 = std::uint32_t __attribute__((vector_size(16)));

Words32 load_words(const std::uint32_t* from) {
  Words32 words;
  std::memcpy(&words, from, sizeof words);
  return words;
}

// The cells of four columns from `column` on; of all records but the first.
void cut_four_columns(const PlainRecords& records, std::size_t column, Cell* const* columns,
                      std::size_t row) {
  const std::array<Cell*, 4> to = {columns[column] + row, columns[column + 1] + row,
                                   columns[column + 2] + row, columns[column + 3] + row};
  const std::uint64_t behind = std::bit_cast<std::uint64_t>(records.block + 1);
  const Words64 behind_end = {behind, behind};
  const Words32 none = {};
  const std::size_t width = records.num_columns;
  const std::uint32_t* ends = records.ends + column;
  for (std::size_t i = 1; i < records.size;) {
    for (Cell* const cells : to) __builtin_prefetch(cells + i + kCellsAhead, 1);
    const std::size_t line_end = std::min(records.size, i + kCellsPerLine);
    for (; i < line_end; ++i) {
      ends += width;
      const Words32 before = load_words(ends - 1);
      const Words32 sizes = load_words(ends) - before - 1;
      const auto low =
          std::bit_cast<Words64>(__builtin_shufflevector(before, none, 0, 4, 1, 5)) + behind_end;
      const auto high =
          std::bit_cast<Words64>(__builtin_shufflevector(before, none, 2, 6, 3, 7)) + behind_end;
      const auto low_sizes =
          std::bit_cast<Words64>(__builtin_shufflevector(sizes, none, 0, 4, 1, 5));
      const auto high_sizes =
          std::bit_cast<Words64>(__builtin_shufflevector(sizes, none, 2, 6, 3, 7));
      store_cell(__builtin_shufflevector(low, low_sizes, 0, 2), to[0][i]);
      store_cell(__builtin_shufflevector(low, low_sizes, 1, 3), to[1][i]);
      store_cell(__builtin_shufflevector(high, high_sizes, 0, 2), to[2][i]);
      store_cell(__builtin_shufflevector(high, high_sizes, 1, 3), to[3][i]);
    }
  }
}

void cut_one_column(const PlainRecords& records, std::size_t column, Cell* cells) {
  const char* const behind_end = records.block + 1;
  const std::uint32_t* ends = records.ends + column;
  for (std::size_t i = 1; i < records.size; ++i) {
    ends += records.num_columns;
    cells[i] = value_cell({behind_end + ends[-1], ends[0] - ends[-1] - 1});
  }
}

}  // namespace

void cut_first_record(const PlainRecords& records, Cell* const* columns, std::size_t row) {
  std::size_t begin = records.at;
  for (std::size_t i = 0; i < records.num_columns; ++i) {
    const std::size_t end = records.ends[i];
    columns[i][row] = value_cell({records.block + begin, end - begin});
    begin = end + 1;
  }
}

void cut_columns_portable(const PlainRecords& records, Cell* const* columns, std::size_t row) {
  cut_first_record(records, columns, row);
  const std::size_t width = records.num_columns;
  std::size_t column = 0;
  for (; column + 4 <= width; column += 4) cut_four_columns(records, column, columns, row);
  if (column < width && width >= 4) {
    cut_four_columns(records, width - 4, columns, row);
  } else {
    for (; column < width; ++column) cut_one_column(records, column, columns[column] + row);
  }
}

CutColumns column_cutter(Kernel kernel) {
  const bool is_avx512 =
      (kernel == Kernel::kBest || kernel == Kernel::kAvx512) && has_kernel(Kernel::kAvx512);
  return is_avx512 ? cut_columns_avx512 : cut_columns_portable;
}

}  // namespace homeroom::parse
