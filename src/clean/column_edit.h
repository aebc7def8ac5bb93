#pragma once

// The cells of one column while rules change them.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "clean/traits.h"
#include "table/batch.h"
#include "table/cell.h"

namespace homeroom::clean {

struct CleanedBatch;
struct Outcome;

/// Working memory of a cleaner, handed from column to column.
struct EditMemory {
  std::vector<RowIndex> suspects;         ///< rows of the column that some rule may change
  std::vector<RowIndex> shown;            ///< those of them that the present rule looks for
  std::vector<Traits> traits;             ///< by row; only those of suspects mean something
  std::vector<std::uint32_t> changed_by;  ///< by row; a bit for each rule of the column
  std::string scratch;
};

/// What a rule works on. A rule visits each of `rows()` once, and leaves the cell, replaces it, or
/// marks it; each call that changes something counts one change for the rule and keeps the
/// original.
///
///     for (const RowIndex row : edit.rows()) {
///       const std::string_view trimmed = trim(edit.text(row));
///       if (trimmed.size() < edit.text(row).size()) edit.replace_with_view(row, trimmed);
///     }
class ColumnEdit {
 public:
  /// For the cleaner. `column` is its index in the file.
  ColumnEdit(std::uint32_t column, std::vector<Cell>& cells, Arena& arena, EditMemory& memory,
             CleanedBatch& out, bool keep_changes);

  /// Rows whose cell holds a value with a trait that the rule looks for, ascending.
  [[nodiscard]] std::span<const RowIndex> rows() const { return memory_.shown; }

  /// The bytes as they stand now.
  [[nodiscard]] std::string_view text(RowIndex row) const { return cells_[row].text(); }

  /// Copies `text`, which may be of `scratch()`.
  void replace(RowIndex row, std::string_view text) { replace_with_view(row, keep(text)); }

  /// `text` lies in the cell itself, in the batch's arena, or outlives the batch. Empty: null.
  void replace_with_view(RowIndex row, std::string_view text);
  /// Nothing but blanks stood here: the cell is null. Not counted as a change.
  void mark_blank(RowIndex row);
  void mark_null(RowIndex row);
  void mark_suppressed(RowIndex row);
  /// The cell shows the text it came with. `reason` and `suggestion` are kept (see `keep`) or
  /// static; neither repeats the cell.
  void mark_bad(RowIndex row, std::string_view reason, std::string_view suggestion = {});

  /// A copy that lives as long as the batch's content.
  [[nodiscard]] std::string_view keep(std::string_view text) { return arena_.copy(text); }

  /// Memory for building a text, reused from cell to cell.
  [[nodiscard]] std::string& scratch() { return memory_.scratch; }

  /// For the cleaner: turns to rule `index` of the column, shows it the rows it looks for.
  void begin_rule(std::string_view name, std::uint32_t index, Traits looks_for);
  /// For the cleaner: gives the cell the outcome that an equal one had.
  void restore(RowIndex row, const Outcome& outcome);

 private:
  void note_change(RowIndex row);
  void keep_originals();
  void note_bad(RowIndex row, std::string_view rule, std::string_view reason,
                std::string_view suggestion);

  std::uint32_t column_;
  std::vector<Cell>& cells_;
  Arena& arena_;
  EditMemory& memory_;
  CleanedBatch& out_;
  bool keep_changes_;
  std::string_view rule_;
  std::uint32_t rule_bit_ = 0;
};

}  // namespace homeroom::clean
