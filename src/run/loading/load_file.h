#pragma once

// Clean objects -> tables: what the store holds is all that the load needs.

#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "io/store.h"
#include "load/load.h"
#include "run/cleaning/clean_output.h"
#include "table/schema.h"

namespace homeroom::run {

/// How rows get into a table, as its contract says (null: of no contract; such a table is replaced
/// where it has no key).
[[nodiscard]] load::Mode load_mode(const contract::Contract* contract, const TableSchema& table);

/// Begins a load and adds the rows of every object; what is left is to judge and to merge them.
/// `table` lists the columns the file has; the objects are clean files as CleanOutput writes them.
/// Errors: kInvalidInput when an object is not one (names it), and those of the database.
[[nodiscard]] Result<load::Loader> stage_objects(io::Connection& connection, const io::Store& store,
                                                 const std::vector<CleanObject>& objects,
                                                 const TableSchema& table, std::int64_t run_id,
                                                 load::Mode mode, std::int64_t previous_run);

}  // namespace homeroom::run
