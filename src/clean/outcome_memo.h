#pragma once

// What became of a cell, remembered by its text: the values of a column repeat, and a rule does the
// same to equal cells.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "clean/short_text.h"
#include "table/cell.h"

namespace homeroom::clean {

/// How a cell of one column ended.
struct Outcome {
  ShortText before;
  std::uint32_t changed_by = 0;  ///< a bit for each rule of the column that changed it
  CellState state = CellState::kValue;
  std::uint8_t size = 0;
  std::array<char, 30> bytes = {};
  /// For kBad.
  std::string_view rule;
  std::string reason;
  std::string suggestion;

  [[nodiscard]] std::string_view text() const { return {bytes.data(), size}; }
};

/// A fixed number of outcomes, each in the one slot its text hashes to.
/// Memory: about 160 bytes a slot, taken at the first `slot_for`. Not shared by threads.
class OutcomeMemo {
 public:
  /// `num_slots` is a power of two.
  explicit OutcomeMemo(std::size_t num_slots) : num_slots_(num_slots) {}

  /// Null when the text is not known, or too long to be.
  [[nodiscard]] const Outcome* find(std::string_view before);

  /// Where the outcome for `before` goes, emptied; null for texts too long to be remembered.
  [[nodiscard]] Outcome* slot_for(std::string_view before);

  /// False once the values have turned out not to repeat.
  [[nodiscard]] bool is_useful() const;

 private:
  std::size_t num_slots_;
  std::vector<Outcome> slots_;
  std::uint64_t num_asked_ = 0;
  std::uint64_t num_found_ = 0;
};

}  // namespace homeroom::clean
