#pragma once

// Columns that a district's files took out, in the documents of contracts.

#include <map>
#include <string>
#include <string_view>

#include "contract/yaml_tree.h"

namespace homeroom::contract {

/// Documents as merged from all files, by data set, with what was taken out still in them.
using Documents = std::map<std::string, YamlNode, std::less<>>;

/// Takes the removed columns of all data sets out of the document of `dataset`: its own with all
/// lists they stand in, those of others where its lists, relationships and synonyms name them.
void take_out_removed(const Documents& documents, std::string_view dataset, YamlNode& root);

}  // namespace homeroom::contract
