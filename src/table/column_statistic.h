#pragma once

// How a column of a file is filled.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace homeroom {

struct ColumnStatistic {
  std::string column;
  std::uint64_t num_rows = 0;
  std::uint64_t num_nulls = 0;  ///< without a value; a suppressed one is a value
  /// Of numbers: lower bounds of the bins from the second on, ascending, as text.
  std::vector<std::string> edges = {};
  /// Values by code, or by number of the bin ("0" is below the first edge).
  std::map<std::string, std::uint64_t> counts = {};
};

}  // namespace homeroom
