#pragma once

// The facts of one column, gathered cell by cell.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "clean/known_cells.h"
#include "clean/profile.h"
#include "clean/short_text.h"
#include "table/batch.h"

namespace homeroom::clean {

/// Values repeat, and a text that was met before teaches nothing but that it is there once more:
/// the last short ones are remembered with what they count as. Not shared by threads. Memory: about
/// 300 bytes, and 32 for each text it may remember.
class ColumnProfiler {
 public:
  /// Remembers at most `num_slots` texts, a power of two.
  explicit ColumnProfiler(std::size_t num_slots) : num_slots_(num_slots) {}

  /// The column's cells of one batch, without those of its ragged rows. Those that are not open
  /// hold texts that it met.
  void observe(std::span<const Cell> cells, std::span<const LineNumber> lines,
               std::span<const RaggedRow> ragged, const OpenRows& open);

  void keep_to(Wanted wanted) { wanted_ = wanted; }

  [[nodiscard]] ColumnProfile finish() const;

 private:
  // What one more of a text adds to the counts. None of them is both days and months.
  enum class Adds : std::uint8_t { kNull, kSuppressed, kValue, kMonthFirst, kDayFirst };

  // A text that was met, in the slot that it hashes to.
  struct Met {
    ShortText text;
    Adds adds = Adds::kNull;
  };

  void observe_cell(const Cell& cell, LineNumber line, bool has_memory);
  [[nodiscard]] bool has_values() const;
  void count(std::string_view text, LineNumber line);
  [[nodiscard]] bool remembers() const;
  [[nodiscard]] Adds learn(std::string_view text, LineNumber line);
  void add(std::string_view text, LineNumber line);
  void add_digits(std::string_view text, LineNumber line);
  void add_value(std::string_view text, LineNumber line);
  void add_number(std::string_view text);
  void add_date(std::string_view text, LineNumber line);
  void note_size(std::string_view text);

  ColumnProfile facts_;
  std::uint8_t may_be_ = 0xFF;  ///< types that all values so far fit; see column_profiler.cc
  bool is_above_one_ = false;   ///< a number without "%" is negative or above 1
  bool has_proper_fraction_ = false;
  bool has_plain_number_ = false;  ///< a number without "%"
  bool is_all_point_zero_ = true;

  Wanted wanted_ = Wanted::kAll;
  std::size_t num_slots_;
  std::vector<Met> slots_;
  std::array<std::uint64_t, 5> num_met_ = {};  ///< by Adds: texts known from an equal one
  std::uint64_t num_asked_ = 0;                ///< texts looked for among those that were met
};

}  // namespace homeroom::clean
