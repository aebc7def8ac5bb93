#pragma once

// Objects of S3 where files are read, and where a store keeps what is written.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/file.h"
#include "io/s3/s3_client.h"
#include "io/store.h"

namespace homeroom::io {

/// The object as a file; its stamp is its size, time, and version or ETag.
[[nodiscard]] Result<std::unique_ptr<FileSource>> open_s3_object(std::string_view url);

/// What a store does, in a bucket below a prefix. An object that fits one part is put in one
/// request. A larger one is uploaded in parts as it is written, under a name of its own, and copied
/// to its key by the server at the end, since a key may say what only the whole object tells.
class S3Folder {
 public:
  [[nodiscard]] static Result<std::shared_ptr<S3Folder>> open(std::string_view url);

  S3Folder(std::shared_ptr<S3Client> client, S3Url root)
      : client_(std::move(client)), root_(std::move(root)) {}

  [[nodiscard]] Result<std::unique_ptr<ObjectWriter>> create(std::string_view key) const;
  [[nodiscard]] Result<std::unique_ptr<ByteSource>> read(std::string_view key) const;
  [[nodiscard]] bool contains(std::string_view key) const;
  [[nodiscard]] Result<std::vector<std::string>> list(std::string_view prefix) const;
  [[nodiscard]] Status remove(std::string_view key) const;
  /// Sends a file of the machine there.
  [[nodiscard]] Status take_file(const std::filesystem::path& file, std::string_view key) const;

 private:
  [[nodiscard]] S3Url url_of(std::string_view key) const;

  std::shared_ptr<S3Client> client_;
  S3Url root_;  // its key is empty or ends in a slash
};

}  // namespace homeroom::io
