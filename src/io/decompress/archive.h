#pragma once

// Archives of several files: zip, and tar plain or packed with gzip or zstd. Known by their bytes,
// never by their name. A file in one is named like a file in a folder: "export.zip/users.csv".
// Nothing is ever unpacked to a path; a file in an archive is a stream of its bytes.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "io/decompress/decompress.h"
#include "io/file.h"

namespace homeroom::io {

struct ArchiveLimits {
  std::size_t max_members = 1000;
  DecompressLimits bytes = {};  ///< of each member, and of all of them together
  /// Of a packed tar, which is unpacked from its start for each file of it: bytes times files.
  std::uint64_t max_packed_work_bytes = 32ULL * 1024 * 1024 * 1024;
};

/// A file of an archive.
struct ArchiveMember {
  std::string name;  ///< forward slashes between folders
  std::uint64_t size_bytes = 0;
  std::optional<Error> refusal;  ///< why it cannot be read: a link, encrypted, such a name
};

struct ArchiveListing {
  std::vector<ArchiveMember> members;  ///< in the order of their names; folders are none
  std::uint64_t num_of_macos = 0;      ///< what macOS adds ("__MACOSX/"), not among the members
  std::optional<Error> broken_off;     ///< the archive is damaged behind the members
};

/// The files of the archive at `path`; nothing when it is no archive. Refused members: links and
/// devices, encrypted ones, absolute names and those with "..", and all of one name.
/// Errors: those of FileSource; kInvalidInput for a torn archive, one of more members or bytes than
/// the limits allow, one without any file, and a workbook (which is a zip too).
[[nodiscard]] Result<std::optional<ArchiveListing>> list_archive(const std::filesystem::path& path,
                                                                 const ArchiveLimits& limits = {});

/// A path as a person writes it: of a file, or of a file in an archive.
struct ArchivePath {
  std::filesystem::path file;
  std::string member;  ///< empty: `file` itself
};

/// "drop/export.zip/sis/users.csv" is member "sis/users.csv" of drop/export.zip when that is a
/// file.
[[nodiscard]] ArchivePath split_archive_path(const std::filesystem::path& path);

/// What `path` names, ready to be read: a file, a file in an archive, or an archive with just one
/// file in it.
struct OpenedPath {
  std::unique_ptr<FileSource> file;  ///< the file, or the archive
  std::unique_ptr<ByteSource> member;
  std::uint64_t size_bytes = 0;  ///< of what is read

  [[nodiscard]] ByteSource& bytes() const { return member ? *member : *file; }
};

enum class ArchiveCheck : std::uint8_t {
  kWhole,   ///< list the archive, if need be: is it within the limits, has it one file of the name
  kMember,  ///< that was done before
};

/// Errors: those of FileSource and list_archive; kInvalidInput for an archive of several files
/// (the hint names some of them) and for a member that is refused or not there. Reading: a member
/// that is damaged or past the limits, never silently short.
/// A file that is named in a zip costs no more for the files beside it.
/// Memory: 128 KiB, what the member's format needs, and the zip's directory: at most 8 MiB of it.
[[nodiscard]] Result<OpenedPath> open_path(const std::filesystem::path& path,
                                           ArchiveCheck check = ArchiveCheck::kWhole,
                                           const ArchiveLimits& limits = {});

}  // namespace homeroom::io
