#pragma once

#include <string>

#include "base/result.h"
#include "contract/contract.h"

namespace homeroom::cli {

/// The data set of that name. Errors: kConfig with the nearest name.
[[nodiscard]] Result<const contract::Contract*> find_dataset(const contract::ContractSet& contracts,
                                                             const std::string& name);

}  // namespace homeroom::cli
