#pragma once

// Folders for temporary files, one a process, so that what a dead process left can be told from
// what a living one uses. Internal to src/io/store.cc.

#include <filesystem>

#include "base/result.h"

namespace homeroom::io {

/// Makes this process's folder below `parent` (mode 0700).
[[nodiscard]] Result<std::filesystem::path> make_scratch(const std::filesystem::path& parent);

/// Removes the folders of processes that are no more. One made in another container, whose
/// processes cannot be seen from here, is removed when it has not changed for a day.
void remove_dead_scratch(const std::filesystem::path& parent);

}  // namespace homeroom::io
