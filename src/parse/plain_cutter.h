#pragma once

// Cuts plain records out of a block by the structural scan, straight into a batch's columns.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/arena.h"
#include "parse/batch_builder.h"
#include "parse/batch_reader.h"
#include "parse/structural_scan.h"
#include "table/batch.h"
#include "table/dialect.h"

namespace homeroom::parse {

/// A run of records in one block.
struct PlainRun {
  const char* block = nullptr;
  std::size_t at = 0;              ///< in: where the first record starts; out: where the next does
  std::size_t end = 0;             ///< of the block's bytes
  LineNumber line = 1;             ///< in and out: of the byte at `at`
  std::size_t max_rows = 0;        ///< stop when the batch has so many rows ...
  std::size_t free_rows_from = 0;  ///< ... but not for records that start here or later
  std::size_t stop_from = 0;       ///< stop at a record that starts here or later
};

/// Not shared by threads. Used for one block after the other.
class PlainCutter {
 public:
  PlainCutter(const Dialect& dialect, const Limits& limits, Kernel kernel)
      : scan_(dialect, kernel),
        quote_(dialect.quote),
        has_quote_(dialect.quote != '\0'),
        max_record_bytes_(limits.max_field_bytes) {}

  /// A record starts at `at` of a new block, or of one that changed.
  void restart(std::size_t at);

  /// Cuts records until one is not plain (true: the careful way has to cut it, or the block ends)
  /// or the batch is full (false).
  [[nodiscard]] bool cut(PlainRun& run, BatchBuilder& builder, Arena& arena);

  /// Goes on at `at`, behind a record that was cut the careful way.
  void resume(std::size_t at);

 private:
  // A record in the index.
  struct Extent {
    const std::uint32_t* ends = nullptr;  ///< of its fields
    std::size_t num_fields = 0;
    std::size_t begin = 0;
    std::size_t end = 0;  ///< its line feed
  };

  enum class Stopped : std::uint8_t { kIndexUsedUp, kNotPlain, kBatchFull };

  [[nodiscard]] Stopped cut_indexed(PlainRun& run, BatchBuilder& builder, Arena& arena);
  [[nodiscard]] bool is_plain(const Extent& record, const char* block,
                              std::size_t num_columns) const;
  void cut_record(const Extent& record, const char* block, Cell* const* columns, std::size_t row,
                  Arena& arena);
  [[nodiscard]] std::string_view quoted_text(const char* block, std::size_t begin, std::size_t end,
                                             Arena& arena);
  [[nodiscard]] std::size_t take_quoted_lines(std::size_t end);
  void drop_records(std::size_t num_records, std::size_t next);

  StructuralScan scan_;
  char quote_;
  bool has_quote_;
  std::size_t max_record_bytes_;
  std::uint32_t num_dropped_ = 0;  ///< ends of fields before those in the index
};

}  // namespace homeroom::parse
