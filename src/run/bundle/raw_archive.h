#pragma once

// An archive of several files, kept in raw/ as it came, once.

#include <filesystem>
#include <string>

#include "base/result.h"
#include "io/file.h"
#include "io/store.h"

namespace homeroom::run {

struct RawArchive {
  std::filesystem::path path;
  io::FileStamp stamp;  ///< of the archive when it was copied
  std::string key;      ///< "raw/sis/export-1f2e3d4c.zip"; "<key>/users.csv" is its file users.csv
};

/// Copies the archive into the store, unless the same bytes are there.
/// Errors: kInvalidInput when the archive cannot be read or changes meanwhile, kIo from the store.
[[nodiscard]] Result<RawArchive> keep_archive(const io::Store& store,
                                              const std::filesystem::path& path);

}  // namespace homeroom::run
