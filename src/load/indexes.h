#pragma once

// Indexes of a table that is about to be filled: dropped before, made again after.

#include <string>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "load/target_table.h"

namespace homeroom::load {

struct Indexes {
  std::string drop_sql;    ///< empty: the table has none
  std::string create_sql;  ///< as they were
};

/// Those that are no constraint's. Errors: kDatabase.
[[nodiscard]] Result<Indexes> read_indexes(io::Connection& connection, const TargetTable& target);

}  // namespace homeroom::load
