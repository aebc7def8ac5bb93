#pragma once

// The rows of a file by the values of some columns: for checks that look at all rows with equal
// values at once.

#include <compare>
#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "base/result.h"
#include "table/batch.h"
#include "validate/row_hash.h"
#include "validate/spill_sorter.h"

namespace homeroom::validate {

/// A row: the hash of its group, the hash of what it says, its line.
struct GroupedRow {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::uint64_t content = 0;
  LineNumber line = 0;

  [[nodiscard]] std::uint64_t prefix() const { return high; }

  [[nodiscard]] bool is_same_group(const GroupedRow& other) const {
    return high == other.high && low == other.low;
  }

  auto operator<=>(const GroupedRow&) const = default;
};

/// Keeps 32 bytes a row: in memory, and beyond `memory_bytes` in a temporary file in `scratch`.
/// Groups are told apart by 128 bits of hash, contents by 64 (see RowHasher). Not shared by
/// threads.
class GroupLedger {
 public:
  GroupLedger(std::filesystem::path scratch, std::size_t memory_bytes, const HashSecret& secret)
      : sorter_(std::move(scratch), memory_bytes), hasher_(secret) {}

  /// Errors: kIo when the temporary file cannot be written.
  [[nodiscard]] Status add(LineNumber line, std::span<const Cell> group,
                           std::span<const Cell> content) {
    const Hash128 hash = hasher_.hash128(group);
    return sorter_.add({.high = hash.high,
                        .low = hash.low,
                        .content = content.empty() ? 0 : hasher_.hash64(content),
                        .line = line});
  }

  /// What is known of the rows of a group.
  struct Group {
    std::uint64_t size = 0;          ///< rows
    std::uint64_t num_contents = 0;  ///< that differ
    std::uint64_t most = 0;          ///< rows of the commonest content
    bool is_tied = false;            ///< several contents are as common
    LineNumber first_line = 0;       ///< the lowest
  };

  /// Calls `take(row, num_same, group)` for each row of the groups of two rows or more, by group,
  /// content and line; `num_same` rows of the group have its content. No row is added afterwards.
  /// Memory: 8 bytes a content of the largest group. Errors: kIo, and those of `take`.
  template <class Take>
  [[nodiscard]] Status each(Take&& take) {
    HOMEROOM_TRY(sorter_.finish());
    auto ahead = sorter_.read();
    auto behind = sorter_.read();
    GroupedRow next;
    bool has_next = HOMEROOM_TRY(ahead.next(next));
    while (has_next) {
      Group group;
      std::vector<std::uint64_t> sizes;  // of its contents, as they come
      const GroupedRow first = next;
      std::uint64_t content = next.content;
      group.first_line = next.line;
      sizes.push_back(0);
      while (has_next && next.is_same_group(first)) {
        if (next.content != content) sizes.push_back(0);
        content = next.content;
        group.first_line = std::min(group.first_line, next.line);
        ++sizes.back();
        ++group.size;
        has_next = HOMEROOM_TRY(ahead.next(next));
      }
      group.num_contents = sizes.size();
      group.most = *std::ranges::max_element(sizes);
      group.is_tied = std::ranges::count(sizes, group.most) > 1;
      for (const std::uint64_t size : sizes) {
        for (std::uint64_t i = 0; i < size; ++i) {
          GroupedRow row;
          HOMEROOM_TRY(behind.next(row));
          if (group.size > 1) HOMEROOM_TRY(take(row, size, group));
        }
      }
    }
    return {};
  }

 private:
  SpillSorter<GroupedRow> sorter_;
  RowHasher hasher_;
};

}  // namespace homeroom::validate
