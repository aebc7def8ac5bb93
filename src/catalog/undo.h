#pragma once

// The ledger's part of taking runs back: which versions of which tables they made, rows that wait,
// counts, slots, the undo as a run of its own.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/ledger.h"
#include "io/postgres/postgres.h"

namespace homeroom::catalog {

/// A run as an undo sees it.
struct UndoableRun {
  std::int64_t run_id = 0;
  std::string kind;  ///< file, undo
  std::string status;
  std::string source;
  std::string dataset;
  std::string scope;
  std::string path;
  std::int64_t undone_by = 0;  ///< 0: it counts
};

[[nodiscard]] Result<std::vector<UndoableRun>> find_undoable(io::Connection& connection,
                                                             const std::vector<std::int64_t>& runs);

/// A version of a table that one of some runs made.
struct MadeVersion {
  std::string table;
  std::int64_t version = 0;
  std::int64_t sequence = 0;
  std::string cause;  ///< load, waited, correction, undo
};

/// In order of tables and versions.
[[nodiscard]] Result<std::vector<MadeVersion>> find_versions(io::Connection& connection,
                                                             const std::vector<std::int64_t>& runs);

/// Scopes of the runs whose rows the versions of the table brought.
[[nodiscard]] Result<std::vector<std::string>> find_scopes(
    io::Connection& connection, const std::string& table,
    const std::vector<std::int64_t>& versions);

/// Runs that count and, after that version of the table, found rows that stood there already: rows
/// of `scopes` may be among those, and what found them would have brought them.
[[nodiscard]] Result<std::vector<std::int64_t>> find_confirming(
    io::Connection& connection, const std::string& table, std::int64_t after_version,
    const std::vector<std::string>& scopes, const std::vector<std::int64_t>& runs);

/// Whether rows of both scopes ("date=2025-11-03..2025-11-28|school_id=010") can be the same.
[[nodiscard]] bool may_overlap(std::string_view left, std::string_view right);

/// Runs that an undo took back.
[[nodiscard]] Result<std::vector<std::int64_t>> find_undone(io::Connection& connection,
                                                            std::int64_t undo_run);

/// Undos that have to be taken back before the runs can count again: of what rows of them waited
/// for.
[[nodiscard]] Result<std::vector<std::int64_t>> find_missing_support(
    io::Connection& connection, const std::vector<std::int64_t>& runs);

/// The runs count no more (`undo_run`), or count again (0).
[[nodiscard]] Status mark_undone(io::Connection& connection, const std::vector<std::int64_t>& runs,
                                 std::int64_t undo_run);

/// Rows of the runs that wait for something do not any more: skipped, in their runs' counts.
[[nodiscard]] Status end_waiting(io::Connection& connection, const std::string& table,
                                 const std::vector<std::int64_t>& runs);

/// What the versions did to rows that waited, and to counts of runs other than `runs`, is reversed,
/// as part of the version of the table that is being made. Returns how many rows wait again.
[[nodiscard]] Result<std::uint64_t> reverse_settlements(io::Connection& connection,
                                                        const std::string& table,
                                                        const std::vector<std::int64_t>& versions,
                                                        const std::vector<std::int64_t>& runs);

/// Every slot of the runs has the newest run that counts.
[[nodiscard]] Status renew_slots(io::Connection& connection, const std::vector<std::int64_t>& runs);

struct UndoRecord {
  std::int64_t undo_run = 0;
  std::vector<std::int64_t> runs;  ///< taken back; the first is the one that was named
  std::string made_by;
  std::string reason;
  std::string engine_version;
  TableRowCounts rows;
  double seconds = 0;
};

/// The undo as a run, with its runs.
[[nodiscard]] Status record_undo(io::Connection& connection, const UndoRecord& record);

/// Changes of tables that the runs brought: they stay. One line for people each.
[[nodiscard]] Result<std::vector<std::string>> find_changes_that_stay(
    io::Connection& connection, const std::vector<std::int64_t>& runs);

}  // namespace homeroom::catalog
