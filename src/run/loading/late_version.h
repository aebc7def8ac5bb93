#pragma once

// A file that comes after a newer version of it: what is loaded stays as the newer one has it.

#include <vector>

#include "base/result.h"
#include "catalog/slot_versions.h"
#include "io/postgres/postgres.h"
#include "io/store.h"
#include "load/load.h"
#include "run/reading/prepare.h"
#include "run/report.h"

namespace homeroom::run {

/// Those of `files` that are newer versions of `file`. Of two files of one kind the later day in
/// the name is newer; where the names are the same, or say the same day, the one that was changed
/// later. Others cannot be compared, and none of them is; nor is any when these bytes filled the
/// slot before: somebody put them back.
[[nodiscard]] std::vector<catalog::SlotFile> find_newer(const PreparedFile& file,
                                                        std::vector<catalog::SlotFile> files);

/// Takes out the staged rows whose keys a newer version has too. A file that is all there is of
/// its scope has no such rows: it is held, and so is one whose newer version has its clean rows in
/// another store. `report` says what was done.
/// Errors: kInvalidInput when the clean file of a newer version is damaged; kDatabase.
[[nodiscard]] Status give_way(const io::Store& store, load::Loader& loader,
                              const PreparedFile& file, const std::vector<catalog::SlotFile>& newer,
                              FileReport& report);

}  // namespace homeroom::run
