#include "contract/reference_file.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/contract_file.h"

namespace homeroom::contract {
namespace {

bool is_elsewhere(std::string_view word) {
  return word.find("://") != std::string_view::npos;
}

Result<std::vector<ReferenceTarget>> targets_of(std::string_view file, const YamlNode& node,
                                                std::string_view key) {
  std::vector<ReferenceTarget> targets;
  for (const std::string& word : HOMEROOM_TRY(texts_of(file, node, key))) {
    std::optional<ReferenceTarget> target = parse_reference(word);
    if (!target) {
      return tl::unexpected(yaml_error(
          file, node.line, fmt::format("{} of a relationship is no data set's column", key),
          "Write students.student_id"));
    }
    if (!targets.empty() && targets.front().table != target->table) {
      return tl::unexpected(yaml_error(file, node.line,
                                       fmt::format("{} of a relationship names two data sets", key),
                                       "Write a relationship for each"));
    }
    targets.push_back(std::move(*target));
  }
  return targets;
}

Status set_property(std::string_view file, const YamlNode& property, const YamlNode& value,
                    Reference& reference) {
  if (property.text == "homeroom.whenUnknown") {
    const std::string what = HOMEROOM_TRY(text_of(file, value, property.text));
    if (what == "warn") {
      reference.when_unknown = WhenUnknown::kWarn;
    } else if (what == "pending") {
      reference.when_unknown = WhenUnknown::kPending;
    } else if (what == "quarantine") {
      reference.when_unknown = WhenUnknown::kQuarantine;
    } else {
      return tl::unexpected(unknown_word(file, value.line, "way with unknown rows", what,
                                         {"warn", "pending", "quarantine"}));
    }
    return {};
  }
  if (property.text == "homeroom.minKnownPercent") {
    const double percent = HOMEROOM_TRY(number_of(file, value, property.text));
    if (percent < 0 || percent > 100) {
      return tl::unexpected(yaml_error(file, value.line,
                                       "homeroom.minKnownPercent is not a percentage",
                                       "Write a number from 0 to 100"));
    }
    reference.min_known_fraction = percent / 100;
    return {};
  }
  return tl::unexpected(unknown_word(file, property.line, "property of a relationship",
                                     property.text,
                                     {"homeroom.whenUnknown", "homeroom.minKnownPercent"}));
}

// The columns it goes out from: `from`, or the column it stands at.
Result<std::vector<std::string>> columns_of(std::string_view file, const YamlNode& map,
                                            const std::string& column, const Contract& contract) {
  if (!column.empty()) return std::vector<std::string>{column};
  const YamlNode* from = map.find("from");
  if (from == nullptr) {
    return tl::unexpected(yaml_error(file, map.line,
                                     "a relationship of a data set needs `from` and `to`",
                                     "Write from: [sections.school_id, ...]"));
  }
  std::vector<std::string> columns;
  for (ReferenceTarget& target : HOMEROOM_TRY(targets_of(file, *from, "from"))) {
    if (target.table != contract.name) {
      return tl::unexpected(
          yaml_error(file, from->line,
                     fmt::format("a relationship goes out from {}, which is not this data "
                                 "set",
                                 target.table),
                     fmt::format("Write from: {}.{}", contract.name, target.column)));
    }
    columns.push_back(std::move(target.column));
  }
  return columns;
}

Status add_reference(std::string_view file, const YamlNode& map, const std::string& column,
                     Contract& contract, Problems& problems) {
  const std::vector<std::string> known =
      column.empty() ? std::vector<std::string>{"type", "from", "to", "customProperties"}
                     : std::vector<std::string>{"type", "to", "customProperties"};
  HOMEROOM_TRY(check_keys(file, map, "key of a relationship", known));
  const YamlNode* to = map.find("to");
  if (to == nullptr) {
    return tl::unexpected(
        yaml_error(file, map.line, "a relationship needs `to`", "Write to: students.student_id"));
  }
  if (std::ranges::any_of(HOMEROOM_TRY(texts_of(file, *to, "to")), is_elsewhere)) return {};
  const std::vector<ReferenceTarget> targets = HOMEROOM_TRY(targets_of(file, *to, "to"));
  Reference reference;
  ReferencePath path{.columns = HOMEROOM_TRY(columns_of(file, map, column, contract)),
                     .targets = {}};
  if (targets.empty() || targets.size() != path.columns.size()) {
    return tl::unexpected(yaml_error(file, to->line,
                                     "a relationship has as many columns in `to` as it goes out "
                                     "from",
                                     "Name a column for each"));
  }
  for (const ReferenceTarget& target : targets) path.targets.push_back(target.column);
  reference.table = targets.front().table;
  reference.paths.push_back(std::move(path));
  reference.stated_at = column;
  reference.file = file;
  reference.line = map.line;
  if (const YamlNode* properties = map.find("customProperties")) {
    each_custom_property(file, *properties, problems,
                         [&](const YamlNode& property, const YamlNode& value) {
                           return set_property(file, property, value, reference);
                         });
  }
  contract.references.push_back(std::move(reference));
  return {};
}

const Column* column_of(const Contract& contract, std::string_view name) {
  const int index = contract.find(name);
  return index < 0 ? nullptr : &contract.columns[static_cast<std::size_t>(index)];
}

Status check_path(const Contract& contract, const Contract& other, const Reference& reference,
                  const ReferencePath& path) {
  for (std::size_t i = 0; i < path.columns.size(); ++i) {
    const Column* from = column_of(contract, path.columns[i]);
    const Column* to = column_of(other, path.targets[i]);
    if (from == nullptr || to == nullptr) {
      return tl::unexpected(
          yaml_error(reference.file, reference.line,
                     fmt::format("a relationship names {}.{}, which is no column",
                                 from == nullptr ? contract.name : other.name,
                                 from == nullptr ? path.columns[i] : path.targets[i]),
                     "Declare the column, or take the relationship out"));
    }
    if (from->sql_type() == to->sql_type()) continue;
    return tl::unexpected(
        yaml_error(reference.file, reference.line,
                   fmt::format("a relationship goes from {} ({}) to {}.{} ({})", from->name,
                               homeroom::to_string(from->sql_type()), other.name, to->name,
                               homeroom::to_string(to->sql_type())),
                   "Give both columns the same kind"));
  }
  return {};
}

bool is_alternative(const Contract& contract, const Reference& reference) {
  const std::vector<std::string>& columns = reference.paths.front().columns;
  return columns.size() == 1 &&
         std::ranges::find(contract.any_of, columns[0]) != contract.any_of.end();
}

}  // namespace

void apply_references(std::string_view file, const YamlNode& list, const std::string& column,
                      Contract& contract, Problems& problems) {
  if (!list.is_list()) {
    problems.note(yaml_error(file, list.line, "relationships is not a list",
                             "Write - {to: students.student_id}"));
    return;
  }
  std::erase_if(contract.references,
                [&](const Reference& reference) { return reference.stated_at == column; });
  for (const YamlNode& map : list.items) {
    problems.note(add_reference(file, map, column, contract, problems));
  }
}

void check_references(std::span<const Contract> contracts, Problems& problems) {
  std::vector<std::string> known;
  for (const Contract& contract : contracts) known.push_back(contract.name);
  for (const Contract& contract : contracts) {
    for (const Reference& reference : contract.references) {
      problems.enter(reference.file);
      const auto other = std::ranges::find(contracts, reference.table, &Contract::name);
      if (other == contracts.end()) {
        problems.note(unknown_word(reference.file, reference.line, "data set of a relationship",
                                   reference.table, known));
        continue;
      }
      for (const ReferencePath& path : reference.paths) {
        problems.note(check_path(contract, *other, reference, path));
      }
    }
  }
}

void join_references(Contract& contract) {
  std::ranges::stable_sort(contract.references, {}, [&](const Reference& reference) {
    return static_cast<unsigned>(contract.find(reference.stated_at));  // -1, the data set: last
  });
  std::vector<Reference> joined;
  for (Reference& reference : contract.references) {
    const auto first = std::ranges::find_if(joined, [&](const Reference& other) {
      return other.table == reference.table && is_alternative(contract, other);
    });
    if (first == joined.end() || !is_alternative(contract, reference)) {
      joined.push_back(std::move(reference));
    } else {
      first->paths.push_back(std::move(reference.paths.front()));
    }
  }
  contract.references = std::move(joined);
}

std::optional<ReferenceTarget> parse_reference(std::string_view word) {
  if (is_elsewhere(word)) return std::nullopt;
  word.remove_prefix(word.find('#') == std::string_view::npos ? 0 : word.find('#') + 1);
  if (word.starts_with('/')) word.remove_prefix(1);
  const auto parts = split(word, '/');
  if (parts.size() == 4 && parts[0] == "schema" && parts[2] == "properties") {
    return ReferenceTarget{std::string(parts[1]), std::string(parts[3])};
  }
  const auto names = split(word, '.');
  if (parts.size() != 1 || names.size() != 2) return std::nullopt;
  return ReferenceTarget{std::string(names[0]), std::string(names[1])};
}

}  // namespace homeroom::contract
