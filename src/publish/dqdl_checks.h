#pragma once

// The checks of a contract's `quality` as rules of AWS Glue Data Quality.

#include <string>
#include <vector>

#include "contract/contract.h"

namespace homeroom::publish {

/// A rule, or two, for each check that holds a file or sets rows aside and that DQDL can say. What
/// only warns, and what speaks of the file as it came, is left out.
void add_checks(const contract::Contract& contract, std::vector<std::string>& rules);

/// Within double quotes of DQDL, and of the SQL of a condition.
[[nodiscard]] std::string dqdl_quoted(std::string_view text);

}  // namespace homeroom::publish
