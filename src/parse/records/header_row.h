#pragma once

// The header's records -> the names of the columns.

#include <span>
#include <string>
#include <vector>

#include "table/cell.h"

namespace homeroom::parse {

/// Adds one header record to the names above it: each cell is joined to its column's name with a
/// blank.
void add_header_record(std::span<const Cell> cells, std::vector<std::string>& names);

/// Takes the apostrophes off when every name that is not empty stands in them: a header that its
/// program quoted otherwise than the rows ('ATT_DATE','ATT_CODE' over "2025-09-11","T").
void unwrap_apostrophes(std::vector<std::string>& names);

/// "column_1", "column_2", ...
[[nodiscard]] std::vector<std::string> numbered_columns(std::size_t count);

/// Takes the empty names away when as many as `width` have text. False: the names stay as they are.
bool drop_empty_names(std::size_t width, std::vector<std::string>& names);

}  // namespace homeroom::parse
