#pragma once

// enumerations*.yaml -> lists of codes and the spellings that mean them.

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "contract/contract.h"
#include "contract/problems.h"
#include "contract/yaml_tree.h"

namespace homeroom::contract {

using Enumerations = std::map<std::string, std::unique_ptr<Enumeration>, std::less<>>;

/// Adds what the file states. A code that is there already gets the file's spellings besides its
/// own; a spelling that the file gives to one code is taken from the others.
/// Problems: kConfig naming file and line.
void apply_enumeration_file(std::string_view file, const YamlNode& root, Enumerations& enumerations,
                            Problems& problems);

/// Fills `by_spelling`. A code always means itself, whatever else is spelled like it.
void index_spellings(Enumeration& enumeration);

}  // namespace homeroom::contract
