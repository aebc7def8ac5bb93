#pragma once

// Files that came together: what a OneRoster bundle's manifest says of them, which rows go where,
// and the order in which they find what they refer to (docs/reference/bundles.md).

#include <vector>

#include "run/report.h"
#include "run/settings.h"
#include "source/folder.h"

namespace homeroom::run {

struct BundledFiles {
  /// In the order to take them; a file whose rows go to two data sets stands here twice.
  std::vector<source::InputFile> files;
  std::vector<FileReport> manifests;  ///< of the manifests, which are read and not loaded
};

/// Looks at the files of each folder and archive together. OneRoster is known by its manifest.csv,
/// Clever by the names and headers of its files. What is no bundle stays in its order.
/// Reads the first bytes of files that have a name of such a format, manifests, and the roles of
/// users where another file needs them. What cannot be read is left to whoever takes the file.
/// Memory: 8 bytes a user where roles are needed, at most 40 MB; more users hold the file.
[[nodiscard]] BundledFiles plan_bundles(std::vector<source::InputFile> files,
                                        const Settings& settings);

}  // namespace homeroom::run
