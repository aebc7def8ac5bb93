#pragma once

// One file of a zip found without reading what stands before it. Internal to src/io/decompress.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "io/file.h"

namespace homeroom::io {

/// The end of a zip whose directory names one file alone: the bytes of the zip up to `start`,
/// then `bytes`, are a zip of that file.
struct ZipTail {
  std::uint64_t start = 0;
  std::string bytes;
  std::uint64_t num_records = 0;  ///< of the whole directory, folders too
  std::uint64_t total_bytes = 0;  ///< of all files, unpacked, as the directory says
};

/// The tail for the one file called `name` (see plain_member_name). Nothing where the short way
/// does not lead there, and whoever asks must go through the whole archive: no file or several of
/// that name, names in another encoding, a zip of more than 4 GiB, a directory of more than 8 MiB,
/// or a damaged one.
/// Errors: kIo.   Memory: the zip's directory.
/// Source: PKWARE, "APPNOTE.TXT - .ZIP File Format Specification", 4.3.12 and 4.3.16.
[[nodiscard]] Result<std::optional<ZipTail>> find_in_zip(FileSource& file, std::string_view name);

}  // namespace homeroom::io
