#pragma once

// Files of the operating system: reading, writing so that a crash leaves the old file or the new
// one, and folders.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/byte_source.h"
#include "base/result.h"

namespace homeroom::io {

/// What a file was when it was looked at: a change between two looks means a torn read.
struct FileStamp {
  std::uint64_t size_bytes = 0;
  std::int64_t modified_ns = 0;
  std::uint64_t inode = 0;
  bool operator==(const FileStamp&) const = default;
};

/// Opens a regular file, or an object by its "s3://bucket/key", for reading. Not shared by threads.
/// An object is read as it was when it was opened: another under its name meanwhile is an error.
/// Errors: as S3Client; of files kInvalidInput for a folder, a device, a socket ("is a folder, not
/// a file") and kIo for one that is not there or may not be read; message names the path, hint says
/// what to do, detail is errno's text.
class FileSource : public ByteSource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FileSource>> open(const std::filesystem::path& path);
  [[nodiscard]] virtual Result<FileStamp> stamp() const = 0;
  /// Reads on from this byte.
  [[nodiscard]] virtual Status seek(std::uint64_t offset) = 0;

  [[nodiscard]] Status rewind() { return seek(0); }
};

enum class FileAccess : unsigned char {
  kAsUsual,  ///< by the user's umask
  kPrivate,  ///< mode 0600
};

/// Writes a file beside its final name and renames it into place in `commit()` (fsync of file
/// and folder). Destroyed without commit: nothing is left. A symbolic link is followed: the file
/// it names is replaced. Not shared by threads.
/// Errors: kIo; a full disk is named as such with what to do. kInvalidInput when `path` is a
/// folder or a device.
class FileWriter : public ByteSink {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FileWriter>> create(
      const std::filesystem::path& path, FileAccess access = FileAccess::kAsUsual);
  ~FileWriter() override;
  [[nodiscard]] Status write(std::span<const char> bytes) override;
  [[nodiscard]] Status commit();
  /// Renames to another path on the same disk instead; it replaces what stood there.
  [[nodiscard]] Status commit_as(const std::filesystem::path& path);

 private:
  FileWriter(int descriptor, std::filesystem::path path, std::filesystem::path temporary);
  int descriptor_;
  std::filesystem::path path_;
  std::filesystem::path temporary_;
};

/// The whole file; kInvalidInput past `max_bytes`.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t max_bytes = 64 * 1024 * 1024);

/// A fresh folder below `parent` (mode 0700), removed with all it holds when the object goes.
class TemporaryFolder {
 public:
  [[nodiscard]] static Result<TemporaryFolder> create(const std::filesystem::path& parent);
  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::filesystem::path path) : path_(std::move(path)) {}

  std::filesystem::path path_;
};

/// Makes names durable: a file that was made, renamed or removed in `folder` stays so.
[[nodiscard]] Status sync_folder(const std::filesystem::path& folder);

/// A name that no other file has: `prefix` and 16 random hex digits.
[[nodiscard]] std::string random_name(std::string_view prefix);

/// "No space left on device" and its like as an Error with a hint.
///
///     io_error(ENOSPC, "cannot write", "out.csv").message ==
///         "cannot write out.csv: the disk is full"
[[nodiscard]] Error io_error(int error_number, std::string_view what,
                             const std::filesystem::path& path);

}  // namespace homeroom::io
