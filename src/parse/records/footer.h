#pragma once

// Totals and notes that reports write under their table.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "table/batch.h"
#include "table/cell.h"

namespace homeroom::parse {

/// True when a row at the very end of a file is certainly no record: its first words say so
/// ("Total", "End of report", "57 rows"), and it has fewer fields than the table has columns or
/// most of them are empty.
[[nodiscard]] bool is_footer_row(std::span<const Cell> cells, std::size_t num_columns);

/// True when a row at the very end of a file is a total though all its fields are filled: it begins
/// with such a word where `row`, the table's first one, has a number, date or code with digits.
[[nodiscard]] bool is_total_row(std::span<const Cell> cells, std::span<const std::string> row);

/// What a footer says of the rows above it.
struct StatedRows {
  LineNumber line = 0;
  std::uint64_t num_rows = 0;
};

/// How many rows a footer says the file has: "Total records: 1,204", "57 rows", "Row count" and
/// 57 in the next cell. Nothing where it says something else, the total of a column say.
[[nodiscard]] std::optional<std::uint64_t> rows_stated_by(std::span<const Cell> cells);

}  // namespace homeroom::parse
