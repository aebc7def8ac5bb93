#pragma once

// Files that are all there is of their scope: rows that stand in it and that the file lacks are
// closed. Scope: the values that some columns have in the file's rows (school year and school);
// rows of other scopes, and of other sources, are never looked at.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "load/merge.h"
#include "load/pending.h"

namespace homeroom::load {

struct SnapshotScope {
  std::vector<std::string> columns;
  std::string source;
};

/// What the file lacks in one scope.
struct MissingRows {
  std::string scope;  ///< "school_year=2026, school_id=010"
  std::uint64_t num_standing = 0;
  std::uint64_t num_missing = 0;
};

/// Notes the keys of the staged rows: before any are taken out, since a row that waits or is set
/// aside at load is there all the same.
[[nodiscard]] Status note_present(io::Connection& connection, const MergeInput& input,
                                  const SnapshotScope& scope);

/// Keys that are there although their rows are quarantined.
[[nodiscard]] Status note_quarantined(io::Connection& connection, const MergeInput& input,
                                      std::span<const KeyValues> keys);

/// Finds the rows that stand in the file's scopes and have none of the keys noted. Locks the table
/// against other writers. In order of the scopes, those without missing rows too.
[[nodiscard]] Result<std::vector<MissingRows>> find_missing(io::Connection& connection,
                                                            const MergeInput& input,
                                                            const SnapshotScope& scope);

/// Closes what `find_missing` found: the rows go to history. Returns how many.
[[nodiscard]] Result<std::uint64_t> close_missing(io::Connection& connection,
                                                  const MergeInput& input);

/// Rows of the file's scopes and source that wait, and that the file lacks, wait no more.
[[nodiscard]] Result<std::vector<SettledLines>> end_missing_pending(io::Connection& connection,
                                                                    const MergeInput& input,
                                                                    const SnapshotScope& scope);

}  // namespace homeroom::load
