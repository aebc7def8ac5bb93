#include "validate/row_hash.h"

#include <algorithm>
#include <cstring>

#include "base/word.h"

namespace homeroom::validate {
namespace {

// The compilers of the platforms we build for have it.
__extension__ using Wide = unsigned __int128;

// How a cell is written: one byte of these, for a value then its size, then its bytes; no row can
// be read as another one. A long value stands there as its hash.
enum class Tag : char { kNull, kSuppressed, kValue, kLongValue };
constexpr std::size_t kLongBytes = 1024;
constexpr std::size_t kHeadBytes = 1 + sizeof(std::uint32_t);

// Where the parts of the secret lie. The second sum uses the words of the first, two further on.
constexpr std::size_t kPairBytes = 16;
constexpr std::size_t kBlockBytes = 1024;
constexpr std::size_t kSumWords = kBlockBytes / sizeof(std::uint64_t);
constexpr std::size_t kShift = 2;
constexpr std::size_t kFoldWords = 6;
constexpr std::size_t kFoldAt = kSumWords + kShift;
constexpr std::size_t kPointAt = kFoldAt + 2 * kFoldWords;
static_assert(kPointAt + 2 <= std::tuple_size_v<decltype(HashSecret::words)>);

// Rows of short cells (see `sum_short`).
constexpr std::size_t kShortBytes = 15;
constexpr std::size_t kMostShortCells = kSumWords / 2;
constexpr unsigned kNoValue = 0x80;                           // no size
constexpr std::uint64_t kShortRow = std::uint64_t{1} << 63U;  // no size of a written row

std::uint64_t load(const char* data) {
  std::uint64_t word = 0;
  std::memcpy(&word, data, sizeof word);
  return word;
}

// Fewer than 16 bytes as two words, the rest zero.
std::array<std::uint64_t, 2> load_short(const char* data, std::size_t size) {
  std::array<char, kPairBytes> bytes = {};
  std::memcpy(bytes.data(), data, size);
  return {load(bytes.data()), load(bytes.data() + 8)};
}

// NH of at most kBlockBytes. The last pair overlaps the one before: the words still say which
// bytes they are, as their number is added.
Wide sum(const char* data, std::size_t size, const std::uint64_t* key) {
  Wide total = size;
  const auto add = [&](std::uint64_t first, std::uint64_t second, std::size_t at) {
    total += static_cast<Wide>(first + key[at]) * (second + key[at + 1]);
  };
  if (size < kPairBytes) {
    const auto words = load_short(data, size);
    add(words[0], words[1], 0);
    return total;
  }
  std::size_t at = 0;
  std::size_t word = 0;
  for (; at + kPairBytes <= size; at += kPairBytes, word += 2) {
    add(load(data + at), load(data + at + 8), word);
  }
  if (at < size) add(load(data + size - kPairBytes), load(data + size - 8), word);
  return total;
}

Wide wide(const std::uint64_t* words) {
  return (static_cast<Wide>(words[0]) << 64U) | words[1];
}

// 128 bits to 64, every result as likely as any other.
std::uint64_t fold(Wide total, const std::uint64_t* key) {
  const Wide product = wide(key) * static_cast<std::uint64_t>(total) +
                       wide(key + 2) * static_cast<std::uint64_t>(total >> 64U) + wide(key + 4);
  return static_cast<std::uint64_t>(product >> 64U);
}

// One to one; spreads what is alike over all bits, as tables want it.
std::uint64_t spread(std::uint64_t number) {
  number = (number ^ (number >> 32U)) * 0xD6E8FEB86659FD93ULL;
  number = (number ^ (number >> 32U)) * 0xD6E8FEB86659FD93ULL;
  return number ^ (number >> 32U);
}

// accumulator * point + number, modulo 2^61 - 1; number is below 2^32.
std::uint64_t step(std::uint64_t accumulator, std::uint64_t point, std::uint64_t number) {
  constexpr std::uint64_t kPrime = (std::uint64_t{1} << 61U) - 1;
  const Wide product = static_cast<Wide>(accumulator) * (point & kPrime) + number;
  const std::uint64_t folded =
      (static_cast<std::uint64_t>(product) & kPrime) + static_cast<std::uint64_t>(product >> 61U);
  return folded >= kPrime ? folded - kPrime : folded;
}

// One of the two halves of a hash.
std::uint64_t half(std::span<const char> bytes, const std::uint64_t* secret, std::size_t which) {
  const std::uint64_t* const key = secret + which * kShift;
  const std::uint64_t* const folding = secret + kFoldAt + which * kFoldWords;
  if (bytes.size() <= kBlockBytes) {
    return spread(fold(sum(bytes.data(), bytes.size(), key), folding));
  }
  const std::uint64_t point = secret[kPointAt + which];
  std::uint64_t accumulator = 1;
  for (std::size_t at = 0; at < bytes.size(); at += kBlockBytes) {
    const std::size_t size = std::min(kBlockBytes, bytes.size() - at);
    const std::uint64_t block = fold(sum(bytes.data() + at, size, key), folding);
    accumulator = step(accumulator, point, block >> 32U);
    accumulator = step(accumulator, point, block & 0xFFFFFFFFU);
  }
  return spread(accumulator);
}

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

}  // namespace

HashSecret::HashSecret() {
  std::uint64_t state = 0;
  for (std::uint64_t& word : words) word = spread(state += 0x9E3779B97F4A7C15ULL);
}

char* RowHasher::write_cell(const Cell& cell, char* out) const {
  if (cell.state == CellState::kNull || cell.state == CellState::kSuppressed) {
    *out = static_cast<char>(cell.state == CellState::kNull ? Tag::kNull : Tag::kSuppressed);
    return out + 1;
  }
  std::memcpy(out + 1, &cell.size, sizeof cell.size);
  if (cell.size <= kLongBytes) {
    *out = static_cast<char>(Tag::kValue);
    copy(cell.data, cell.size, out + kHeadBytes);
    return out + kHeadBytes + cell.size;
  }
  *out = static_cast<char>(Tag::kLongValue);
  const std::span<const char> bytes(cell.data, cell.size);
  for (std::size_t which = 0; which < 2; ++which) {
    const std::uint64_t hash = half(bytes, secret_.words.data(), which);
    std::memcpy(out + kHeadBytes + which * sizeof hash, &hash, sizeof hash);
  }
  return out + kHeadBytes + sizeof(Hash128);
}

// A row of short cells makes one pair of words a cell: its bytes, then its size or what it is
// instead of a value. No other row of as many short cells makes the same pairs.
bool RowHasher::sum_short(std::span<const Cell> cells, Wide& first, Wide& second) const {
  if (cells.size() > kMostShortCells) return false;
  const std::uint64_t* key = secret_.words.data();
  first = second = kShortRow + cells.size();
  for (const Cell& cell : cells) {
    std::uint64_t low = 0;
    std::uint64_t high = std::uint64_t{kNoValue} << 56U;
    if (cell.state == CellState::kSuppressed) high += std::uint64_t{1} << 56U;
    if (cell.state != CellState::kNull && cell.state != CellState::kSuppressed) {
      if (cell.size > kShortBytes) return false;
      const TwoWords text = load_text(cell.data, cell.size);
      low = text.low;
      high = text.high | (std::uint64_t{cell.size} << 56U);
    }
    first += static_cast<Wide>(low + key[0]) * (high + key[1]);
    second += static_cast<Wide>(low + key[kShift]) * (high + key[kShift + 1]);
    key += 2;
  }
  return true;
}

std::span<const char> RowHasher::write(std::span<const Cell> cells) {
  std::size_t size = 0;
  for (const Cell& cell : cells) size += kHeadBytes + std::min<std::size_t>(cell.size, kLongBytes);
  if (size > capacity_ || buffer_ == nullptr) {
    capacity_ = 2 * size;
    buffer_ = std::make_unique_for_overwrite<char[]>(capacity_);
  }
  char* end = buffer_.get();
  for (const Cell& cell : cells) end = write_cell(cell, end);
  return {buffer_.get(), end};
}

std::uint64_t RowHasher::hash64(std::span<const char> bytes) const {
  return half(bytes, secret_.words.data(), 0);
}

std::uint64_t RowHasher::hash64(std::span<const Cell> cells) {
  return hash64(write(cells));
}

Hash128 RowHasher::hash128(std::span<const Cell> cells) {
  Wide first = 0;
  Wide second = 0;
  if (sum_short(cells, first, second)) {
    const std::uint64_t* const folding = secret_.words.data() + kFoldAt;
    return {.high = spread(fold(first, folding)),
            .low = spread(fold(second, folding + kFoldWords))};
  }
  const auto bytes = write(cells);
  return {.high = half(bytes, secret_.words.data(), 0),
          .low = half(bytes, secret_.words.data(), 1)};
}

}  // namespace homeroom::validate
