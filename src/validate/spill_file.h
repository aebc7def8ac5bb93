#pragma once

// Room on disk for what does not fit in memory.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "base/result.h"

namespace homeroom::validate {

/// A file without a name, readable by nobody else; its room is given back when the object or the
/// program ends. Not shared by threads.
class SpillFile {
 public:
  /// Errors: kIo when `folder` cannot be written.
  [[nodiscard]] static Result<SpillFile> create(const std::filesystem::path& folder);

  SpillFile(SpillFile&& other) noexcept;
  SpillFile& operator=(SpillFile&& other) noexcept;
  ~SpillFile();

  /// Writes at the end. Errors: kIo; a full disk is named as such.
  [[nodiscard]] Status append(std::span<const std::byte> bytes);

  /// Fills `out` from `offset` on. Errors: kIo, also when the file ends before.
  [[nodiscard]] Status read(std::uint64_t offset, std::span<std::byte> out) const;

  [[nodiscard]] std::uint64_t size_bytes() const { return size_bytes_; }

 private:
  SpillFile(int descriptor, std::filesystem::path folder)
      : descriptor_(descriptor), folder_(std::move(folder)) {}

  int descriptor_ = -1;
  std::filesystem::path folder_;
  std::uint64_t size_bytes_ = 0;
};

}  // namespace homeroom::validate
