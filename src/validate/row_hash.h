#pragma once

// Cells -> the number they are told apart by.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "table/cell.h"

namespace homeroom::validate {

struct Hash128 {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
};

/// Hashes the cells of one row after another. Two rows get the same number when each of their
/// cells is the same: both null, both suppressed (whatever the mark), or the same text; else the
/// same one with a chance of 2^-64 or 2^-128. Not shared by threads.
/// Source: XXH3, github.com/Cyan4973/xxHash; not made to withstand someone who looks for
/// collisions.
class RowHasher {
 public:
  [[nodiscard]] std::uint64_t hash64(std::span<const Cell> cells);
  [[nodiscard]] Hash128 hash128(std::span<const Cell> cells);

 private:
  [[nodiscard]] std::span<const char> write(std::span<const Cell> cells);

  std::unique_ptr<char[]> buffer_;  ///< reused; grows to the widest row, long cells shortened
  std::size_t capacity_ = 0;
};

}  // namespace homeroom::validate
