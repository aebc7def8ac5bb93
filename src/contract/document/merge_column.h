#pragma once

// One column of a contract's document, over the same column of another.

#include <string>
#include <string_view>
#include <vector>

#include "contract/yaml_tree.h"

namespace homeroom::contract {

/// The entry of `list` whose `key` is `name`; null when there is none.
[[nodiscard]] const YamlNode* find_named(const YamlNode& list, std::string_view key,
                                         std::string_view name);
[[nodiscard]] YamlNode* find_named(YamlNode& list, std::string_view key, std::string_view name);

/// Entries of `over` replace those of `list` with the same `key`; others are added.
void merge_named(const YamlNode& over, std::string_view key, YamlNode& list);

/// Sets in `column` what `over` states; parts and synonyms that it takes out are gone.
void merge_column(const YamlNode& over, YamlNode& column);

/// The value of a custom property of a column or a data set; null when it has none.
[[nodiscard]] const YamlNode* find_property(const YamlNode& holder, std::string_view name);
void erase_property(std::string_view name, YamlNode& holder);

/// A list of words; one word alone is a list of one, and null is none.
[[nodiscard]] std::vector<std::string> words_of(const YamlNode* node);

/// Adds headers behind the column's own synonyms.
void add_synonyms(const YamlNode& headers, YamlNode& column);

[[nodiscard]] bool is_removed(const YamlNode& column);

}  // namespace homeroom::contract
