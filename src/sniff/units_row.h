#pragma once

// A row below the header that says what its columns are measured in: "%", "(min)", "YYYY-MM-DD".

#include <span>

#include "sniff/sample_cutter.h"

namespace homeroom::sniff {

/// Each filled cell of `row` is a unit over a column of numbers or dates, and there are at least
/// two, or the table has one such column. Cells over other columns are empty or name a type.
[[nodiscard]] bool is_units_row(const SampleRow& row, std::span<const SampleRow> below);

}  // namespace homeroom::sniff
