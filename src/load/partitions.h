#pragma once

// Tables that are parted by school year. A part lies in schema parts; it is filled apart, gets its
// index when it is full, and is attached then: until the commit nobody waits for it.

#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "load/merge.h"

namespace homeroom::load {

/// parts."name__filling": rows of a file that comes while the table is empty.
[[nodiscard]] std::string filling_table(const TargetTable& target);

/// Makes that table, empty, in the caller's transaction.
[[nodiscard]] Status create_filling_table(io::Connection& connection, const TargetTable& target);

/// What went into new parts, and which values of `partition_by` they are for.
struct NewParts {
  LoadResult result;  ///< lines and rows of those parts only
  std::vector<std::string> values;
};

/// Makes a part for each staged value that has none, with the rows of it; of each key the last
/// line's. The table must be locked for writing. Errors: kDatabase; kContract when a table of
/// the part's name stands apart.
[[nodiscard]] Result<NewParts> fill_new_parts(io::Connection& connection, const MergeInput& input);

/// True for staged rows, named s, of none of the values.
[[nodiscard]] std::string is_of_other_parts_sql(const MergeInput& input,
                                                const std::vector<std::string>& values);

/// The filling table becomes the part, or its rows go into several.
[[nodiscard]] Result<LoadResult> settle_in_parts(io::Connection& connection,
                                                 const MergeInput& input);

}  // namespace homeroom::load
