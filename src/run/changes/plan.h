#pragma once

// What files, and the contracts, would change in the tables: nothing is loaded, what would wait is
// written down.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "contract/contract.h"
#include "io/postgres/postgres.h"
#include "io/store.h"
#include "run/changes/fit_table.h"
#include "run/report.h"
#include "run/settings.h"
#include "source/folder.h"

namespace homeroom::run {

struct PlannedFile {
  FileReport report;  ///< waiting, held, refused; else it would be loaded
  TableFit fit;
};

/// Cleans the file into `scratch`, a store that nobody else uses, and compares it with its table.
/// Errors: the database, the store. What is wrong with the file is in its report.
[[nodiscard]] Result<PlannedFile> plan_changes_of(io::Connection& connection,
                                                  const source::InputFile& input,
                                                  const Settings& settings,
                                                  const io::Store& scratch);

/// The tables of the contracts that are not as these want them, or that somebody else altered.
[[nodiscard]] Result<std::vector<TableFit>> plan_contracts(io::Connection& connection,
                                                           const contract::ContractSet& contracts);

/// Tables of no contract that somebody else altered.
[[nodiscard]] Result<std::vector<TableFit>> find_altered_tables(
    io::Connection& connection, const contract::ContractSet& contracts);

}  // namespace homeroom::run
