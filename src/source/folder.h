#pragma once

// Where files arrive: the paths a person gives, folders walked.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace homeroom::source {

/// What is known of a file from those it came with (run/bundle/bundle.h); nothing of a file alone.
struct BundlePlace {
  std::string bundle;     ///< "OneRoster 1.1"
  std::string dataset;    ///< where its rows go; empty: its header decides
  bool is_part = false;   ///< others of its rows go to another data set
  bool is_delta = false;  ///< it holds changes: nothing is closed because it is not in the file
  std::optional<std::uint64_t> stated_rows = {};  ///< that a manifest says the file has
  std::string stated_by = {};                     ///< "manifest.csv line 3"
  std::string hold;                               ///< why it is held
  std::string hold_hint;
  /// Hashes, sorted, of the ids of the users whose rows are meant. Owned by the bundle's files.
  std::shared_ptr<const std::vector<std::uint64_t>> ids;
};

/// A file to look at.
struct InputFile {
  std::filesystem::path path;  ///< as given, or below the folder or archive as given
  std::string source;          ///< name of the folder it lies in, however the path was written
  std::uint64_t size_bytes = 0;
  std::filesystem::path location;      ///< absolute, without "." and ".."
  std::filesystem::path known_as;      ///< name it arrived under, for an archived copy; else empty
  std::filesystem::path archive = {};  ///< the archive it is a file of; else empty
  BundlePlace place = {};
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
///
/// An archive (zip, tar, packed tar) is known by its bytes and walked like a folder, with the same
/// names passed over. Its files lie in the folders that it names, except those of its top folder,
/// or of the single folder that everything in it is in: they lie where the archive lies. A file
/// that cannot be read (encrypted, a link, ...) is unusable; an archive that cannot be is a file
/// whose reader says why. A path may name one file of an archive: "export.zip/users.csv".
/// "s3://bucket/prefix" is walked like a folder, "s3://bucket/key.csv" is a file; of objects, only
/// those whose names do not say .csv, .tsv or .txt are looked at to see whether they are archives.
[[nodiscard]] FoundFiles find_files(const std::vector<std::string>& paths);

/// True for names that a folder walk passes over.
[[nodiscard]] bool is_passed_over(std::string_view file_name);

}  // namespace homeroom::source
