#pragma once

// The warehouse as the contracts want it: engine tables, a table a data set, the report views.

#include <vector>

#include "base/result.h"
#include "contract/contract.h"
#include "io/postgres/postgres.h"
#include "migrate/migrate.h"
#include "table/schema.h"

namespace homeroom::run {

/// The table of a data set with every column its contract knows.
[[nodiscard]] TableSchema table_of(const contract::Contract& contract);

/// Columns of the contract with the names that its headers have had, folded to those of columns.
[[nodiscard]] std::vector<migrate::FormerNames> former_names_of(const contract::Contract& contract);

/// Brings schema, tables and views up to date; quick when they are. `admin` may create roles on a
/// server that has none of ours yet.
[[nodiscard]] Status install_warehouse(io::Connection& admin,
                                       const contract::ContractSet& contracts);

}  // namespace homeroom::run
