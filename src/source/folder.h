#pragma once

// Where files arrive: the paths a person gives, folders walked.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace homeroom::source {

/// A file to look at.
struct InputFile {
  std::filesystem::path path;  ///< as given, or below the folder as given
  std::string source;          ///< name of the folder it lies in, however the path was written
  std::uint64_t size_bytes = 0;
  std::filesystem::path location;  ///< absolute, without "." and ".."
  std::filesystem::path known_as;  ///< name it arrived under, for an archived copy; else empty
};

/// A path that gives no file, and why.
struct Unusable {
  std::filesystem::path path;
  Error error;
};

struct FoundFiles {
  std::vector<InputFile> files;       ///< sorted by path within each argument
  std::vector<Unusable> unusable;     ///< paths that are not there or may not be read
  std::uint64_t num_passed_over = 0;  ///< see is_passed_over
};

/// Every file that `paths` name: a file as it is, a folder with all below it (links to folders
/// are passed over, so a loop cannot hang the walk). A link to nothing and an empty folder named
/// like a file are unusable, so that a file which is missed is told of. In folders, names that are
/// hidden (.x), temporary (~$x, x~, .tmp), still arriving (.part, .crdownload, .filepart) or tell
/// of the folder (README, LICENSE, .md) are passed over.
[[nodiscard]] FoundFiles find_files(const std::vector<std::string>& paths);

/// True for names that a folder walk passes over.
[[nodiscard]] bool is_passed_over(std::string_view file_name);

}  // namespace homeroom::source
