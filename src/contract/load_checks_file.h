#pragma once

// `homeroom.loadChecks` and the `slaProperties` of a contract.

#include <string_view>

#include "base/result.h"
#include "contract/contract.h"
#include "contract/problems.h"
#include "contract/yaml_tree.h"

namespace homeroom::contract {

/// Sets what the value states of the checks; the rest stays.
/// Errors: kConfig naming file and line.
[[nodiscard]] Status apply_load_checks(std::string_view file, const YamlNode& value,
                                       std::string_view name, Contract& contract);

/// Takes timeOfAvailability; the standard's other properties are left to other tools.
/// Problems: kConfig naming file and line.
void apply_sla(std::string_view file, const YamlNode& list, Contract& contract, Problems& problems);

}  // namespace homeroom::contract
