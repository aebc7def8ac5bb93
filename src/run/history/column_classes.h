#pragma once

#include "base/result.h"
#include "contract/contract.h"
#include "io/postgres/postgres.h"

namespace homeroom::run {

/// Tells access.column_class how the contracts classify their columns, and has the tables protected
/// anew of which that changed; does nothing when it is as it was. Errors: kDatabase.
[[nodiscard]] Status install_column_classes(io::Connection& connection,
                                            const contract::ContractSet& contracts);

}  // namespace homeroom::run
