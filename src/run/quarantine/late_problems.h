#pragma once

// Rows that the load found wrong, after cleaning had written the quarantine file.

#include <string>
#include <vector>

#include "base/result.h"
#include "io/store.h"
#include "run/cleaning/clean_output.h"
#include "run/loading/load_checks.h"
#include "run/reading/prepare.h"
#include "run/settings.h"

namespace homeroom::run {

/// Adds the rows to the file's quarantine object, after those that cleaning wrote, with their
/// original cells: they are read once more. `cleaned_key` is the object that cleaning wrote; when
/// it is empty, what stands there is of an earlier run over the same bytes, and goes.
/// Returns the object's key. Errors: reading; kIo of the store.
[[nodiscard]] Result<std::string> add_to_quarantine(const io::Store& store,
                                                    const PreparedFile& file,
                                                    const Settings& settings,
                                                    const std::string& cleaned_key,
                                                    LateProblems problems);

/// The same where the raw file is not at hand: the rows are those of the clean `objects`, each
/// value under the header that it was read from, as cleaning left it.
[[nodiscard]] Result<std::string> add_cleaned_to_quarantine(const io::Store& store,
                                                            const PreparedFile& file,
                                                            const std::vector<CleanObject>& objects,
                                                            const std::string& cleaned_key,
                                                            LateProblems problems);

}  // namespace homeroom::run
