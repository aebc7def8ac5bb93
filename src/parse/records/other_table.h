#pragma once

// Where another table begins in a file.

#include <span>
#include <string>

#include "table/cell.h"

namespace homeroom::parse {

/// Whether the cells may be the names of columns: words, each another one, and not `header`.
[[nodiscard]] bool may_be_header(std::span<const Cell> cells, std::span<const std::string> header);

/// Whether such cells, behind a blank line, are the header of another table than that of `header`.
/// `row`: the record behind them, `pattern_row`: the first row of the table; may be empty.
///
/// They are when they share a name with the header, in its place; or when they are words where both
/// the table and the row behind have numbers or dates, and that row is of other columns than the
/// table's: by its width, or by where its numbers stand.
[[nodiscard]] bool starts_other_table(std::span<const Cell> cells, std::span<const Cell> row,
                                      std::span<const std::string> header,
                                      std::span<const std::string> pattern_row);

}  // namespace homeroom::parse
