#pragma once

// One *.odcs.yaml file -> a Contract, or changes to one: what the file states is set, the rest
// stays. The same reading serves shipped contracts and a district's overrides.

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "contract/contract.h"
#include "contract/problems.h"
#include "contract/yaml_tree.h"

namespace homeroom::contract {

/// The data set that a file is about: the name of its schema.
/// Errors: kConfig when the file is no ODCS 3.1 contract of one data set.
[[nodiscard]] Result<std::string> contract_name(std::string_view file, const YamlNode& root);

/// Sets in `contract` what the file states. Columns are found by name; a new name is a new
/// column, after those there are. Synonyms are added before those there are.
/// Problems: kConfig naming file and line; what is right beside them is set all the same.
void apply_contract_file(std::string_view file, const YamlNode& root, Contract& contract,
                         Problems& problems);

/// Reads the columns of `properties` (column_file.cc).
void apply_columns(std::string_view file, const YamlNode& properties, Contract& contract,
                   Problems& problems);

// What both readers need of a value. Errors name `what`.
[[nodiscard]] Result<std::string> text_of(std::string_view file, const YamlNode& node,
                                          std::string_view what);
/// A list of words; one word alone is a list of one.
[[nodiscard]] Result<std::vector<std::string>> texts_of(std::string_view file, const YamlNode& node,
                                                        std::string_view what);
[[nodiscard]] Result<bool> bool_of(std::string_view file, const YamlNode& node,
                                   std::string_view what);
[[nodiscard]] Result<double> number_of(std::string_view file, const YamlNode& node,
                                       std::string_view what);
/// "unknown <what> <word>", with the nearest known one in the hint.
[[nodiscard]] Error unknown_word(std::string_view file, std::size_t line, std::string_view what,
                                 std::string_view word, const std::vector<std::string>& known);
/// Each key of `map` is one of `known`.
[[nodiscard]] Status check_keys(std::string_view file, const YamlNode& map, std::string_view what,
                                const std::vector<std::string>& known);
/// The same; every key that is not is noted.
void note_keys(std::string_view file, const YamlNode& map, std::string_view what,
               const std::vector<std::string>& known, Problems& problems);

/// The property and value of an entry of `customProperties`.
/// Errors: kConfig when it lacks one of them or has other keys.
[[nodiscard]] Result<std::pair<const YamlNode*, const YamlNode*>> custom_property(
    std::string_view file, const YamlNode& item);

/// Calls `set(property, value)` for each entry of `customProperties` named `homeroom.*`; those
/// of other tools are passed over.
template <class Set>
void each_custom_property(std::string_view file, const YamlNode& list, Problems& problems,
                          Set&& set) {
  if (!list.is_list()) {
    problems.note(yaml_error(file, list.line, "customProperties is not a list",
                             "Write - {property: homeroom.NAME, value: ...}"));
    return;
  }
  std::set<std::string, std::less<>> seen;
  for (const YamlNode& item : list.items) {
    const auto entry = problems.take(custom_property(file, item));
    if (!entry || !entry->first->text.starts_with("homeroom.")) continue;
    if (!seen.insert(entry->first->text).second) {
      problems.note(yaml_error(file, item.line, entry->first->text + " stands twice here",
                               "Write what is said in one place"));
    }
    problems.note(set(*entry->first, *entry->second));
  }
}

}  // namespace homeroom::contract
