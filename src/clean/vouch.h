#pragma once

// Tells the cells that no rule can change from those that one may: the one touch that a clean
// cell costs.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "clean/column_edit.h"
#include "clean/known_cells.h"
#include "clean/rule.h"
#include "clean/short_text.h"
#include "clean/traits.h"
#include "table/cell.h"

namespace homeroom::clean {

/// The codes of an enumeration, for the question whether a cell is one of them.
/// Keeps views: the enumeration must outlive it.
class CodeSet {
 public:
  CodeSet() = default;
  explicit CodeSet(const contract::Enumeration& enumeration);

  [[nodiscard]] bool contains(std::string_view text) const;

 private:
  std::vector<ShortText> slots_;  ///< open addressing; a power of two; size 0 is an empty slot
  std::vector<std::string_view> long_codes_;
};

/// Finds the suspects of one column. Not shared by threads.
class Voucher {
 public:
  /// `looked_for`: all that the column's rules look for.
  Voucher(const ColumnContext& context, Traits looked_for);

  /// Of the open rows: sets empty cells to null; lists in `memory` the rows of all other values
  /// that some rule looks for, with their traits.
  void find_suspects(std::vector<Cell>& cells, const OpenRows& open, EditMemory& memory) const;

 private:
  template <class IsCanonical>
  void find_unless(IsCanonical is_canonical, Traits unread, std::vector<Cell>& cells,
                   const OpenRows& open, EditMemory& memory) const;

  contract::Kind kind_;
  Traits looked_for_;
  bool vouches_for_kind_;  ///< canonical texts of the kind need no rule
  CodeSet codes_;
  bool has_codes_ = false;
};

}  // namespace homeroom::clean
