#pragma once

// A folder laid out as a bucket: objects by key, written whole or not at all. The one place
// through which everything that Homeroom keeps is written, so that sealing goes in here.

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
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

/// Keys are relative paths of forward slashes; no "..", no empty part, no leading slash.
/// May be shared by threads and processes.
class Store {
 public:
  /// Makes the folder (mode 0700 when it is new) when it is not there.
  [[nodiscard]] static Result<Store> open(const std::filesystem::path& root);

  [[nodiscard]] Result<std::unique_ptr<ObjectWriter>> create(std::string_view key) const;
  [[nodiscard]] Result<std::unique_ptr<ByteSource>> read(std::string_view key) const;
  [[nodiscard]] bool contains(std::string_view key) const;
  /// Keys below `prefix`, sorted; temporary objects are not listed.
  [[nodiscard]] Result<std::vector<std::string>> list(std::string_view prefix) const;
  [[nodiscard]] Status remove(std::string_view key) const;
  /// A folder for temporary files, on the same disk; emptied of what dead processes left.
  [[nodiscard]] std::filesystem::path scratch() const;

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

 private:
  explicit Store(std::filesystem::path root) : root_(std::move(root)) {}

  std::filesystem::path root_;
};

}  // namespace homeroom::io
