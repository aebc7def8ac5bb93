#pragma once

// Staged rows -> the table, set by set. A plan for each case:
// - settle:  the table was empty and its rows lie in it already: the indexes are made;
// - first:   the table is empty: the rows go in and the indexes are made afterwards, or, where the
//            rows are few or a key repeats, they go in sorted by key;
// - parts:   rows of school years that a parted table has no part for go into new ones;
// - upsert:  rows that are new or differ are found by one join; only those are written;
// - replace: the slot's earlier rows are matched with the new ones by content; what has no match
//            goes out or in.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "load/indexes.h"
#include "load/load.h"
#include "load/target_table.h"

namespace homeroom::load {

/// What is merged. The staging table has `columns` and _line.
struct MergeInput {
  const TargetTable* target = nullptr;
  Place place = Place::kTemporary;
  std::vector<std::string> columns;                  ///< of the file, flags too, all in the target
  std::vector<std::string> with_nulls;               ///< those of them that are null in some row
  std::vector<std::string> without_values;           ///< ... in every row
  std::map<std::string, std::string> whole_of = {};  ///< TableColumn::part_of, where it is said
  std::int64_t run_id = 0;
  std::int64_t previous_run = 0;
  std::uint64_t num_rows = 0;   ///< staged
  std::uint64_t num_lines = 0;  ///< different lines staged
};

/// Where rows wait: pg_temp."name", or the table itself.
[[nodiscard]] std::string staging_table(const MergeInput& input);

/// The plan of the mode.
[[nodiscard]] Result<LoadResult> merge(io::Connection& connection, const MergeInput& input,
                                       Mode mode);

/// The rows lie in the table itself; of each key the last line's stays.
[[nodiscard]] Result<LoadResult> settle_in_place(io::Connection& connection,
                                                 const MergeInput& input, const Indexes& indexes);

/// The table must be empty and locked for writing.
[[nodiscard]] Result<LoadResult> merge_first(io::Connection& connection, const MergeInput& input);

/// Both lock the table against other writers for the rest of the transaction; readers go on.
[[nodiscard]] Result<LoadResult> merge_upsert(io::Connection& connection, const MergeInput& input);
[[nodiscard]] Result<LoadResult> merge_replace(io::Connection& connection, const MergeInput& input);

}  // namespace homeroom::load
