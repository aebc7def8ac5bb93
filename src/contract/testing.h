#pragma once

// For the tests of this folder: everything that a contract says, as text, but where it says so.

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "contract/contract.h"

namespace homeroom::contract {

/// Each in its own line, in the order of their letters: their order says nothing.
[[nodiscard]] inline std::string in_order(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  const auto repeated = std::ranges::unique(texts);
  texts.erase(repeated.begin(), repeated.end());
  return fmt::format("{}", fmt::join(texts, ""));
}

[[nodiscard]] inline std::string describe(const Column& column) {
  return fmt::format(
      "{} | {} | {} | {} | list {} {} | required {} suppressible {} | {} | {} | weak {} | "
      "clean {} | {}..{} | {} | {}..{} | {} {} {} | {} {} {} {} {} {} {}\n",
      column.name, column.description, column.why, to_string(column.kind), column.list_name,
      column.enumeration != nullptr, column.is_required, column.is_suppressible,
      column.classification, column.synonyms, column.weak_synonyms, column.clean,
      column.minimum.value_or("-"), column.maximum.value_or("-"), column.pattern.value_or("-"),
      column.min_length.value_or(0), column.max_length.value_or(0),
      column.default_value.value_or("-"), column.default_from, column.made_from,
      column.above.value_or("-"), column.below.value_or("-"), column.multiple_of.value_or("-"),
      column.format, column.is_unique, column.school_year_is_start, column.units);
}

[[nodiscard]] inline std::string describe(const LoadChecks& checks) {
  const auto& [volume, nulls, codes, drift, day, freshness] = checks;
  return fmt::format(
      "load checks {} {} {} {} {} {} | {} {} | {} | {} {} {} | {} {} {} | {} {}\n",
      static_cast<int>(volume.action), volume.warn_drop, volume.hold_drop, volume.max_deviation,
      volume.min_loads, volume.history, static_cast<int>(nulls.action), nulls.max_rise,
      static_cast<int>(codes.action), static_cast<int>(drift.action), drift.max_psi,
      drift.min_values, static_cast<int>(day.action), day.date, day.school,
      freshness.time_of_day ? freshness.time_of_day->count() : -1, freshness.grace.count());
}

[[nodiscard]] inline std::string describe(const Reference& reference) {
  std::string text =
      fmt::format("reference {} of {}, {} {}:", reference.table, reference.stated_at,
                  static_cast<int>(reference.when_unknown), reference.min_known_fraction);
  for (const ReferencePath& path : reference.paths) {
    text += fmt::format(" {} -> {}", path.columns, path.targets);
  }
  return text + "\n";
}

[[nodiscard]] inline std::string describe(const Quality& quality) {
  return fmt::format("check {} {} {} of {} | {} | {} | {} | {}\n", quality.check, quality.id,
                     quality.name, quality.column, quality.why, static_cast<int>(quality.severity),
                     quality.bound ? quality.bound->words() : "-", quality.arguments);
}

[[nodiscard]] inline std::string describe(const NamedFiles& files) {
  std::string text = fmt::format("files {}{}", files.pattern, files.given.as_text());
  for (const FixedColumn& column : files.given.layout) {
    text += fmt::format(" {} {} {}", column.name, column.start, column.length);
  }
  return text + "\n";
}

[[nodiscard]] inline std::string describe(const Contract& contract) {
  std::string text = fmt::format(
      "{} {} | {} | {} | {} | key {} | any {} | needs {} | carries {} | excludes {} | {} | mode {} "
      "extra {} | hints {} | year {} | scope {} | bad {}\n",
      contract.name, contract.version, contract.title, contract.description, contract.grain,
      contract.key, contract.any_of, contract.match_needs, contract.carries, contract.excludes,
      contract.min_known_fraction, static_cast<int>(contract.write_mode),
      static_cast<int>(contract.extra_columns), contract.name_hints, contract.school_year_from,
      contract.scope, contract.max_bad_fraction);
  if (contract.unpivot) {
    text += fmt::format("unpivot {} {} {}\n", contract.unpivot->dimensions,
                        contract.unpivot->measures, contract.unpivot->besides);
  }
  for (const NamedFiles& files : contract.files) text += describe(files);
  text += describe(contract.load_checks);
  for (const Reference& reference : contract.references) text += describe(reference);
  for (const Column& column : contract.columns) text += describe(column);
  std::vector<std::string> checks;
  for (const Quality& quality : contract.quality) checks.push_back(describe(quality));
  return text + in_order(std::move(checks));
}

}  // namespace homeroom::contract
