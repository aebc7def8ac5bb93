#pragma once

// A folder laid out as a bucket, or a bucket: objects by key, written whole or not at all. The one
// place through which everything that Homeroom keeps is written, so that sealing goes in here.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"

namespace homeroom::io {

/// An object being written: it appears under its key in `commit()`, never before. Destroyed
/// without commit: nothing is left.
class ObjectWriter : public ByteSink {
 public:
  /// Publishes the object under the key it was made with, or under `key` (a name that was not
  /// known at the start, as the content's hash). Replaces what stood there.
  [[nodiscard]] virtual Status commit() = 0;
  [[nodiscard]] virtual Status commit_as(std::string_view key) = 0;
};

/// Keys are relative paths of forward slashes; no "." or "..", no empty part, no leading slash, no
/// control character, at most 1,024 bytes (as S3), 255 a part (as file systems).
/// May be shared by threads and processes.
/// Errors: kInvalidInput for a key of another form; kIo as FileWriter and FileSource.
class S3Folder;

class Store {
 public:
  /// `root` may be "s3://bucket/prefix": `temporary` then has the files that are needed meanwhile.
  [[nodiscard]] static Result<Store> open_s3(std::string_view root,
                                             const std::filesystem::path& temporary);
  /// Makes the folder (mode 0700 when it is new) when it is not there. Removes the temporary files
  /// of processes that ended.
  [[nodiscard]] static Result<Store> open(const std::filesystem::path& root);

  /// The object is mode 0600, and durable once it is committed.
  [[nodiscard]] Result<std::unique_ptr<ObjectWriter>> create(std::string_view key) const;
  [[nodiscard]] Result<std::unique_ptr<ByteSource>> read(std::string_view key) const;
  [[nodiscard]] bool contains(std::string_view key) const;
  /// Keys that begin with `prefix` ("raw/" for a folder), sorted by their bytes; temporary objects
  /// are not listed, nor what is no regular file.
  [[nodiscard]] Result<std::vector<std::string>> list(std::string_view prefix) const;
  /// Moves an object out of another store, a folder on the same disk, in place of what stands here.
  /// Durable.
  [[nodiscard]] Status take_from(const Store& other, std::string_view key) const;
  /// One that is not there is fine.
  [[nodiscard]] Status remove(std::string_view key) const;

  /// This process's folder for temporary files, on the same disk. What is left in it goes when the
  /// store is opened after this process ended.
  [[nodiscard]] const std::filesystem::path& scratch() const { return scratch_; }

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

 private:
  Store(std::filesystem::path root, std::filesystem::path scratch)
      : root_(std::move(root)), scratch_(std::move(scratch)) {}

  std::filesystem::path root_;
  std::filesystem::path scratch_;
  std::shared_ptr<const S3Folder> bucket_ = {};  // shared by copies of the store; null: a folder
};

}  // namespace homeroom::io
