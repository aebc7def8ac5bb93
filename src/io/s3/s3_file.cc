#include "io/s3/s3_file.h"

#include <algorithm>
#include <functional>
#include <utility>

#include <fmt/format.h>

namespace homeroom::io {
namespace {

constexpr std::int64_t kNanoseconds = 1'000'000'000;
constexpr std::size_t kCopyBytes = std::size_t{256} * 1024;
// Objects on their way to their key: not listed, and removed by a rule of the bucket's life cycle
// should a program die between two requests.
constexpr std::string_view kTemporary = ".tmp/";

class ObjectFile final : public FileSource {
 public:
  ObjectFile(std::shared_ptr<S3Client> client, S3Object object)
      : client_(std::move(client)), object_(std::move(object)) {}

  Result<std::size_t> read(std::span<char> out) override {
    if (bytes_ == nullptr) bytes_ = HOMEROOM_TRY(client_->read(object_, offset_));
    return bytes_->read(out);
  }

  // Of the object that is read: another under its name does not come in between.
  Result<FileStamp> stamp() const override {
    const std::string& name = object_.version_id.empty() ? object_.etag : object_.version_id;
    return FileStamp{.size_bytes = object_.size_bytes,
                     .modified_ns = object_.modified_s * kNanoseconds,
                     .inode = std::hash<std::string>{}(name)};
  }

  Status seek(std::uint64_t offset) override {
    bytes_.reset();
    offset_ = offset;
    return {};
  }

 private:
  std::shared_ptr<S3Client> client_;
  S3Object object_;
  std::uint64_t offset_ = 0;
  std::unique_ptr<ByteSource> bytes_;  // from offset_ on, once they are asked for
};

class S3ObjectWriter final : public ObjectWriter {
 public:
  S3ObjectWriter(std::shared_ptr<S3Client> client, S3Url root, std::string key)
      : client_(std::move(client)), root_(std::move(root)), key_(std::move(key)) {}

  Status write(std::span<const char> bytes) override {
    if (upload_ != nullptr) return upload_->write(bytes);
    held_.append(bytes.data(), bytes.size());
    if (held_.size() <= kS3PartBytes) return {};
    temporary_ = below_root(std::string(kTemporary) + random_name("object-"));
    upload_ = HOMEROOM_TRY(client_->write(temporary_));
    const Status written = upload_->write(held_);
    held_ = std::string();
    return written;
  }

  Status commit() override { return commit_as(key_); }

  Status commit_as(std::string_view key) override {
    const S3Url to = below_root(key);
    if (upload_ == nullptr) {
      HOMEROOM_TRY(client_->put(to, held_));
      held_.clear();
      return {};
    }
    HOMEROOM_TRY(upload_->finish());
    upload_.reset();
    const Status copied = client_->copy(temporary_, to);
    const Status removed = client_->remove(temporary_);
    return copied ? removed : copied;
  }

 private:
  [[nodiscard]] S3Url below_root(std::string_view key) const {
    return {root_.bucket, root_.key + std::string(key)};
  }

  std::shared_ptr<S3Client> client_;
  S3Url root_;
  std::string key_;
  std::string held_;  // until it is more than a part
  S3Url temporary_;
  std::unique_ptr<S3Upload> upload_;
};

}  // namespace

Result<std::unique_ptr<FileSource>> open_s3_object(std::string_view url) {
  std::shared_ptr<S3Client> client = HOMEROOM_TRY(s3_client());
  const S3Url at = HOMEROOM_TRY(parse_s3_url(url));
  S3Object object = HOMEROOM_TRY(client->find(at));
  return std::make_unique<ObjectFile>(std::move(client), std::move(object));
}

Result<std::shared_ptr<S3Folder>> S3Folder::open(std::string_view url) {
  S3Url root = HOMEROOM_TRY(parse_s3_url(url));
  if (!root.key.empty() && !root.key.ends_with('/')) root.key += '/';
  return std::make_shared<S3Folder>(HOMEROOM_TRY(s3_client()), std::move(root));
}

S3Url S3Folder::url_of(std::string_view key) const {
  return {root_.bucket, root_.key + std::string(key)};
}

Result<std::unique_ptr<ObjectWriter>> S3Folder::create(std::string_view key) const {
  return std::make_unique<S3ObjectWriter>(client_, root_, std::string(key));
}

Result<std::unique_ptr<ByteSource>> S3Folder::read(std::string_view key) const {
  const S3Object object = HOMEROOM_TRY(client_->find(url_of(key)));
  return client_->read(object, 0);
}

bool S3Folder::contains(std::string_view key) const {
  return client_->find(url_of(key)).has_value();
}

Result<std::vector<std::string>> S3Folder::list(std::string_view prefix) const {
  std::vector<std::string> keys;
  for (const S3Object& object : HOMEROOM_TRY(client_->list(url_of(prefix)))) {
    std::string key = object.at.key.substr(root_.key.size());
    if (!key.starts_with(kTemporary) && !key.ends_with('/')) keys.push_back(std::move(key));
  }
  std::ranges::sort(keys);
  return keys;
}

Status S3Folder::remove(std::string_view key) const {
  return client_->remove(url_of(key));
}

Status S3Folder::take_file(const std::filesystem::path& file, std::string_view key) const {
  const auto source = HOMEROOM_TRY(FileSource::open(file));
  const auto writer = HOMEROOM_TRY(create(key));
  std::string bytes(kCopyBytes, '\0');
  while (const std::size_t size = HOMEROOM_TRY(source->read(bytes))) {
    HOMEROOM_TRY(writer->write(std::span(bytes).first(size)));
  }
  return writer->commit();
}

}  // namespace homeroom::io
