#include "clean/known_cells.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace homeroom::clean {
namespace {

// All columns together remember about this many texts; each at least and at most so many.
constexpr std::size_t kAllSlots = 16384;
constexpr std::size_t kFewestSlots = 16;
constexpr std::size_t kMostSlots = 2048;

// After so many texts, half of them must have been known.
constexpr std::uint64_t kFairTrial = 16384;

}  // namespace

inline std::uint64_t KnownTexts::Text::hash() const {
  std::uint64_t mixed = (first.low ^ (size << 56U)) * 0x9E3779B97F4A7C15ULL;
  mixed ^= (first.high + last.low) * 0xC2B2AE3D27D4EB4FULL;
  mixed = (mixed ^ (mixed >> 32U) ^ last.high) * 0xD6E8FEB86659FD93ULL;
  return mixed >> 32U;
}

// The text has 1 to kMostBytes bytes.
inline KnownTexts::Text KnownTexts::read(std::string_view text) {
  constexpr std::size_t kPart = sizeof(TwoWords);
  Text key{.first = {}, .last = {}, .size = text.size()};
  if (text.size() <= kPart) {
    key.first = load_text(text.data(), text.size());
    return key;
  }
  key.first = {.low = load_word(text.data()), .high = load_word(text.data() + 8)};
  const char* const last = text.data() + text.size() - kPart;
  key.last = {.low = load_word(last), .high = load_word(last + 8)};
  return key;
}

bool KnownTexts::is_useful() const {
  return num_asked_ < kFairTrial || num_known_ * 2 >= num_asked_;
}

void KnownTexts::find_open(std::span<Cell> cells, std::span<const RaggedRow> ragged,
                           OpenRows& open) {
  open.rows.clear();
  open.num_values = open.num_nulls = 0;
  open.is_all = slots_.empty() || !is_useful();
  if (open.is_all) return;
  RowIndex begin = 0;
  open.rows.resize(cells.size());
  std::size_t num_open = 0;
  const Text* const slots = slots_.data();
  const std::size_t mask = num_slots_ - 1;
  const std::size_t num_known_empty = is_empty_known_ ? 1 : 0;  // of one empty cell
  const auto find = [&](RowIndex end) {
    for (RowIndex row = begin; row < end; ++row) {
      Cell& cell = cells[row];
      open.rows[num_open] = row;
      if (cell.size == 0) {
        if (is_empty_known_) cell.state = CellState::kNull;
        open.num_nulls += num_known_empty;
        num_open += 1 - num_known_empty;
        continue;
      }
      if (cell.size > kMostBytes) {
        ++num_open;
        continue;
      }
      const Text key = read(cell.text());
      num_open += slots[key.hash() & mask] == key ? 0 : 1;
    }
  };
  for (const RaggedRow& row : ragged) {
    find(row.row);
    open.rows[num_open++] = row.row;
    begin = row.row + 1;
  }
  find(static_cast<RowIndex>(cells.size()));
  open.rows.resize(num_open);
  open.num_values = cells.size() - num_open - open.num_nulls;
  num_asked_ += cells.size() - open.num_nulls;
  num_known_ += open.num_values;
}

void KnownTexts::learn(std::string_view text) {
  if (text.empty()) {
    is_empty_known_ = true;
    if (slots_.empty()) slots_.resize(num_slots_);
    return;
  }
  if (text.size() > kMostBytes) return;
  if (slots_.empty()) slots_.resize(num_slots_);
  const Text key = read(text);
  slots_[key.hash() & (num_slots_ - 1)] = key;
}

KnownCells::KnownCells(std::size_t num_columns) : open_(num_columns) {
  const std::size_t share = kAllSlots / std::max<std::size_t>(num_columns, 1);
  const std::size_t num_slots = std::bit_floor(std::clamp(share, kFewestSlots, kMostSlots));
  columns_.assign(num_columns, KnownTexts(num_slots));
}

std::span<const OpenRows> KnownCells::find_open(Batch& batch) {
  for (std::size_t i = 0; i < std::min(columns_.size(), batch.num_columns()); ++i) {
    columns_[i].find_open(batch.columns[i], batch.ragged, open_[i]);
  }
  return open_;
}

}  // namespace homeroom::clean
