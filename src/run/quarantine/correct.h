#pragma once

// Quarantined rows once more through the pipeline, as a person sends them back (`fix`) or as they
// are, by the contracts of the day (`retry`).

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/decisions.h"
#include "io/postgres/postgres.h"
#include "io/store.h"
#include "run/quarantine/quarantined_rows.h"
#include "run/report.h"
#include "run/settings.h"

namespace homeroom::run {

/// Sends the rows of a corrected quarantine file. `report` counts them: those that left the
/// quarantine as loaded, unchanged, duplicate, pending or skipped (a newer file has the row), those
/// that are still wrong as quarantined, those fixed before as duplicate. The same file again
/// changes nothing. The rows stay those of their run and line; that run's counts follow.
/// Errors: kInvalidInput when the file cannot be tied to a quarantine, when its run no longer
/// fills its slot; those of reading, the store, the database.
[[nodiscard]] Status fix_quarantine(io::Connection& connection, const io::Store& store,
                                    const Settings& settings, const std::filesystem::path& path,
                                    FileReport& report);

/// Sends all rows that are quarantined of the run.
[[nodiscard]] Status retry_quarantine(io::Connection& connection, const io::Store& store,
                                      const Settings& settings, const catalog::RunRecord& run,
                                      FileReport& report);

}  // namespace homeroom::run
