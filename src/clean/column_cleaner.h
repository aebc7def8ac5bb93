#pragma once

// Cleans the cells of one column, batch after batch.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "clean/cleaner.h"
#include "clean/column_edit.h"
#include "clean/known_cells.h"
#include "clean/outcome_memo.h"
#include "clean/rule.h"
#include "clean/vouch.h"
#include "table/batch.h"

namespace homeroom::clean {

/// A bit of `EditMemory::changed_by` stands for each rule of a column.
inline constexpr std::size_t kMaxRules = 32;

/// Not shared by threads.
class ColumnCleaner {
 public:
  /// `column` is the column's index in the file; `rules` are at most `kMaxRules`, in the order
  /// they run; `memo_slots` is a power of two.
  ColumnCleaner(std::uint32_t column, ColumnContext context, std::vector<const Rule*> rules,
                std::size_t memo_slots);

  /// Cleans the column's open cells in `batch`; adds to `out`, whose `originals` has a place for
  /// it.
  void clean(Batch& batch, const OpenRows& open, KeepChanges keep, EditMemory& memory,
             CleanedBatch& out);

  [[nodiscard]] std::span<const Rule* const> rules() const { return rules_; }

  /// By rule: how many cells it changed so far.
  [[nodiscard]] std::span<const std::uint64_t> counts() const { return counts_; }

 private:
  void recall(ColumnEdit& edit, const std::vector<Cell>& cells, EditMemory& memory);
  void learn(const std::vector<Cell>& cells, const EditMemory& memory, const CleanedBatch& out,
             std::size_t first_bad);
  void count(std::uint32_t changed_by);
  void take_samples(const std::vector<Cell>& cells, const EditMemory& memory, CleanedBatch& out);
  void take_sample(std::size_t rule, RowIndex row, const Cell& after, CleanedBatch& out);

  std::uint32_t column_;
  ColumnContext context_;
  std::vector<const Rule*> rules_;
  std::vector<std::uint64_t> counts_;
  std::vector<std::uint8_t> num_samples_;  ///< by rule
  std::uint32_t unsampled_ = ~0U;          ///< a bit for each rule that lacks samples
  Voucher voucher_;
  OutcomeMemo memo_;
};

}  // namespace homeroom::clean
