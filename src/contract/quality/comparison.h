#pragma once

// `check: matches_table`: a figure of a data set's table beside one of another's.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contract/problems.h"
#include "contract/quality/quality.h"

namespace homeroom::contract {

struct Contract;

inline constexpr std::string_view kMatchesTable = "matches_table";

/// "rows", "sum(credits)", "distinct(student_id)": what is counted, of all rows or of each group.
struct Figure {
  enum class Of : std::uint8_t { kRows, kSum, kDistinct };
  Of of = Of::kRows;
  std::string column = {};  ///< of kSum and kDistinct

  /// "the number of rows", "the sum of credits".
  [[nodiscard]] std::string words() const;
};

struct Comparison {
  std::string table;  ///< the other one
  Figure ours;
  Figure theirs;
  std::vector<std::string> by;        ///< columns that make the groups; empty: all rows are one
  std::vector<std::string> their_by;  ///< the other table's, in the same order
};

/// Reads the check's arguments. Errors: kConfig "WHAT" with a hint; the caller says where.
[[nodiscard]] Result<Comparison> read_comparison(const Quality& quality);

/// Once all contracts are read: checks that each comparison names columns of data sets that can be
/// compared. Problems: kConfig naming file and line.
void check_comparisons(std::span<const Contract> contracts, Problems& problems);

}  // namespace homeroom::contract
