#include "run/slot_scope.h"

#include <string_view>

namespace homeroom::run {

SlotScope::SlotScope(const contract::Contract* contract, const shape::ShapePlan& plan) {
  if (contract != nullptr) {
    for (const std::string& name : contract->scope) add_part(plan.table, name);
  } else if (plan.adds_school_year()) {
    add_part(plan.table, kSchoolYearColumn);
  }
}

void SlotScope::add_part(const TableSchema& table, std::string_view name) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name != name) continue;
    parts_.push_back({.name = std::string(name),
                      .column = i,
                      .is_range = table.columns[i].type == SqlType::kDate,
                      .low = {},
                      .high = {}});
  }
}

void SlotScope::observe(const shape::ShapedBatch& shaped, RowIndex row) {
  for (Part& part : parts_) {
    const Cell& cell = (*shaped.columns[part.column])[row];
    if (!cell.has_value() || part.is_many) continue;
    const std::string_view value = cell.text();
    if (value == part.last && part.is_seen) continue;
    part.last = value;
    if (!part.is_seen) {
      part.is_seen = true;
      part.low = part.high = value;
    } else if (!part.is_range) {
      part.is_many = value != part.low;
    } else if (value < part.low) {
      part.low = value;
    } else if (value > part.high) {
      part.high = value;
    }
  }
}

std::string SlotScope::text() const {
  std::string text;
  for (const Part& part : parts_) {
    if (!text.empty()) text += '|';
    text += part.name + '=';
    if (part.is_many) {
      text += '*';
    } else {
      text += part.low;
      if (part.is_range && part.high != part.low) text += ".." + part.high;
    }
  }
  return text;
}

}  // namespace homeroom::run
