#pragma once

// The difference between the table a file wants and the table there is, as ordered SQL.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres.h"
#include "table/schema.h"

namespace homeroom::migrate {

enum class ChangeKind : std::uint8_t { kCreateTable, kAddColumn, kWidenColumn, kRelaxNotNull, kConflict };

struct Change {
  ChangeKind kind = ChangeKind::kCreateTable;
  std::string column;       ///< empty for the whole table
  std::string description;  ///< one line for people: "add column minutes_late (bigint)"
  std::string sql;          ///< empty for kConflict
  bool is_safe = true;      ///< false: waits for a person
};

/// The table as it stands in schema `data`; a schema without columns when it does not exist.
[[nodiscard]] Result<TableSchema> read_table(io::Connection& connection, const std::string& name);

/// Steps from `current` to hold rows of `wanted`. Columns that only `current` has stay as they
/// are. Widening (bigint -> numeric -> text, date -> text, ...) is safe; a wanted type narrower
/// than the current one changes nothing (the values are converted); anything else is kConflict
/// with `is_safe` false.
[[nodiscard]] std::vector<Change> plan_changes(const TableSchema& current,
                                               const TableSchema& wanted);

/// Runs the changes inside the caller's transaction as the owner role, records each in
/// homeroom.migration, sets comments and grants. Returns how many were applied.
[[nodiscard]] Result<std::size_t> apply_changes(io::Connection& connection, std::int64_t run_id,
                                                const TableSchema& wanted,
                                                const std::vector<Change>& changes);

/// The engine's own tables, roles and views (sql/migrations, sql/views), brought up to date under
/// an advisory lock; does nothing when they are. Errors: kDatabase when the server is older than
/// 15 or the role may not create what is missing (the hint says which rights or statements).
[[nodiscard]] Status install_schema(io::Connection& connection);

}  // namespace homeroom::migrate
