#pragma once

// Counts over the staged rows, for those who compare files.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "load/copy_encoder.h"
#include "load/merge.h"
#include "table/column_statistic.h"

namespace homeroom::load {

/// A column whose values are to be counted.
struct CountedColumn {
  std::string name;
  bool is_number = false;               ///< by bins; else each value by itself
  std::vector<std::string> edges = {};  ///< of the bins; none: tenths of these rows
};

/// A file of more rows is counted by a sample of about so many.
inline constexpr std::uint64_t kMaxCountedRows = 200'000;

/// Empty cells of every column of the file, and the values of the first 30 of `counted`.
[[nodiscard]] Result<std::vector<ColumnStatistic>> describe_staged(
    io::Connection& connection, const MergeInput& input, std::span<const EncodedColumn> columns,
    std::span<const CountedColumn> counted);

}  // namespace homeroom::load
