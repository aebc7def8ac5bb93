#include "contract/removed_columns.h"

#include <algorithm>
#include <string>
#include <unordered_set>

#include <fmt/format.h>

#include "contract/yaml_tree.h"

namespace homeroom::contract {
namespace {

using Names = std::unordered_set<std::string>;

void take_names(const Names& removed, std::vector<std::string>& names) {
  std::erase_if(names, [&](const std::string& name) { return removed.contains(name); });
}

void check_key(const Contract& contract, Problems& problems) {
  for (const Column& column : contract.columns) {
    if (!column.is_removed || std::ranges::find(contract.key, column.name) == contract.key.end()) {
      continue;
    }
    problems.enter(column.file);
    problems.note(yaml_error(column.file, column.line,
                             fmt::format("{} is removed and is of the key", column.name),
                             "Write primaryKey: false for it, or state the whole key anew"));
  }
}

void take_out(const Names& removed, Contract& contract) {
  const auto first = std::ranges::stable_partition(
      contract.columns, [](const Column& column) { return !column.is_removed; });
  std::ranges::move(first, std::back_inserter(contract.removed));
  contract.columns.erase(first.begin(), first.end());
  std::erase_if(contract.quality,
                [&](const Quality& quality) { return removed.contains(quality.column); });
  for (auto* names : {&contract.any_of, &contract.scope, &contract.school_year_from}) {
    take_names(removed, *names);
  }
  const bool lacks_day = std::ranges::any_of(
      contract.true_period, [&](const auto& name) { return removed.contains(name); });
  if (lacks_day) contract.true_period.clear();
  for (auto& group : contract.match_needs) take_names(removed, group);
  std::erase_if(contract.match_needs, [](const auto& group) { return group.empty(); });
  for (Column& column : contract.columns) {
    take_names(removed, column.default_from);
    take_names(removed, column.made_from);
    if (!column.part_of.empty() && removed.contains(column.part_of[0])) column.part_of.clear();
  }
  SchoolDayCheck& school_day = contract.load_checks.school_day;
  if (removed.contains(school_day.date) || removed.contains(school_day.school)) school_day = {};
  for (Reference& reference : contract.references) {
    std::erase_if(reference.paths, [&](const ReferencePath& path) {
      return std::ranges::any_of(path.columns,
                                 [&](const std::string& name) { return removed.contains(name); });
    });
  }
  if (!contract.unpivot) return;
  Unpivot& unpivot = *contract.unpivot;
  for (auto* names : {&unpivot.dimensions, &unpivot.measures, &unpivot.besides}) {
    take_names(removed, *names);
  }
  if (unpivot.dimensions.empty() || unpivot.measures.empty()) contract.unpivot.reset();
}

}  // namespace

void take_out_removed(std::vector<Contract>& contracts, Problems& problems) {
  Names references;  // "students.full_name"
  for (Contract& contract : contracts) {
    Names removed;
    for (const Column& column : contract.columns) {
      if (!column.is_removed) continue;
      removed.insert(column.name);
      references.insert(fmt::format("{}.{}", contract.name, column.name));
    }
    if (removed.empty()) continue;
    check_key(contract, problems);
    take_out(removed, contract);
  }
  if (references.empty()) return;
  for (Contract& contract : contracts) {
    take_names(references, contract.carries);
    take_names(references, contract.excludes);
    for (Reference& reference : contract.references) {
      std::erase_if(reference.paths, [&](const ReferencePath& path) {
        return std::ranges::any_of(path.targets, [&](const std::string& name) {
          return references.contains(fmt::format("{}.{}", reference.table, name));
        });
      });
    }
    std::erase_if(contract.references,
                  [](const Reference& reference) { return reference.paths.empty(); });
  }
}

}  // namespace homeroom::contract
