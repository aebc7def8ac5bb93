#pragma once

// `quality` of a contract file -> checks.

#include <string_view>
#include <vector>

#include "contract/problems.h"
#include "contract/quality/quality.h"
#include "contract/yaml_tree.h"

namespace homeroom::contract {

/// Adds the checks of `list` to `checks`, those of `column` (empty: of the data set). One with the
/// id of another of the same column takes its place. Checks of other engines, SQL and prose are
/// passed over.
void apply_quality(std::string_view file, const YamlNode& list, std::string_view column,
                   std::vector<Quality>& checks, Problems& problems);

}  // namespace homeroom::contract
