#pragma once

// The shape of a table: columns with PostgreSQL types, and its key.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace homeroom {

/// The types tables are made of. Few and wide, so that growth seldom rewrites a table;
/// lengths and ranges are checks.
enum class SqlType : std::uint8_t {
  kText,
  kBigint,
  kNumeric,
  kDate,
  kTimestamptz,
  kBoolean,
  kJsonb,
};

[[nodiscard]] constexpr std::string_view to_string(SqlType type) {
  constexpr std::string_view kNames[] = {"text",        "bigint",  "numeric", "date",
                                         "timestamptz", "boolean", "jsonb"};
  return kNames[static_cast<std::size_t>(type)];
}

[[nodiscard]] constexpr std::optional<SqlType> parse_sql_type(std::string_view name) {
  for (int i = 0; i <= static_cast<int>(SqlType::kJsonb); ++i) {
    if (to_string(static_cast<SqlType>(i)) == name) return static_cast<SqlType>(i);
  }
  return std::nullopt;
}

/// A column of a table. Names are at most 63 bytes, lower case, as PostgreSQL shows them.
struct TableColumn {
  std::string name;
  SqlType type = SqlType::kText;
  bool is_required = false;      ///< not null
  bool is_identifier = false;    ///< text compared byte by byte (COLLATE "C")
  bool is_suppressible = false;  ///< has a boolean `<name>_suppressed` beside it
  std::string comment;           ///< from the contract, or the header it came from
  /// Column whose value this one is taken out of; where that does not part, a stored part stays as
  /// long as the whole does. Empty: the file gives it.
  std::string part_of = {};

  bool operator==(const TableColumn&) const = default;
};

/// PostgreSQL cuts longer names off without a word.
inline constexpr std::size_t kMaxNameBytes = 63;

/// `name` with `suffix` behind it, at most 63 bytes: a name too long for that is cut and told apart
/// by 8 hex digits of the hash of the whole of it.
[[nodiscard]] std::string name_with_suffix(std::string_view name, std::string_view suffix);

/// The boolean column beside a suppressible one: true where a value exists and was hidden.
[[nodiscard]] std::string suppressed_name(std::string_view column);

/// A table in schema `data`. Columns that every table has besides are not listed: `_run` (bigint,
/// the run that wrote the row), `_line` (bigint, its line in the file), `_since` (bigint, the
/// version of the table that put it there when that is not its run's own).
struct TableSchema {
  std::string name;
  std::string comment;
  std::vector<TableColumn> columns;
  std::vector<std::string> key;  ///< natural key; empty: rows have none
  /// Column of the key by whose values a new table is parted, one part for each; empty: it is not.
  std::string partition_by = {};

  [[nodiscard]] const TableColumn* find(std::string_view column) const {
    for (const TableColumn& candidate : columns) {
      if (candidate.name == column) return &candidate;
    }
    return nullptr;
  }

  bool operator==(const TableSchema&) const = default;
};

/// Columns that Homeroom adds to clean files, after the table's own.
inline constexpr std::string_view kLineColumn = "_line";
inline constexpr std::string_view kSuppressedColumn = "_suppressed";
/// Column that keeps what a contract's table has no column for, as one JSON object by header.
inline constexpr std::string_view kMoreColumn = "more_columns";
/// The year a school year ends in; tables with it are partitioned by it in the store.
inline constexpr std::string_view kSchoolYearColumn = "school_year";

}  // namespace homeroom
