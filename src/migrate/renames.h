#pragma once

// A column that vanished and a new one that looks like it: proposed as a rename, never assumed.

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "migrate/migrate.h"
#include "table/schema.h"

namespace homeroom::migrate {

/// Different values of a column of a file, in the text form of clean files; some hundreds.
struct ColumnSample {
  std::string column;
  std::vector<std::string> values;
};

/// Makes each new column of `changes` a rename where the table has a column by one of its former
/// names that `wanted` does not have. A pure function.
void propose_former_names(const TableSchema& current, const TableSchema& wanted,
                          std::span<const FormerNames> former, std::vector<Change>& changes);

/// True when `changes` adds a column and the table has one that `wanted` has not.
[[nodiscard]] bool may_rename(const TableSchema& current, const TableSchema& wanted,
                              const std::vector<Change>& changes);

/// The same by likeness: four of five values of the new column stand in the vanished one, or half
/// of them do and the names have a word in common. What a person has refused is not proposed again.
/// Reads the whole of data.<table> once for each pair of columns. Errors: kDatabase.
[[nodiscard]] Status propose_like_columns(io::Connection& connection, const TableSchema& current,
                                          const TableSchema& wanted,
                                          std::span<const ColumnSample> samples,
                                          std::vector<Change>& changes);

}  // namespace homeroom::migrate
