#pragma once

// The difference between the table a file wants and the table there is, as ordered SQL; and
// what the program itself needs in a database.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
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
  kRenameColumn,
  kChangeType,    ///< to text, which holds the values of both types
  kNarrowColumn,  ///< to the type that the contract states; no file waits for it
  kChangeKey,
  kConflict  ///< no SQL would do
};

/// "add_column", as the ledger and scripts name it.
[[nodiscard]] std::string_view to_string(ChangeKind kind);

struct Change {
  ChangeKind kind = ChangeKind::kCreateTable;
  std::string column;       ///< empty for the whole table
  std::string description;  ///< one line for people: "add column minutes_late (bigint)"
  std::string sql;          ///< empty for kConflict
  std::string reverse_sql;  ///< takes `sql` back; empty for kConflict
  bool is_safe = true;      ///< false: waits for a person
  /// What it changes, as it stands now: a type, a key. Another one: the change is out of date.
  std::string from_state = {};
  std::string to_state = {};  ///< the type, the name or the key that it becomes
};

/// The table as it stands in schema `data`; a schema without columns when it does not exist.
/// Errors: kContract when it is not one that Homeroom made (no _run and _line), or has a column
/// of a type that Homeroom does not write.
[[nodiscard]] Result<TableSchema> read_table(io::Connection& connection, const std::string& name);

/// Steps from `current` to hold rows of `wanted`. Columns that only `current` has stay as they
/// are. Widening (bigint -> numeric, any type -> text) is safe; a wanted type narrower than the
/// current one changes nothing (the values are converted). Not safe are another key, a type that is
/// neither wider nor narrower, and a column that must have a value and is not in `wanted`; a key
/// column that is nowhere and more columns than PostgreSQL allows are kConflict.
/// A pure function.
[[nodiscard]] std::vector<Change> plan_changes(const TableSchema& current,
                                               const TableSchema& wanted);

/// Columns of the table that are wider than `wanted`, the table as a contract states it, as changes
/// that are not safe: kNarrowColumn. A pure function.
[[nodiscard]] std::vector<Change> plan_narrowing(const TableSchema& current,
                                                 const TableSchema& wanted);

/// What `Change::from_state` is for a change of the kind on the table as it is.
[[nodiscard]] std::string state_of(ChangeKind kind, const std::string& column,
                                   const TableSchema& current);

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

/// Names that a column of a contract's table may have had before: what headers call it.
struct FormerNames {
  std::string table;
  std::string column;
  std::vector<std::string> names;
};

/// The tables of the contracts, made or changed where that is safe (what is not waits until a
/// file needs it), then the report views: they can read every contract's table from the start. A
/// table that somebody else altered is left alone, and so is a new column where the table has one
/// of its `former` names that the contract does not know any more.
/// Errors: kDatabase.
[[nodiscard]] Status install_tables(io::Connection& connection,
                                    std::span<const TableSchema> contract_tables,
                                    std::span<const FormerNames> former = {});

/// The report views (sql/views): dropped and made again, with what others were granted on them,
/// when one of them differs from what the database has. In the caller's transaction when there is
/// one. Errors: kDatabase; the hint says so when a view of someone else stands on ours.
[[nodiscard]] Status apply_views(io::Connection& connection);

}  // namespace homeroom::migrate
