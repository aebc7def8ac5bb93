#pragma once

// Files that are not loaded: those that wait until a table has changed, those known to be held.

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/ledger.h"
#include "io/postgres/postgres.h"

namespace homeroom::catalog {

/// Paths of the files of a data set whose latest run waits, the oldest first.
[[nodiscard]] Result<std::vector<std::string>> find_waiting_files(io::Connection& connection,
                                                                  const std::string& dataset);

/// True when the latest run of these bytes, under this path of the source, ended so: status
/// "held" or "refused", and why.
[[nodiscard]] Result<bool> has_outcome(io::Connection& connection, const FileRecord& file,
                                       const std::string& source, const std::string& status,
                                       const std::string& reason);

}  // namespace homeroom::catalog
