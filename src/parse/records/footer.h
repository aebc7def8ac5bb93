#pragma once

// Totals and notes that reports write under their table.

#include <cstddef>
#include <span>

#include "table/cell.h"

namespace homeroom::parse {

/// True when a row at the very end of a file is certainly no record: its first words say so
/// ("Total", "End of report", "57 rows"), and it has fewer fields than the table has columns or
/// most of them are empty.
[[nodiscard]] bool is_footer_row(std::span<const Cell> cells, std::size_t num_columns);

}  // namespace homeroom::parse
