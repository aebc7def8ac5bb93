#pragma once

// One value of a file: bytes that live elsewhere, and what is known about them.

#include <cstdint>
#include <string_view>

namespace homeroom {

/// What a cell holds. Suppressed ("*", "<10") is neither null nor zero.
enum class CellState : std::uint8_t {
  kValue,       ///< `text()` is the value
  kNull,        ///< no value was given
  kSuppressed,  ///< a value exists and was hidden by whoever made the file; `text()` is the token
  kBad,         ///< not readable as its column's type; `text()` is the text as it came
};

/// A view of one cell: 16 bytes, cheap to copy. The bytes belong to the batch (its block or its
/// arena) and live until the batch is filled again.
struct Cell {
  const char* data = "";
  std::uint32_t size = 0;
  CellState state = CellState::kValue;
  bool is_quoted = false;  ///< stood in quotes in the file

  [[nodiscard]] std::string_view text() const { return {data, size}; }

  [[nodiscard]] bool has_value() const { return state == CellState::kValue; }
};

static_assert(sizeof(Cell) == 16);

[[nodiscard]] inline Cell value_cell(std::string_view text) {
  return {.data = text.data(), .size = static_cast<std::uint32_t>(text.size())};
}

}  // namespace homeroom
