#include "validate/row_hash.h"

#include <algorithm>
#include <cstring>

#include <xxhash.h>

namespace homeroom::validate {
namespace {

// How a cell is written: one byte of these, for a value then its size, then its bytes; no row can
// be read as another one. A long value stands there as its hash.
enum class Tag : char { kNull, kSuppressed, kValue, kLongValue };
constexpr std::size_t kLongBytes = 1024;
constexpr std::size_t kHeadBytes = 1 + sizeof(std::uint32_t);

// Short texts by two loads that overlap: most cells are short, and a call costs more than they do.
void copy(const char* from, std::size_t size, char* to) {
  const auto copy_ends = [&]<class Word>(Word first, Word last) {
    std::memcpy(&first, from, sizeof(Word));
    std::memcpy(&last, from + size - sizeof(Word), sizeof(Word));
    std::memcpy(to, &first, sizeof(Word));
    std::memcpy(to + size - sizeof(Word), &last, sizeof(Word));
  };
  if (size > 16) {
    std::memcpy(to, from, size);
  } else if (size >= 8) {
    copy_ends(std::uint64_t{}, std::uint64_t{});
  } else if (size >= 4) {
    copy_ends(std::uint32_t{}, std::uint32_t{});
  } else {
    for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
  }
}

char* write_value(const Cell& cell, char* out) {
  std::memcpy(out + 1, &cell.size, sizeof cell.size);
  if (cell.size <= kLongBytes) {
    *out = static_cast<char>(Tag::kValue);
    copy(cell.data, cell.size, out + kHeadBytes);
    return out + kHeadBytes + cell.size;
  }
  *out = static_cast<char>(Tag::kLongValue);
  const XXH128_hash_t hash = XXH3_128bits(cell.data, cell.size);
  std::memcpy(out + kHeadBytes, &hash, sizeof hash);
  return out + kHeadBytes + sizeof hash;
}

char* write_cell(const Cell& cell, char* out) {
  if (cell.state == CellState::kNull || cell.state == CellState::kSuppressed) {
    *out = static_cast<char>(cell.state == CellState::kNull ? Tag::kNull : Tag::kSuppressed);
    return out + 1;
  }
  return write_value(cell, out);
}

}  // namespace

std::span<const char> RowHasher::write(std::span<const Cell> cells) {
  std::size_t size = 0;
  for (const Cell& cell : cells) size += kHeadBytes + std::min<std::size_t>(cell.size, kLongBytes);
  if (size > capacity_) {
    capacity_ = 2 * size;
    buffer_ = std::make_unique_for_overwrite<char[]>(capacity_);
  }
  char* end = buffer_.get();
  for (const Cell& cell : cells) end = write_cell(cell, end);
  return {buffer_.get(), end};
}

std::uint64_t RowHasher::hash64(std::span<const Cell> cells) {
  const auto bytes = write(cells);
  return XXH3_64bits(bytes.data(), bytes.size());
}

Hash128 RowHasher::hash128(std::span<const Cell> cells) {
  const auto bytes = write(cells);
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {.high = hash.high64, .low = hash.low64};
}

}  // namespace homeroom::validate
