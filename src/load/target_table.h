#pragma once

// The table that rows go to, as it stands: its columns' types decide how values are encoded.

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "table/schema.h"

namespace homeroom::load {

/// A column of data.<table>, or one's `_suppressed` flag.
struct TargetColumn {
  std::string name;
  SqlType type = SqlType::kText;
  bool is_by_bytes = false;  ///< collate "C"
  bool is_nullable = true;
};

struct TargetTable {
  std::string name;
  std::vector<TargetColumn> columns;  ///< all of them, flags too, but not _run, _line, _since
  std::vector<std::string> key;
  std::string partition_by = {};  ///< column that parts the table (load/partitions.h); empty: none

  [[nodiscard]] const TargetColumn* find(std::string_view column) const;
};

/// Errors: kInternal when the table does not exist: migrate makes it first.
[[nodiscard]] Result<TargetTable> read_target(io::Connection& connection, const TableSchema& table);

/// True when data.<table>, which has to be there, holds any row. Errors: kDatabase.
[[nodiscard]] Result<bool> has_rows(io::Connection& connection, const std::string& table);

}  // namespace homeroom::load
