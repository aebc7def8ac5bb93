#include "clean/column_cleaner.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "clean/cleaner.h"

namespace homeroom::clean {
namespace {

Traits all_looked_for(std::span<const Rule* const> rules) {
  Traits looked_for = 0;
  for (const Rule* rule : rules) looked_for |= rule->looks_for;
  return looked_for;
}

// Rows whose fields are shifted are quarantined as they are.
void drop_ragged(const std::vector<RaggedRow>& ragged, std::vector<RowIndex>& suspects) {
  auto next = ragged.begin();
  std::erase_if(suspects, [&](RowIndex row) {
    while (next != ragged.end() && next->row < row) ++next;
    return next != ragged.end() && next->row == row;
  });
}

}  // namespace

ColumnCleaner::ColumnCleaner(std::uint32_t column, ColumnContext context,
                             std::vector<const Rule*> rules, std::size_t memo_slots)
    : column_(column),
      context_(std::move(context)),
      rules_(std::move(rules)),
      counts_(rules_.size()),
      num_samples_(rules_.size()),
      voucher_(context_, all_looked_for(rules_)),
      memo_(memo_slots) {}

void ColumnCleaner::clean(Batch& batch, const OpenRows& open, KeepChanges keep, EditMemory& memory,
                          CleanedBatch& out) {
  std::vector<Cell>& cells = batch.columns[column_];
  voucher_.find_suspects(cells, open, memory);
  if (!batch.ragged.empty()) drop_ragged(batch.ragged, memory.suspects);
  if (memory.suspects.empty()) return;

  ColumnEdit edit(column_, cells, batch.arena, memory, out, keep == KeepChanges::kYes);
  // An outcome has no memory of the steps that led to it.
  const bool remembers = keep == KeepChanges::kNo && memo_.is_useful();
  if (remembers) recall(edit, cells, memory);
  const std::size_t first_bad = out.bad.size();
  for (std::size_t i = 0; i < rules_.size() && !memory.suspects.empty(); ++i) {
    edit.begin_rule(rules_[i]->name, static_cast<std::uint32_t>(i), rules_[i]->looks_for);
    if (!edit.rows().empty()) rules_[i]->apply(context_, edit);
  }
  for (const RowIndex row : memory.suspects) count(memory.changed_by[row]);
  take_samples(cells, memory, out);
  if (remembers) learn(cells, memory, out, first_bad);
}

// What is remembered was changed by the same rules before, so that only the others are looked at.
void ColumnCleaner::take_samples(const std::vector<Cell>& cells, const EditMemory& memory,
                                 CleanedBatch& out) {
  for (const RowIndex row : memory.suspects) {
    std::uint32_t wanted = memory.changed_by[row] & unsampled_;
    if (wanted == 0 || cells[row].state == CellState::kBad) continue;
    for (; wanted != 0; wanted &= wanted - 1) {
      take_sample(static_cast<std::size_t>(std::countr_zero(wanted)), row, cells[row], out);
    }
  }
}

void ColumnCleaner::take_sample(std::size_t rule, RowIndex row, const Cell& after,
                                CleanedBatch& out) {
  const Cell& before = out.originals[column_][row];
  const std::string_view name = rules_[rule]->name;
  const bool is_shown = std::ranges::any_of(out.samples, [&](const ChangeSample& sample) {
    return sample.column == column_ && sample.rule == name && sample.before.text() == before.text();
  });
  if (is_shown) return;
  out.samples.push_back(
      {.row = row, .column = column_, .rule = name, .before = before, .after = after});
  if (++num_samples_[rule] == kMaxSamples) unsampled_ &= ~(1U << rule);
}

void ColumnCleaner::count(std::uint32_t changed_by) {
  for (; changed_by != 0; changed_by &= changed_by - 1) {
    ++counts_[static_cast<std::size_t>(std::countr_zero(changed_by))];
  }
}

void ColumnCleaner::recall(ColumnEdit& edit, const std::vector<Cell>& cells, EditMemory& memory) {
  std::size_t num_left = 0;
  for (const RowIndex row : memory.suspects) {
    const Outcome* outcome = memo_.find(cells[row].text());
    if (outcome == nullptr) {
      memory.suspects[num_left++] = row;
      continue;
    }
    count(outcome->changed_by);
    edit.restore(row, *outcome);
  }
  memory.suspects.resize(num_left);
}

void ColumnCleaner::learn(const std::vector<Cell>& cells, const EditMemory& memory,
                          const CleanedBatch& out, std::size_t first_bad) {
  const auto& originals = out.originals[column_];
  const auto learn_cell = [&](RowIndex row) -> Outcome* {
    const Cell& before = originals.empty() ? cells[row] : originals[row];
    const Cell& after = cells[row];
    if (after.state != CellState::kBad && after.size > Outcome{}.bytes.size()) return nullptr;
    Outcome* outcome = memo_.slot_for(before.text());
    if (outcome == nullptr) return nullptr;
    outcome->changed_by = memory.changed_by[row];
    outcome->state = after.state;
    outcome->size = 0;
    if (after.state != CellState::kBad) {
      std::ranges::copy(after.text(), outcome->bytes.begin());
      outcome->size = static_cast<std::uint8_t>(after.size);
    }
    return outcome;
  };
  for (const RowIndex row : memory.suspects) {
    if (cells[row].state != CellState::kBad) learn_cell(row);
  }
  for (std::size_t i = first_bad; i < out.bad.size(); ++i) {
    const BadCell& bad = out.bad[i];
    Outcome* outcome = learn_cell(bad.row);
    if (outcome == nullptr) continue;
    outcome->rule = bad.rule;
    outcome->reason = bad.reason;
    outcome->suggestion = bad.suggestion;
  }
}

}  // namespace homeroom::clean
