#pragma once

// Which data sets say on which days their rows are true: homeroom.true_period, from the contracts.

#include "base/result.h"
#include "contract/contract.h"
#include "io/postgres/postgres.h"

namespace homeroom::run {

/// As the contracts say now; as_of.TABLE follows. Quick when nothing changed.
[[nodiscard]] Status install_true_periods(io::Connection& connection,
                                          const contract::ContractSet& contracts);

}  // namespace homeroom::run
