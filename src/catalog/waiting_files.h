#pragma once

// Files that wait until a table has changed.

#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"

namespace homeroom::catalog {

/// Paths of the files of a data set whose latest run waits, the oldest first.
[[nodiscard]] Result<std::vector<std::string>> find_waiting_files(io::Connection& connection,
                                                                  const std::string& dataset);

}  // namespace homeroom::catalog
