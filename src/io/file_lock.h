#pragma once

// A lock between processes on a file or a folder, gone when its holder is, however it ended.

#include <filesystem>
#include <optional>

#include "base/result.h"
#include "io/deadline.h"

namespace homeroom::io {

enum class LockMode : unsigned char { kShared, kExclusive };

/// flock(2). Not shared by threads.
class FileLock {
 public:
  /// Locks a folder, which must be there. Nothing when others hold it until the deadline.
  [[nodiscard]] static Result<std::optional<FileLock>> lock_folder(
      const std::filesystem::path& folder, LockMode mode, const Deadline& deadline);
  /// Locks a file, made (mode 0600) when it is not there. A file that its last holder removed
  /// while we waited is made again.
  [[nodiscard]] static Result<std::optional<FileLock>> lock_file(const std::filesystem::path& file,
                                                                 LockMode mode,
                                                                 const Deadline& deadline);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace homeroom::io
