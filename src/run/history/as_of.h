#pragma once

// `homeroom as-of`: a data set as it stood, as CSV. The SQL function as_of.TABLE does the work.

#include <cstdint>
#include <string>

#include "base/byte_source.h"
#include "base/result.h"
#include "io/postgres/postgres.h"

namespace homeroom::run {

struct AsOfRequest {
  std::string table;
  std::string known_at;  ///< "2025-10-01": the end of that day; or a time with its offset; "": now
  std::string true_on;   ///< "2025-10-01"; "": whenever
  std::string zone;      ///< of days: "America/New_York"; "": the database's
};

struct AsOfAnswer {
  std::string known_at;  ///< the moment, with its offset
  std::string zone;
  std::int64_t version = 0;  ///< of the table; 0: there was none yet
  std::string made_at;       ///< when that version was committed
  std::uint64_t num_rows = 0;
};

/// Writes the rows in order of the table's key, a header before them.
/// Errors: kConfig for a time, day or zone that is none; kContract for a table that is not there,
/// and for --true-on where its rows say no first and last day; kDatabase; those of the sink.
/// Memory: some thousand rows.
[[nodiscard]] Result<AsOfAnswer> write_as_of(io::Connection& connection, const AsOfRequest& request,
                                             ByteSink& sink);

}  // namespace homeroom::run
