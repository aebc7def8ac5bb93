#pragma once

// The checks of a contract that set the data set's table beside others, once the file is merged.

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "run/reading/prepare.h"
#include "run/report.h"

namespace homeroom::run {

/// Judges the table as the file leaves it, in the transaction of its load. An error holds the file:
/// `report` says so, and nothing of the transaction may be kept. Errors: kDatabase.
[[nodiscard]] Status check_tables(io::Connection& connection, const PreparedFile& file,
                                  FileReport& report);

}  // namespace homeroom::run
