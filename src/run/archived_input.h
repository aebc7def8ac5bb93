#pragma once

// A file that came before, from the archive of raw bytes.

#include "base/result.h"
#include "catalog/decisions.h"
#include "io/store.h"
#include "source/folder.h"

namespace homeroom::run {

/// The run's file under the name and folder it came with.
/// Errors: kInvalidInput for a file that cannot be taken by itself: nothing of it is kept, or its
/// rows belong to several data sets and others of its bundle say which.
[[nodiscard]] Result<source::InputFile> archived_input(const io::Store& store,
                                                       const catalog::RunRecord& run);

}  // namespace homeroom::run
