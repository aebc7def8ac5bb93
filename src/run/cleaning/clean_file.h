#pragma once

// A file -> its clean rows and its quarantined ones.

#include <optional>

#include "base/result.h"
#include "io/store.h"
#include "run/cleaning/cleaning_pass.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "run/settings.h"
#include "source/folder.h"

namespace homeroom::run {

/// Reads a prepared file again and cleans it; once more when keys contradict each other in it, or
/// repeat beyond what is held in memory (one pass finds them, the next sends each row where it
/// belongs). Fills rows, changes and issues of `report`; holds the file when more of its rows are
/// bad than its contract tolerates (nothing is published then). Errors: reading, and kIo from the
/// store.
[[nodiscard]] Result<CleanedFile> clean_file(const PreparedFile& file, const Settings& settings,
                                             CleanInto into, FileReport& report);

/// Reads and cleans an opened file in one reading where its first rows show how all of it is to be
/// cleaned, and in two where they do not: the same comes out. `file` is set once it is prepared.
/// `remembered` is what it was opened with.
/// Errors: those of `prepare_file` and `clean_file`.
[[nodiscard]] Result<CleanedFile> read_and_clean(OpenedFile& opened, const Settings& settings,
                                                 const Remembered& remembered, CleanInto into,
                                                 FileReport& report,
                                                 std::optional<PreparedFile>& file);

}  // namespace homeroom::run
