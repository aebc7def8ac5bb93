#pragma once

// Cuts plain records out of a block by the structural scan, straight into a batch's columns.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/arena.h"
#include "parse/batch_reader.h"
#include "parse/records/batch_builder.h"
#include "parse/scan/column_cutter.h"
#include "parse/scan/structural_scan.h"
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
///
/// Records of a window that have as many fields as the header are cut column by column: what
/// happens to a cell is then nearly always what happened to the one before.
class PlainCutter {
 public:
  PlainCutter(const Dialect& dialect, const Limits& limits, Kernel kernel)
      : scan_(dialect, kernel),
        cut_(column_cutter(kernel)),
        quote_(dialect.quote),
        max_record_bytes_(limits.max_field_bytes) {}

  /// A record starts at `at` of a new block, or of one that changed.
  void restart(std::size_t at);

  /// Cuts records until one is not plain (true: the careful way has to cut it, or the block ends)
  /// or the batch is full (false).
  [[nodiscard]] bool cut(PlainRun& run, BatchBuilder& builder, Arena& arena);

  /// Goes on at `at` of `block`, behind a record that was cut the careful way.
  void resume(const char* block, std::size_t at);

 private:
  enum class Stopped : std::uint8_t { kIndexUsedUp, kNotPlain, kBatchFull };

  [[nodiscard]] Stopped cut_indexed(PlainRun& run, BatchBuilder& builder, Arena& arena);
  [[nodiscard]] PlainRecords indexed_records(const PlainRun& run, std::size_t num_columns);
  void cut_columns(const PlainRecords& records, const BatchBuilder& builder, Arena& arena);
  void undo_all_quotes(const PlainRecords& records, Cell* const* columns, std::size_t row,
                       Arena& arena);
  [[nodiscard]] std::size_t count_quoted(const char* block, std::size_t begin,
                                         std::size_t first_end) const;
  void number_lines(const PlainRecords& records, LineNumber line, LineNumber* lines) const;
  [[nodiscard]] std::size_t take_quoted_lines(std::size_t end);
  void drop_records(std::size_t num_records, std::size_t num_ends, std::size_t next);

  StructuralScan scan_;
  CutColumns cut_;
  char quote_;
  std::size_t max_record_bytes_;
  std::vector<bool> had_quotes_;  ///< by column: in the window before
  bool is_even_ =
      false;  ///< as far as is known, all records of the index are as wide as the header
  bool is_untouched_ = false;  ///< no record was taken from the index since the last scan
};

}  // namespace homeroom::parse
