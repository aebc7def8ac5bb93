#pragma once

// The second pass over a file: clean, shape, check, and send each row to its outcome.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/store.h"
#include "run/clean_output.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "run/settings.h"

namespace homeroom::run {

/// What cleaning wrote, for the load.
struct CleanedFile {
  std::vector<CleanObject> objects;
  std::string quarantine_key;  ///< empty: no row was quarantined
  std::string changes_key;     ///< empty: every change was not asked for, or there is none
  std::string scope;           ///< of the slot: "date=2025-11-03..2025-11-28|school_id=010"
};

/// Cleans a prepared file, once more when keys repeat in it (the first pass finds them, the second
/// sends each row where it belongs). `store` null: everything is checked and counted, nothing is
/// written. Fills rows, changes and issues of `report`; holds the file when more of its rows are
/// bad than its contract tolerates (nothing is published then).
/// Errors: reading, and kIo from the store.
[[nodiscard]] Result<CleanedFile> clean_file(const PreparedFile& file, const Settings& settings,
                                             const io::Store* store, FileReport& report);

}  // namespace homeroom::run
