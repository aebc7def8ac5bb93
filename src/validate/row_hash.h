#pragma once

// Cells -> the number they are told apart by.

#include <array>
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

/// Numbers to hash with. Whoever does not know them cannot make two rows that collide.
struct HashSecret {
  std::array<std::uint64_t, 160> words;

  /// Always the same ones, which are no secret: programs put random ones in their place.
  HashSecret();
};

/// Hashes the cells of one row after another. Not shared by threads.
///
/// Two rows get the same number when each of their cells is the same: both null, both suppressed
/// (whatever the mark), or the same text; else the same one with a chance of 2^-63 (64 bits) or
/// 2^-125 (128 bits) over the choice of the secret, whatever the rows are. Beyond a kilobyte the
/// chance grows with the length: for 64 KB to 2^-54 and 2^-108.
/// Source: NH of Black, Halevi, Krawczyk, Krovetz, Rogaway, "UMAC: Fast and Secure Message
/// Authentication", 1999, on words of 64 bits; strongly universal multiply-shift of Dietzfelbinger,
/// 1996; polynomials modulo 2^61 - 1 over the kilobytes of long ones.
class RowHasher {
 public:
  explicit RowHasher(const HashSecret& secret) : secret_(secret) {}

  [[nodiscard]] Hash128 hash128(std::span<const Cell> cells);

  [[nodiscard]] std::uint64_t hash64(std::span<const Cell> cells);

  /// Of bytes as they lie there.
  [[nodiscard]] std::uint64_t hash64(std::span<const char> bytes) const;

 private:
  // The compilers of the platforms we build for have it.
  __extension__ using Wide = unsigned __int128;

  [[nodiscard]] bool sum_short(std::span<const Cell> cells, Wide& first, Wide& second) const;
  [[nodiscard]] std::span<const char> write(std::span<const Cell> cells);
  char* write_cell(const Cell& cell, char* out) const;

  HashSecret secret_;
  std::unique_ptr<char[]> buffer_;  ///< reused; grows to the widest row, long cells shortened
  std::size_t capacity_ = 0;
};

}  // namespace homeroom::validate
