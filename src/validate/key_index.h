#pragma once

// Finds rows by the hash of their key: a table of their positions, which lie elsewhere.

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "validate/huge_pages.h"

namespace homeroom::validate {

/// Open addressing over 4 bytes a slot: the position, and as many bits of the hash as are left; at
/// most 3/4 full. Hashes are those of row_hash.h, which nobody can choose. Not shared by threads.
class KeyIndex {
 public:
  KeyIndex() = default;

  /// About `num_rows` are expected: for so many, there is room from the first one on.
  KeyIndex(std::size_t memory_bytes, std::uint64_t num_rows)
      : most_slots_(std::min(std::bit_floor(memory_bytes / sizeof(std::uint32_t)), kMostSlots)),
        fewest_slots_(std::clamp<std::size_t>(std::bit_floor(num_rows / 3 * 4), kFewestSlots,
                                              std::max(most_slots_, kFewestSlots))),
        number_mask_(static_cast<std::uint32_t>(most_slots_ - 1)) {}

  /// True when there is room for a row at `position`, the one behind the last, or `make_room` can
  /// make it.
  [[nodiscard]] bool can_hold(std::uint64_t position) const {
    return is_within(position, most_slots_);
  }

  [[nodiscard]] bool has_room(std::uint64_t position) const {
    return is_within(position, slots_.size());
  }

  /// Twice as large and empty: `put_back` all rows, in their order.
  void make_room() {
    const std::size_t size = std::max(fewest_slots_, slots_.size() * 2);
    slots_ = {};
    slots_ = HugePages<std::uint32_t>(std::min(size, most_slots_));
  }

  /// Rows of one key stand in the order of their positions, so that the first is found.
  void put_back(std::uint64_t hash, std::uint32_t position) {
    std::size_t at = first_slot(hash);
    while (slots_[at] != 0) at = next_slot(at);
    slots_[at] = bits_of(hash) | (position + 1);
  }

  /// The position of the row with that key, or `position`, added for it. There is room.
  /// `is_same_key(at)`: the row at `at` has the key.
  template <class IsSameKey>
  [[nodiscard]] std::uint32_t find_or_add(std::uint64_t hash, std::uint32_t position,
                                          const IsSameKey& is_same_key) {
    const std::uint32_t bits = bits_of(hash);
    std::size_t at = first_slot(hash);
    for (; slots_[at] != 0; at = next_slot(at)) {
      if ((slots_[at] & ~number_mask_) != bits) continue;
      const std::uint32_t found = (slots_[at] & number_mask_) - 1;
      if (is_same_key(found)) return found;
    }
    slots_[at] = bits | (position + 1);
    return position;
  }

  void prefetch(std::uint64_t hash) const {
    if (slots_.size() > 0) __builtin_prefetch(&slots_[first_slot(hash)], 1);
  }

 private:
  static constexpr std::size_t kFewestSlots = 1024;
  static constexpr std::size_t kMostSlots = std::size_t{1} << 31U;

  [[nodiscard]] static bool is_within(std::uint64_t position, std::size_t num_slots) {
    return (position + 1) * 4 <= std::uint64_t{num_slots} * 3;
  }

  [[nodiscard]] std::size_t first_slot(std::uint64_t hash) const {
    return hash & (slots_.size() - 1);
  }

  [[nodiscard]] std::size_t next_slot(std::size_t at) const {
    return (at + 1) & (slots_.size() - 1);
  }

  // Of the hash's upper half: the lower one says where it goes.
  [[nodiscard]] std::uint32_t bits_of(std::uint64_t hash) const {
    return static_cast<std::uint32_t>(hash >> 32U) & ~number_mask_;
  }

  std::size_t most_slots_ = 0;
  std::size_t fewest_slots_ = kFewestSlots;
  std::uint32_t number_mask_ = 0;   ///< of a slot: position + 1; 0: free
  HugePages<std::uint32_t> slots_;  ///< a power of two
};

}  // namespace homeroom::validate
