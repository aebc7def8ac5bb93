#include "io/file_lock.h"

#include <cerrno>
#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/result.h"
#include "io/deadline.h"
#include "io/file.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kShortWait{10};

/// 0 with the lock, EWOULDBLOCK when the deadline passed, or another errno.
int wait_for_lock(int descriptor, LockMode mode, const Deadline& deadline) {
  const int operation = (mode == LockMode::kShared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  while (::flock(descriptor, operation) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return errno;
    if (deadline.has_passed()) return EWOULDBLOCK;
    sleep_for(kShortWait);
  }
  return 0;
}

bool is_still(const fs::path& path, int descriptor) {
  struct stat opened{};
  struct stat named{};
  return ::fstat(descriptor, &opened) == 0 && ::stat(path.c_str(), &named) == 0 &&
         opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

}  // namespace

Result<std::optional<FileLock>> FileLock::lock_folder(const fs::path& folder, LockMode mode,
                                                      const Deadline& deadline) {
  FileLock lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (lock.descriptor_ < 0) return tl::unexpected(io_error(errno, "cannot open", folder));
  const int error_number = wait_for_lock(lock.descriptor_, mode, deadline);
  if (error_number == EWOULDBLOCK) return std::nullopt;
  if (error_number != 0) return tl::unexpected(io_error(error_number, "cannot lock", folder));
  return lock;
}

Result<std::optional<FileLock>> FileLock::lock_file(const fs::path& file, LockMode mode,
                                                    const Deadline& deadline) {
  for (;;) {
    FileLock lock(::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (lock.descriptor_ < 0) return tl::unexpected(io_error(errno, "cannot open", file));
    const int error_number = wait_for_lock(lock.descriptor_, mode, deadline);
    if (error_number == EWOULDBLOCK) return std::nullopt;
    if (error_number != 0) return tl::unexpected(io_error(error_number, "cannot lock", file));
    if (is_still(file, lock.descriptor_)) return lock;
  }
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace homeroom::io
