#pragma once

// Bytes that came before, known by their hash alone.

#include <cstdint>
#include <string>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "run/reading/prepare.h"
#include "run/settings.h"

namespace homeroom::run {

/// Hash of everything that decides how a file is read and what for: contracts, profiles, what was
/// said and is remembered, its name. `file` was opened.
[[nodiscard]] std::string read_by(const PreparedFile& file, const Settings& settings);

struct SeenBytes {
  std::string sha256;
  bool is_seen = false;     ///< some run took these bytes
  std::int64_t run_id = 0;  ///< loading them changes nothing, because of it; 0: it may
  std::string dataset;      ///< of that run

  [[nodiscard]] bool is_current() const { return run_id != 0; }
};

/// Hashes the file and asks the ledger. Where the bytes are current, their arrival is recorded.
/// Errors: kDatabase; kInvalidInput for a file that cannot be read, or changes meanwhile.
[[nodiscard]] Result<SeenBytes> find_seen(io::Connection& connection, const Settings& settings,
                                          const PreparedFile& file, const std::string& read_by);

}  // namespace homeroom::run
