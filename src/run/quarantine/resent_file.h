#pragma once

// A file as it would be with its corrected rows: made of the archived raw file, cleaned and checked
// like any other, so that each row is judged beside the file's other rows (date order, keys).

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/decisions.h"
#include "io/store.h"
#include "run/cleaning/clean_output.h"
#include "run/quarantine/quarantined_rows.h"
#include "run/reading/prepare.h"
#include "run/settings.h"
#include "table/schema.h"

namespace homeroom::run {

/// What became of the rows sent again, before the load.
struct ResentRows {
  TableSchema table;
  std::vector<CleanObject> objects;   ///< of the good rows, with their own lines
  std::vector<LineNumber> good;       ///< ascending
  std::vector<LineNumber> duplicate;  ///< equal to another row of the file
  std::map<LineNumber, std::vector<Issue>> bad;
  PreparedFile file;
};

/// `left_out` (ascending) are lines of the raw file that are wrong and not sent. Clean rows are
/// written to the store as clean/.../<name>-<hash8>-fix<hash8>.csv.
/// Errors: kInvalidInput when the raw file is not what it was, or would now be another data set.
[[nodiscard]] Result<ResentRows> clean_resent(const io::Store& store, const Settings& settings,
                                              const catalog::RunRecord& run,
                                              std::span<const SentRow> sent,
                                              std::span<const LineNumber> left_out);

}  // namespace homeroom::run
