#pragma once

// `relationships` of a contract: which rows of other data sets its rows speak of.

#include <span>
#include <string>
#include <string_view>

#include "contract/contract.h"
#include "contract/problems.h"
#include "contract/yaml_tree.h"

namespace homeroom::contract {

/// Sets the references that are stated at `column`, or with "" at the data set: what was stated
/// there before is replaced. Those to a URL are passed over.
/// Problems: kConfig naming file and line.
void apply_references(std::string_view file, const YamlNode& list, const std::string& column,
                      Contract& contract, Problems& problems);

/// Once all contracts are read: checks that each reference names a column of a data set that holds
/// the same type, and makes references from columns of homeroom.anyOf to one data set one
/// reference with several paths. Problems: kConfig naming file and line.
void link_references(std::span<Contract> contracts, Problems& problems);

}  // namespace homeroom::contract
