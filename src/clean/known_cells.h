#pragma once

// Cells that need no look: their text was met in their column before, and nothing was changed or
// found wrong. Profile, rules and checks are functions of a cell's text, so that all three are
// spared at once.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/word.h"
#include "table/batch.h"

namespace homeroom::clean {

/// The rows of a column that are still to be looked at.
struct OpenRows {
  bool is_all = true;            ///< `rows` is of no use: every row is
  std::vector<RowIndex> rows;    ///< ascending; ragged ones are among them
  std::uint64_t num_values = 0;  ///< of the others: that hold a value
  std::uint64_t num_nulls = 0;   ///< of the others: that are empty
};

/// The texts of one column that were found right as they are: the last short ones, each in the one
/// slot it hashes to. Not shared by threads. Memory: 40 bytes a slot.
class KnownTexts {
 public:
  /// `num_slots` is a power of two.
  explicit KnownTexts(std::size_t num_slots) : num_slots_(num_slots) {}

  /// Finds the rows whose text is not known. A known cell that is empty becomes null.
  void find_open(std::span<Cell> cells, std::span<const RaggedRow> ragged, OpenRows& open);

  /// The text was left as it is, and nothing is wrong with it; empty: of a cell without a value.
  void learn(std::string_view text);

  /// False once the texts have turned out not to repeat.
  [[nodiscard]] bool is_useful() const;

 private:
  // Of at most 16 bytes: filled up with zeros. Longer ones: their first and their last 16 bytes.
  struct Text {
    TwoWords first;
    TwoWords last;
    std::uint64_t size = 0;

    bool operator==(const Text&) const = default;

    [[nodiscard]] std::uint64_t hash() const;
  };

  static constexpr std::size_t kMostBytes = 2 * sizeof(TwoWords);

  [[nodiscard]] static Text read(std::string_view text);

  std::size_t num_slots_;
  std::vector<Text> slots_;
  bool is_empty_known_ = false;
  std::uint64_t num_asked_ = 0;
  std::uint64_t num_known_ = 0;
};

/// All columns of a file. Not shared by threads. Memory: 640 KiB, more beyond 1,000 columns.
class KnownCells {
 public:
  explicit KnownCells(std::size_t num_columns);

  /// Finds the rows of each column that are still to be looked at, before anything else is done
  /// with the batch.
  [[nodiscard]] std::span<const OpenRows> find_open(Batch& batch);

  /// Of the batch of the last `find_open`.
  [[nodiscard]] std::span<const OpenRows> open() const { return open_; }

  [[nodiscard]] KnownTexts& column(std::size_t index) { return columns_[index]; }

 private:
  std::vector<KnownTexts> columns_;
  std::vector<OpenRows> open_;
};

}  // namespace homeroom::clean
