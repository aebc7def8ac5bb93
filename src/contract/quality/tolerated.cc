#include "contract/quality/tolerated.h"

#include <algorithm>

namespace homeroom::contract {

const Quality* find_check(const Contract& contract, std::string_view check,
                          std::string_view column) {
  const auto found = std::ranges::find_if(contract.quality, [&](const Quality& quality) {
    return quality.check == check && quality.column == column;
  });
  return found == contract.quality.end() ? nullptr : &*found;
}

bool is_tolerated(const Contract& contract, std::string_view check, std::string_view column) {
  const Quality* said = find_check(contract, check, column);
  return said != nullptr && (said->severity != Severity::kError || !said->tolerates_nothing());
}

bool is_never_empty(const Contract& contract, const Column& column) {
  return column.is_required && !is_tolerated(contract, "required", column.name);
}

Column strict_part(const Contract& contract, const Column& column) {
  const auto is_loose = [&](std::string_view check) {
    return is_tolerated(contract, check, column.name);
  };
  Column strict = column;
  strict.is_required = is_never_empty(contract, column);
  if (is_loose("range")) strict.minimum = strict.maximum = std::nullopt;
  if (is_loose("exclusive_range")) strict.above = strict.below = std::nullopt;
  if (is_loose("multiple_of")) strict.multiple_of.reset();
  if (is_loose("pattern")) strict.pattern.reset();
  if (is_loose("length")) strict.min_length = strict.max_length = std::nullopt;
  if (is_loose("format")) strict.format.clear();
  return strict;
}

std::string partitioned_by(const Contract& contract) {
  if (contract.write_mode == WriteMode::kReplace) return {};
  for (const std::string& name : contract.key) {
    const int index = contract.find(name);
    if (index < 0) continue;
    const Column& column = contract.columns[static_cast<std::size_t>(index)];
    if (column.is_partitioned && is_never_empty(contract, column)) return name;
  }
  return {};
}

}  // namespace homeroom::contract
