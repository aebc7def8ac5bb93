#pragma once

// The files that fill one slot, as versions of one another.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/ledger.h"
#include "io/postgres/postgres.h"

namespace homeroom::catalog {

/// A loaded file of a slot.
struct SlotFile {
  std::int64_t run_id = 0;
  std::string path;
  std::string sha256;
  /// When it was changed last, in nanoseconds of Unix time, at most when it arrived; nothing when
  /// nobody knows.
  std::optional<std::int64_t> modified_ns;
  bool gave_way = false;  ///< to a newer version of it
  bool has_rows = false;  ///< good ones
};

/// Those that were not taken back and are named like `path` but for its digits, the latest first.
/// Without `run_id`.
[[nodiscard]] Result<std::vector<SlotFile>> find_slot_files(io::Connection& connection,
                                                            const Slot& slot,
                                                            const std::string& path,
                                                            std::int64_t run_id);

/// Notes of a run, once it is recorded, that its file is older than another run's.
[[nodiscard]] Status record_gave_way(io::Connection& connection, std::int64_t run_id,
                                     std::int64_t newer_run);

}  // namespace homeroom::catalog
