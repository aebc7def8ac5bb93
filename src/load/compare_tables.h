#pragma once

// A figure of one table beside a figure of another, over all rows or group by group.

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "contract/quality/comparison.h"
#include "contract/quality/quality.h"
#include "io/postgres/postgres.h"

namespace homeroom::load {

struct ComparedTables {
  std::uint64_t num_groups = 0;
  std::uint64_t num_wrong = 0;  ///< groups whose figures do not stand to each other as they must
  std::string greatest;         ///< difference, as decimal text
  /// Of all rows as one group: what the bound judges, the difference or the share in percent.
  /// Nothing: a share of nothing.
  std::optional<std::string> figure;
};

/// Compares data.`table` as it stands now. What a bound with the unit percent judges is our figure
/// as a share of theirs, else ours less theirs; without a bound they must be equal. Groups that
/// only one table has count as 0 in the other. Nothing: the other table is empty, or one of them is
/// not there yet. Errors: kDatabase.
[[nodiscard]] Result<std::optional<ComparedTables>> compare_tables(
    io::Connection& connection, const std::string& table, const contract::Comparison& comparison,
    const std::optional<contract::Bound>& bound);

}  // namespace homeroom::load
