#pragma once

// The difference between the table a file wants and the table there is, as ordered SQL; and
// what the program itself needs in a database.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "table/schema.h"

namespace homeroom::migrate {

enum class ChangeKind : std::uint8_t {
  kCreateTable,
  kAddColumn,
  kWidenColumn,
  kRelaxNotNull,
  kConflict
};

struct Change {
  ChangeKind kind = ChangeKind::kCreateTable;
  std::string column;       ///< empty for the whole table
  std::string description;  ///< one line for people: "add column minutes_late (bigint)"
  std::string sql;          ///< empty for kConflict
  std::string reverse_sql;  ///< takes `sql` back; empty for kConflict
  bool is_safe = true;      ///< false: waits for a person
};

/// The table as it stands in schema `data`; a schema without columns when it does not exist.
/// Errors: kContract when it is not one that Homeroom made (no _run and _line), or has a column
/// of a type that Homeroom does not write.
[[nodiscard]] Result<TableSchema> read_table(io::Connection& connection, const std::string& name);

/// Steps from `current` to hold rows of `wanted`. Columns that only `current` has stay as they
/// are. Widening (bigint -> numeric, any type -> text) is safe; a wanted type narrower than the
/// current one changes nothing (the values are converted); another key, a type that is neither
/// wider nor narrower, and more columns than PostgreSQL allows are kConflict with `is_safe` false.
/// A pure function.
[[nodiscard]] std::vector<Change> plan_changes(const TableSchema& current,
                                               const TableSchema& wanted);

/// Runs the safe changes inside the caller's transaction, which acts as homeroom_owner from here
/// on; records each in homeroom.migration; keeps history.<table> in step; makes views that stand
/// on a widened column again. Waits at most 10 seconds for others who use the table.
/// Returns how many were applied. Errors: kDatabase.
[[nodiscard]] Result<std::size_t> apply_changes(io::Connection& connection, std::int64_t run_id,
                                                const TableSchema& wanted,
                                                const std::vector<Change>& changes);

/// The engine's own roles, schemas and tables (sql/migrations), brought up to date in one
/// transaction under an advisory lock; does nothing when they are. Call it before anything else.
/// Errors: kDatabase when the server is older than 15 or does not store UTF-8, when the role may
/// not create what is missing (the hint says what an administrator must run), when a file was
/// changed after it ran here, or when the database belongs to a newer program.
[[nodiscard]] Status install_schema(io::Connection& connection);

/// Holds off every other program that installs until the transaction ends.
[[nodiscard]] Status lock_install(io::Connection& connection);

/// The tables of the contracts, made or changed where that is safe (what is not waits until a
/// file needs it), then the report views: they can read every contract's table from the start.
/// Errors: kDatabase.
[[nodiscard]] Status install_tables(io::Connection& connection,
                                    std::span<const TableSchema> contract_tables);

/// The report views (sql/views): dropped and made again, with what others were granted on them,
/// when one of them differs from what the database has. In the caller's transaction when there is
/// one. Errors: kDatabase; the hint says so when a view of someone else stands on ours.
[[nodiscard]] Status apply_views(io::Connection& connection);

}  // namespace homeroom::migrate
