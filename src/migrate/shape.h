#pragma once

// Tables as Homeroom left them, and what somebody else has done to them since.

#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"

namespace homeroom::migrate {

/// A part of a table that is not as Homeroom left it.
struct Alteration {
  std::string description;   ///< "column room was dropped", "index visits_by_day was added"
  bool is_harmless = false;  ///< files load as before: a plain index, a column that may be empty
};

/// What differs from the shape that was kept of the table; nothing when none was kept, or when
/// another major version of PostgreSQL wrote it. Errors: kDatabase.
[[nodiscard]] Result<std::vector<Alteration>> find_alterations(io::Connection& connection,
                                                               const std::string& table);

/// "column room was dropped; index visits__key was dropped".
[[nodiscard]] std::string describe(const std::vector<Alteration>& alterations);

/// Keeps the shape that the table has now; forgets it when there is no such table. `agreed_by` says
/// who accepts what somebody else did; empty: Homeroom did it. In the caller's transaction.
[[nodiscard]] Status record_shape(io::Connection& connection, const std::string& table,
                                  const std::string& agreed_by = {});

/// Says what others who use the table kept us from, after a statement that waited for them.
[[nodiscard]] Error with_lock_hint(Error error, io::Connection& connection,
                                   const std::string& table);

}  // namespace homeroom::migrate
