#include "io/file.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/result.h"
#include "io/s3/s3_client.h"
#include "io/s3/s3_file.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReadStep = std::size_t{64} * 1024;

tl::unexpected<Error> failure(int error_number, std::string_view what, const fs::path& path) {
  return tl::unexpected<Error>(io_error(error_number, what, path));
}

std::string_view kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISCHR(mode) || S_ISBLK(mode)) return "a device";
  if (S_ISFIFO(mode)) return "a pipe";
  return "a socket";
}

tl::unexpected<Error> not_a_file(mode_t mode, const fs::path& path) {
  return fail(ErrorCode::kInvalidInput,
              fmt::format("{} is {}, not a file", path.string(), kind_of(mode)),
              S_ISDIR(mode) ? "name a file in it" : "name a regular file");
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

class LocalFile final : public FileSource {
 public:
  LocalFile(int descriptor, fs::path path) : descriptor_(descriptor), path_(std::move(path)) {}

  ~LocalFile() override { ::close(descriptor_); }

  Result<std::size_t> read(std::span<char> out) override {
    for (;;) {
      const ssize_t num_read = ::read(descriptor_, out.data(), out.size());
      if (num_read >= 0) return static_cast<std::size_t>(num_read);
      if (errno != EINTR) return failure(errno, "cannot read", path_);
    }
  }

  Result<FileStamp> stamp() const override {
    struct stat status{};
    if (::fstat(descriptor_, &status) != 0) return failure(errno, "cannot read", path_);
    return FileStamp{.size_bytes = static_cast<std::uint64_t>(status.st_size),
                     .modified_ns = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 +
                                    std::int64_t{status.st_mtim.tv_nsec},
                     .inode = status.st_ino};
  }

  Status seek(std::uint64_t offset) override {
    if (::lseek(descriptor_, static_cast<off_t>(offset), SEEK_SET) < 0) {
      return failure(errno, "cannot read", path_);
    }
    return {};
  }

 private:
  int descriptor_;
  fs::path path_;
};

}  // namespace

Status sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return failure(errno, "cannot open", folder);
  const int error_number = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (error_number != 0) return failure(error_number, "cannot write", folder);
  return {};
}

std::string random_name(std::string_view prefix) {
  std::uint64_t number = 0;
  while (::getrandom(&number, sizeof number, 0) != sizeof number) {
  }
  return fmt::format("{}{:016x}", prefix, number);
}

Result<std::unique_ptr<FileSource>> FileSource::open(const fs::path& path) {
  if (is_s3_url(path.native())) return open_s3_object(path.native());
  // Without O_NONBLOCK a named pipe would keep us here until someone writes to it.
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) {
    struct stat status{};
    if (errno == ENXIO && ::stat(path.c_str(), &status) == 0)
      return not_a_file(status.st_mode, path);
    return failure(errno, "cannot open", path);
  }
  auto source = std::make_unique<LocalFile>(descriptor, path);
  struct stat status{};
  if (::fstat(descriptor, &status) != 0) return failure(errno, "cannot read", path);
  if (!S_ISREG(status.st_mode)) return not_a_file(status.st_mode, path);
  ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  return source;
}

FileWriter::FileWriter(int descriptor, fs::path path, fs::path temporary)
    : descriptor_(descriptor), path_(std::move(path)), temporary_(std::move(temporary)) {}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

Result<std::unique_ptr<FileWriter>> FileWriter::create(const fs::path& path, FileAccess access) {
  fs::path target = path;
  struct stat status{};
  if (::stat(path.c_str(), &status) == 0) {
    // Renaming onto /dev/null would replace the device for everyone.
    if (!S_ISREG(status.st_mode)) return not_a_file(status.st_mode, path);
    std::error_code error;
    target = fs::canonical(path, error);
    if (error) return failure(error.value(), "cannot write", path);
  } else if (!path.has_filename()) {
    return failure(EISDIR, "cannot write", path);
  }
  fs::path temporary = folder_of(target) / random_name(".homeroom-");
  const int descriptor =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
             access == FileAccess::kPrivate ? 0600 : 0666);
  if (descriptor < 0) return failure(errno, "cannot write", path);
  return std::unique_ptr<FileWriter>(
      new FileWriter(descriptor, std::move(target), std::move(temporary)));
}

Status FileWriter::write(std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t num_written = ::write(descriptor_, bytes.data(), bytes.size());
    if (num_written < 0 && errno == EINTR) continue;
    if (num_written < 0) return failure(errno, "cannot write", path_);
    bytes = bytes.subspan(static_cast<std::size_t>(num_written));
  }
  return {};
}

Status FileWriter::commit() {
  return commit_as(path_);
}

Status FileWriter::commit_as(const fs::path& path) {
  // A failed fsync is final: the kernel may have dropped the pages, a second one would lie.
  if (::fsync(descriptor_) != 0) return failure(errno, "cannot write", path);
  const int closed = ::close(std::exchange(descriptor_, -1));
  if (closed != 0) return failure(errno, "cannot write", path);
  if (::rename(temporary_.c_str(), path.c_str()) != 0) {
    return failure(errno, "cannot write", path);
  }
  temporary_.clear();
  return sync_folder(folder_of(path));
}

Result<std::string> read_file(const fs::path& path, std::size_t max_bytes) {
  const std::unique_ptr<FileSource> source = HOMEROOM_TRY(FileSource::open(path));
  std::string content;
  for (;;) {
    const std::size_t size = content.size();
    content.resize(size + kReadStep);
    const std::size_t num_read =
        HOMEROOM_TRY(source->read(std::span(content).subspan(size, kReadStep)));
    content.resize(size + num_read);
    if (num_read == 0) return content;
    if (content.size() > max_bytes) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("{} is larger than {} bytes", path.string(), max_bytes),
                  "a file of this kind is small; check that it is the right one");
    }
  }
}

Result<TemporaryFolder> TemporaryFolder::create(const fs::path& parent) {
  fs::path path = parent / random_name("homeroom-");
  if (::mkdir(path.c_str(), 0700) != 0) return failure(errno, "cannot make a folder in", parent);
  return TemporaryFolder(std::move(path));
}

TemporaryFolder::TemporaryFolder(TemporaryFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace homeroom::io
