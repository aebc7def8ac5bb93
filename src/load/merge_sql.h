#pragma once

// Pieces of SQL that the plans share.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "load/merge.h"

namespace homeroom::load {

/// `prefix`"a", `prefix`"b", ...
[[nodiscard]] std::string column_list(const std::vector<std::string>& names,
                                      std::string_view prefix = {});
[[nodiscard]] std::vector<std::string> all_columns(const TargetTable& target);

/// Key columns that the file has: those it lacks are null in all its rows.
[[nodiscard]] std::vector<std::string> staged_key(const MergeInput& input);

[[nodiscard]] std::string data_table(const TargetTable& target);

/// A temporary table for a step of the merge: pg_temp."name__step".
[[nodiscard]] std::string work_table(const TargetTable& target, std::string_view step);

[[nodiscard]] Status lock_for_writing(io::Connection& connection, const TargetTable& target);

/// Names the row `row` of a table, which may be parted, in a work table: its columns _table and
/// _target ("... as _table, ... as _target").
[[nodiscard]] std::string row_place(std::string_view row);

/// True where `row` of the table is the one that `work` names.
[[nodiscard]] std::string is_row_at(std::string_view row, std::string_view work);

/// True where `row` of the table is one of those that `work_table` names.
[[nodiscard]] std::string is_row_in(std::string_view row, const std::string& work_table);

/// Copies the rows that `work_table` names to history, as superseded by the run.
[[nodiscard]] Status keep_history(io::Connection& connection, const MergeInput& input,
                                  const std::string& work_table);

/// Different lines of a staging or work table.
[[nodiscard]] Result<std::uint64_t> count_lines(io::Connection& connection,
                                                const std::string& table);

/// True for a row t of the table and a staged row s of one key; nothing equals nothing in it.
[[nodiscard]] std::string key_matches(const MergeInput& input);

/// Inserts rows of `from` into `into`, of each key one: the last line's. Sorted by key, so that the
/// index is filled from left to right. `condition` ("where ...\n") picks among the rows, named s.
[[nodiscard]] std::string insert_by_key_sql(const MergeInput& input, const std::string& into,
                                            const std::string& from, const std::string& condition);

/// Inserts all rows staged, as they lie there.
[[nodiscard]] std::string insert_all_sql(const MergeInput& input, const std::string& into,
                                         const std::string& condition);

/// Of each key in `table`, which is no parted one, only the last line's row stays.
[[nodiscard]] std::string drop_repeated_sql(const TargetTable& target, const std::string& table);

[[nodiscard]] Result<std::uint64_t> run_counted(io::Connection& connection, const std::string& sql);

/// What `action`, which makes a unique index last, counts. Nothing when a key repeats: then
/// everything is as it was before.
[[nodiscard]] Result<std::optional<std::uint64_t>> unless_repeated(
    io::Connection& connection, const std::function<Result<std::uint64_t>()>& action);

/// Statistics of a table that many rows went into at once, from a sample of them; autovacuum looks
/// closer when it has time.
[[nodiscard]] Status analyze_filled(io::Connection& connection, const MergeInput& input);

}  // namespace homeroom::load
