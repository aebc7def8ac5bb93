#pragma once

// The facts of one column, gathered cell by cell.

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "clean/profile.h"
#include "table/batch.h"

namespace homeroom::clean {

/// Not shared by threads. Memory: about 200 bytes.
class ColumnProfiler {
 public:
  /// The column's cells of one batch, without those of its ragged rows.
  void observe(std::span<const Cell> cells, std::span<const LineNumber> lines,
               std::span<const RaggedRow> ragged);

  [[nodiscard]] ColumnProfile finish() const;

 private:
  void add(std::string_view text, LineNumber line);
  void add_value(std::string_view text, LineNumber line);
  void add_whole_number(std::string_view text);
  void add_number(std::string_view text);
  void add_date(std::string_view text, LineNumber line);
  void note_size(std::string_view text);

  ColumnProfile facts_;
  std::uint8_t may_be_ = 0xFF;  ///< types that all values so far fit; see column_profiler.cc
  bool is_above_one_ = false;   ///< a number without "%" is negative or above 1
  bool has_proper_fraction_ = false;
  bool has_plain_number_ = false;  ///< a number without "%"
  bool is_all_point_zero_ = true;
};

}  // namespace homeroom::clean
