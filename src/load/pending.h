#pragma once

// Rows that wait for rows of other tables: homeroom.pending_row. They are kept as they will be
// loaded, and loaded in the transaction that brings what they wait for.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "load/load.h"
#include "load/merge.h"
#include "table/batch.h"
#include "table/reference.h"
#include "table/schema.h"

namespace homeroom::load {

/// Lines of a run that no longer wait.
struct SettledLines {
  std::int64_t run_id = 0;
  LoadResult result;                   ///< what they did to the table
  std::uint64_t lines_superseded = 0;  ///< a newer row of the same key took their place
};

/// A staged line, and the reference (by index) that it names nothing by.
struct UnknownLine {
  LineNumber line = 0;
  std::size_t reference = 0;
};

/// All that judge_references found by `references` (indexes), in order of their lines.
[[nodiscard]] Result<std::vector<UnknownLine>> find_unknown(
    io::Connection& connection, const MergeInput& input, std::span<const std::size_t> references);

/// Takes the lines that judge_references found by `references` (indexes) out of the staged rows;
/// returns how many.
[[nodiscard]] Result<std::uint64_t> drop_unknown(io::Connection& connection, MergeInput& input,
                                                 std::span<const std::size_t> references);

/// The same, and keeps the rows until what they name is there. `all` are those judged.
[[nodiscard]] Result<std::uint64_t> keep_unknown(io::Connection& connection, MergeInput& input,
                                                 std::span<const Reference> all,
                                                 std::span<const std::size_t> references);

/// The staged rows take the place of rows of earlier runs that wait for the same key; in a table
/// without key, of all that wait from the slot of `input.previous_run`.
[[nodiscard]] Result<std::vector<SettledLines>> supersede_pending(io::Connection& connection,
                                                                  const MergeInput& input);

/// Takes out the staged lines whose key a later run has loaded; returns how many. They are late:
/// corrected or waited for, while a newer file came.
[[nodiscard]] Result<std::uint64_t> drop_outdated(io::Connection& connection, MergeInput& input);

/// Tables whose rows wait for rows of `table`.
[[nodiscard]] Result<std::vector<std::string>> find_waiting_tables(io::Connection& connection,
                                                                   const std::string& table);

/// Loads the rows of `table` that wait for nothing any more, each as its own run's and line's. A
/// line is loaded when all its rows can be. The caller holds the table's lock.
[[nodiscard]] Result<std::vector<SettledLines>> load_ready(io::Connection& connection,
                                                           const TableSchema& table, Mode mode,
                                                           std::span<const Reference> references);

}  // namespace homeroom::load
