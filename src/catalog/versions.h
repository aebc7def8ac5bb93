#pragma once

// Versions of the tables of schema data: homeroom.table_version. Each transaction that changes a
// table makes its next one.

#include <cstdint>
#include <string>

#include "base/result.h"
#include "io/postgres/postgres.h"

namespace homeroom::catalog {

enum class VersionCause : std::uint8_t {
  kLoad,        ///< the run's own rows
  kWaited,      ///< rows of earlier runs that waited for the run's
  kCorrection,  ///< rows of the run that a person corrected
  kUndo,        ///< the run takes another one back
};

/// Begins the table's next version and returns its number. The caller holds the table's lock
/// (Ledger::lock_table), and the run is recorded before the transaction ends.
[[nodiscard]] Result<std::int64_t> begin_version(io::Connection& connection,
                                                 const std::string& table, std::int64_t run_id,
                                                 VersionCause cause);

}  // namespace homeroom::catalog
