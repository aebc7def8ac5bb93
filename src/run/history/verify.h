#pragma once

// `homeroom verify`: whether the ledger, the tables and the archive say the same.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "io/store.h"

namespace homeroom::run {

/// Something that does not fit.
struct Finding {
  std::string check;  ///< archive, counts, rows, slots, waiting, history
  std::string what;   ///< one sentence; no value of a row
  std::string next;   ///< what to do
};

struct Verification {
  std::uint64_t num_runs = 0;
  std::uint64_t num_tables = 0;
  std::uint64_t num_rows = 0;     ///< of data and history
  std::uint64_t num_objects = 0;  ///< of the archive that were hashed
  std::vector<Finding> findings;  ///< at most kMaxFindings of each check
};

inline constexpr std::size_t kMaxFindings = 20;

/// Reads everything and changes nothing: each run's raw bytes are hashed, its rows in data and
/// history are counted, slots and rows that wait are compared with the runs. In one snapshot of the
/// database, so that loads may go on. Errors: kDatabase; kIo where the store cannot be read at all.
[[nodiscard]] Result<Verification> verify(io::Connection& connection, const io::Store& store);

}  // namespace homeroom::run
