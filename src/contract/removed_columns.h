#pragma once

// Columns that a district's file took out of a shipped data set (homeroom.removed).

#include <vector>

#include "contract/contract.h"
#include "contract/problems.h"

namespace homeroom::contract {

/// Moves them to `Contract::removed` and takes their names out of every list that has them.
/// Problems: kConfig for a column of the key, which would mean another one without it.
void take_out_removed(std::vector<Contract>& contracts, Problems& problems);

}  // namespace homeroom::contract
