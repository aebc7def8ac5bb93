#include "clean/column_edit.h"

#include <cstdint>
#include <string_view>

#include "clean/cleaner.h"
#include "clean/outcome_memo.h"

namespace homeroom::clean {

ColumnEdit::ColumnEdit(std::uint32_t column, std::vector<Cell>& cells, Arena& arena,
                       EditMemory& memory, CleanedBatch& out, bool keep_changes)
    : column_(column),
      cells_(cells),
      arena_(arena),
      memory_(memory),
      out_(out),
      keep_changes_(keep_changes) {}

void ColumnEdit::begin_rule(std::string_view name, std::uint32_t index, Traits looks_for) {
  rule_ = name;
  rule_bit_ = 1U << index;
  memory_.shown.clear();
  for (const RowIndex row : memory_.suspects) {
    Traits& traits = memory_.traits[row];
    if ((traits & kNotLookedAt) != 0) {
      const Traits kept = traits & (kUnread | kEveryValue);
      traits = cells_[row].size == 0 ? kept : static_cast<Traits>(classify(text(row)) | kept);
    }
    if ((traits & looks_for) != 0 && cells_[row].has_value()) memory_.shown.push_back(row);
  }
}

void ColumnEdit::keep_originals() {
  auto& originals = out_.originals[column_];
  if (originals.empty()) originals = cells_;
}

void ColumnEdit::note_change(RowIndex row) {
  keep_originals();
  memory_.changed_by[row] |= rule_bit_;
  memory_.traits[row] |= kNotLookedAt;
  if (keep_changes_) {
    out_.changes.push_back({.row = row, .column = column_, .before = cells_[row], .rule = rule_});
  }
}

void ColumnEdit::replace_with_view(RowIndex row, std::string_view text) {
  if (text == cells_[row].text()) return;
  note_change(row);
  cells_[row].data = text.data();
  cells_[row].size = static_cast<std::uint32_t>(text.size());
  if (text.empty()) cells_[row].state = CellState::kNull;
}

void ColumnEdit::mark_blank(RowIndex row) {
  keep_originals();
  cells_[row].size = 0;
  cells_[row].state = CellState::kNull;
}

void ColumnEdit::mark_null(RowIndex row) {
  note_change(row);
  cells_[row].size = 0;
  cells_[row].state = CellState::kNull;
}

void ColumnEdit::mark_suppressed(RowIndex row) {
  note_change(row);
  cells_[row].state = CellState::kSuppressed;
}

void ColumnEdit::mark_bad(RowIndex row, std::string_view reason, std::string_view suggestion) {
  note_bad(row, rule_, reason, suggestion);
}

void ColumnEdit::note_bad(RowIndex row, std::string_view rule, std::string_view reason,
                          std::string_view suggestion) {
  const auto& originals = out_.originals[column_];
  if (!originals.empty()) cells_[row] = originals[row];
  cells_[row].state = CellState::kBad;
  out_.bad.push_back(
      {.row = row, .column = column_, .rule = rule, .reason = reason, .suggestion = suggestion});
}

void ColumnEdit::restore(RowIndex row, const Outcome& outcome) {
  if (outcome.state == CellState::kBad) {
    note_bad(row, outcome.rule, keep(outcome.reason), keep(outcome.suggestion));
    return;
  }
  Cell& cell = cells_[row];
  const bool is_same = outcome.state == cell.state && outcome.text() == cell.text();
  if (is_same) return;
  keep_originals();
  if (outcome.text() != cell.text()) cell.data = keep(outcome.text()).data();
  cell.size = outcome.size;
  cell.state = outcome.state;
}

}  // namespace homeroom::clean
