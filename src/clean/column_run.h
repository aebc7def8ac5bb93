#pragma once

// One column of texts run through rules, for tests and fuzzing.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "clean/cleaner.h"
#include "clean/column_cleaner.h"
#include "clean/rule.h"
#include "contract/contract.h"
#include "table/batch.h"

namespace homeroom::clean {

/// What a column's context becomes once it is cleaned: its values are in canonical form, so that
/// nothing has to be decided any more.
[[nodiscard]] inline ColumnContext context_once_cleaned(ColumnContext context) {
  context.profile = {.date_order = context.profile.date_order};
  context.school_year_is_start = false;
  return context;
}

/// The context that an example describes. Its enumeration is looked up in `contracts`.
[[nodiscard]] inline ColumnContext context_of(const Example& example,
                                              const contract::ContractSet& contracts) {
  ColumnContext context;
  context.kind = example.kind;
  context.is_declared = example.is_declared;
  context.is_suppressible = example.is_suppressible;
  context.school_year_is_start = example.school_year_is_start;
  context.enumeration = contracts.find_enumeration(example.enumeration);
  context.school_year = example.school_year;
  if (!example.unit.empty()) context.units = {std::string(example.unit)};
  context.profile.date_order = example.date_order;
  context.profile.is_fraction = example.is_fraction;
  context.profile.uses_decimal_comma = example.uses_decimal_comma;
  context.profile.all_end_in_point_zero = example.all_end_in_point_zero;
  return context;
}

/// A batch of one column, cleaned once. Owns the texts.
class ColumnRun {
 public:
  ColumnRun(const ColumnContext& context, std::vector<const Rule*> rules,
            std::vector<std::string> texts, KeepChanges keep = KeepChanges::kNo)
      : texts_(std::move(texts)), cleaner_(0, context, std::move(rules), kMemoSlots) {
    batch_.columns.resize(1);
    for (const std::string& text : texts_) {
      batch_.columns[0].push_back(value_cell(text));
      batch_.lines.push_back(batch_.lines.size() + 2);
    }
    out_.originals.resize(1);
    EditMemory memory;
    cleaner_.clean(batch_, {}, keep, memory, out_);
  }

  [[nodiscard]] const Cell& cell(std::size_t row = 0) const { return batch_.columns[0][row]; }

  [[nodiscard]] const CleanedBatch& out() const { return out_; }

  [[nodiscard]] std::uint64_t num_changed() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : cleaner_.counts()) sum += count;
    return sum;
  }

  /// "value 12", "null", "suppressed", "bad".
  [[nodiscard]] std::string describe(std::size_t row = 0) const {
    return describe(cell(row).state, cell(row).text());
  }

  [[nodiscard]] static std::string describe(CellState state, std::string_view text) {
    switch (state) {
      case CellState::kValue:
        return "value " + std::string(text);
      case CellState::kNull:
        return "null";
      case CellState::kSuppressed:
        return "suppressed";
      case CellState::kBad:
        return "bad";
    }
    return {};
  }

 private:
  static constexpr std::size_t kMemoSlots = 64;

  std::vector<std::string> texts_;
  Batch batch_;
  ColumnCleaner cleaner_;
  CleanedBatch out_;
};

}  // namespace homeroom::clean
