#pragma once

// A file beside earlier ones of its kind, and beside the school's calendar.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/load_history.h"
#include "io/postgres/postgres.h"
#include "load/load.h"
#include "run/loading/load_checks.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "table/column_statistic.h"

namespace homeroom::run {

/// What is known of a file's kind, and what this file adds to it.
struct LoadHistory {
  catalog::LoadKind kind;
  std::vector<catalog::EarlierLoad> loads;
  std::vector<std::vector<ColumnStatistic>> columns;  ///< of the latest loads, the newest first
  std::vector<ColumnStatistic> now;
};

/// Judges the number of rows. When the file must be held, `report` says so.
[[nodiscard]] Status check_volume(io::Connection& connection, const PreparedFile& file,
                                  const std::string& scope, LoadHistory& history,
                                  FileReport& report);

/// Counts the staged rows, and judges empty cells, new codes and drift of the columns. `loader`
/// has been given all rows, and none was taken out.
[[nodiscard]] Status check_columns(io::Connection& connection, load::Loader& loader,
                                   const PreparedFile& file, LoadHistory& history,
                                   FileReport& report);

/// Judges the staged rows by data.calendar: on a day without school nobody is absent. Schools and
/// years without a calendar are not judged.
[[nodiscard]] Status check_school_days(load::Loader& loader, const PreparedFile& file,
                                       FileReport& report, LateProblems& problems);

}  // namespace homeroom::run
