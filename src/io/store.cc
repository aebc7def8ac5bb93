#include "io/store.h"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/byte_source.h"
#include "base/failpoint.h"
#include "base/result.h"
#include "base/text.h"
#include "io/file.h"
#include "io/s3/s3_file.h"
#include "io/scratch.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostKeyBytes = 1024;
constexpr std::size_t kMostPartBytes = 255;
constexpr std::string_view kTemporary = ".tmp";

tl::unexpected<Error> failure(int error_number, std::string_view what, const fs::path& path) {
  return tl::unexpected(io_error(error_number, what, path));
}

bool is_part(std::string_view part) {
  return !part.empty() && part != "." && part != ".." && part.size() <= kMostPartBytes;
}

bool is_key(std::string_view key) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; };
  if (key.size() > kMostKeyBytes || std::ranges::any_of(key, is_control)) return false;
  const std::vector<std::string_view> parts = split(key, '/');
  return std::ranges::all_of(parts, is_part) && parts.front() != kTemporary;
}

tl::unexpected<Error> not_a_key() {
  return fail(ErrorCode::kInvalidInput, "a store key is not a plain relative path",
              "use names joined by single slashes, without . or .., at most 1,024 bytes");
}

Result<fs::path> path_of(const fs::path& root, std::string_view key) {
  if (!is_key(key)) return not_a_key();
  return root / key;
}

/// Makes the folder and those above it up to the store's root, durably.
Status make_folder(const fs::path& folder, const fs::path& root) {
  if (folder == root || ::access(folder.c_str(), F_OK) == 0) return {};
  HOMEROOM_TRY(make_folder(folder.parent_path(), root));
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return failure(errno, "cannot make the folder", folder);
  }
  return sync_folder(folder.parent_path());
}

class FolderObjectWriter final : public ObjectWriter {
 public:
  FolderObjectWriter(std::unique_ptr<FileWriter> file, fs::path root, std::string key)
      : file_(std::move(file)), root_(std::move(root)), key_(std::move(key)) {}

  Status write(std::span<const char> bytes) override { return file_->write(bytes); }

  Status commit() override { return commit_as(key_); }

  Status commit_as(std::string_view key) override {
    const fs::path path = HOMEROOM_TRY(path_of(root_, key));
    HOMEROOM_TRY(make_folder(path.parent_path(), root_));
    HOMEROOM_FAILPOINT("object_written");
    HOMEROOM_TRY(file_->commit_as(path));
    HOMEROOM_FAILPOINT("object_named");
    return {};
  }

 private:
  std::unique_ptr<FileWriter> file_;
  fs::path root_;
  std::string key_;
};

/// The deepest folder that holds every key with this prefix.
fs::path folder_of_prefix(const fs::path& root, std::string_view prefix) {
  const std::size_t slash = prefix.rfind('/');
  return slash == std::string_view::npos ? root : root / prefix.substr(0, slash);
}

}  // namespace

Result<Store> Store::open(const fs::path& root) {
  std::error_code error;
  const fs::path whole = fs::absolute(root, error);
  if (error) return failure(error.value(), "cannot open", root);
  fs::create_directories(whole.parent_path(), error);
  if (error) return failure(error.value(), "cannot make the folder", whole.parent_path());
  const fs::path temporary = whole / kTemporary;
  for (const fs::path& folder : {whole, temporary}) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
      return failure(errno, "cannot make the folder", folder);
    }
  }
  fs::path scratch = HOMEROOM_TRY(make_scratch(temporary));
  remove_dead_scratch(temporary);
  return Store(whole, std::move(scratch));
}

Result<Store> Store::open_s3(std::string_view root, const fs::path& temporary) {
  const Store local = HOMEROOM_TRY(open(temporary));
  Store store(fs::path(root), local.scratch());
  store.bucket_ = HOMEROOM_TRY(S3Folder::open(root));
  return store;
}

Result<std::unique_ptr<ObjectWriter>> Store::create(std::string_view key) const {
  HOMEROOM_TRY(path_of(root_, key));
  if (bucket_ != nullptr) return bucket_->create(key);
  std::unique_ptr<FileWriter> file =
      HOMEROOM_TRY(FileWriter::create(scratch_ / random_name("object-"), FileAccess::kPrivate));
  return std::make_unique<FolderObjectWriter>(std::move(file), root_, std::string(key));
}

Result<std::unique_ptr<ByteSource>> Store::read(std::string_view key) const {
  const fs::path path = HOMEROOM_TRY(path_of(root_, key));
  if (bucket_ != nullptr) return bucket_->read(key);
  return HOMEROOM_TRY(FileSource::open(path));
}

bool Store::contains(std::string_view key) const {
  const auto path = path_of(root_, key);
  if (path && bucket_ != nullptr) return bucket_->contains(key);
  std::error_code error;
  return path && fs::is_regular_file(*path, error);
}

Result<std::vector<std::string>> Store::list(std::string_view prefix) const {
  const std::string_view name =
      prefix.ends_with('/') ? prefix.substr(0, prefix.size() - 1) : prefix;
  if (!prefix.empty() && !is_key(name)) return not_a_key();
  if (bucket_ != nullptr) return bucket_->list(prefix);
  std::vector<std::string> keys;
  const fs::path folder = folder_of_prefix(root_, prefix);
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  if (error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory) {
    return keys;
  }
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const std::string key = entry->path().lexically_relative(root_).generic_string();
    if (key == kTemporary) entry.disable_recursion_pending();
    if (!key.starts_with(prefix) || !is_key(key)) continue;
    std::error_code gone;
    if (entry->is_regular_file(gone) && !entry->is_symlink(gone)) keys.push_back(key);
  }
  if (error) return failure(error.value(), "cannot list", folder);
  std::ranges::sort(keys);
  return keys;
}

Status Store::take_from(const Store& other, std::string_view key) const {
  const fs::path from = HOMEROOM_TRY(path_of(other.root_, key));
  if (bucket_ != nullptr) {
    HOMEROOM_TRY(bucket_->take_file(from, key));
    return other.remove(key);
  }
  const fs::path path = HOMEROOM_TRY(path_of(root_, key));
  HOMEROOM_TRY(make_folder(path.parent_path(), root_));
  if (::rename(from.c_str(), path.c_str()) != 0) return failure(errno, "cannot publish", path);
  return sync_folder(path.parent_path());
}

Status Store::remove(std::string_view key) const {
  const fs::path path = HOMEROOM_TRY(path_of(root_, key));
  if (bucket_ != nullptr) return bucket_->remove(key);
  if (::unlink(path.c_str()) == 0) return sync_folder(path.parent_path());
  if (errno == ENOENT || errno == ENOTDIR) return {};
  return failure(errno, "cannot remove", path);
}

}  // namespace homeroom::io
