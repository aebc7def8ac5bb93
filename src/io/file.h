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

/// Opens a regular file for reading. Not shared by threads.
/// Errors: kInvalidInput for a folder, a device, a socket ("is a folder, not a file") and kIo for
/// one that is not there or may not be read; message names the path, hint says what to do,
/// detail is errno's text.
class FileSource : public ByteSource {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FileSource>> open(const std::filesystem::path& path);
  ~FileSource() override;
  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override;
  [[nodiscard]] Result<FileStamp> stamp() const;
  [[nodiscard]] Status rewind();

 private:
  FileSource(int descriptor, std::filesystem::path path);
  int descriptor_;
  std::filesystem::path path_;
};

/// Writes a file beside its final name and renames it into place in `commit()` (fsync of file
/// and folder first). Destroyed without commit: nothing is left. Not shared by threads.
/// Errors: kIo; a full disk is named as such with what to do.
class FileWriter : public ByteSink {
 public:
  [[nodiscard]] static Result<std::unique_ptr<FileWriter>> create(
      const std::filesystem::path& path);
  ~FileWriter() override;
  [[nodiscard]] Status write(std::span<const char> bytes) override;
  [[nodiscard]] Status commit();

 private:
  FileWriter(int descriptor, std::filesystem::path path, std::filesystem::path temporary);
  int descriptor_;
  std::filesystem::path path_;
  std::filesystem::path temporary_;
};

/// The whole file; kInvalidInput past `max_bytes`.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path,
                                            std::size_t max_bytes = 64 * 1024 * 1024);

/// A fresh folder below `parent`, removed with all it holds when the object goes.
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

/// "No space left on device" and its like as an Error with a hint.
[[nodiscard]] Error io_error(int error_number, std::string_view what,
                             const std::filesystem::path& path);

}  // namespace homeroom::io
