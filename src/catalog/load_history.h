#pragma once

// What earlier files of a kind counted: homeroom.load_volume and homeroom.column_statistic.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "table/column_statistic.h"

namespace homeroom::catalog {

/// The kind of a file and the days it is about.
struct LoadKind {
  std::string source;
  std::string dataset;
  std::string family;  ///< "attendance_#-#-#.csv|school_id=010"
  std::string day;     ///< ISO; empty: of several days, or of none
  std::uint64_t num_days = 1;
  /// The file has no rows that say its school: files of the name count, whatever their school.
  bool is_of_any_scope = false;
};

struct EarlierLoad {
  std::int64_t run_id = 0;
  std::optional<int> weekday;  ///< of its day, 0 Monday
  std::uint64_t rows_per_day = 0;
};

/// The latest loads of the kind, the newest first, at most 100.
[[nodiscard]] Result<std::vector<EarlierLoad>> find_history(io::Connection& connection,
                                                            const LoadKind& kind);

/// The columns of the runs, in the runs' order.
[[nodiscard]] Result<std::vector<std::vector<ColumnStatistic>>> find_statistics(
    io::Connection& connection, std::span<const std::int64_t> run_ids);

/// In the transaction that loads the run.
[[nodiscard]] Status record_statistics(io::Connection& connection, std::int64_t run_id,
                                       const LoadKind& kind, std::uint64_t num_rows,
                                       std::span<const ColumnStatistic> columns);

}  // namespace homeroom::catalog
