#include "validate/spill_file.h"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkostemp is POSIX
#include <unistd.h>

namespace homeroom::validate {
namespace {

tl::unexpected<Error> fail_errno(std::string_view what, const std::filesystem::path& folder,
                                 int number) {
  const bool is_full = number == ENOSPC || number == EDQUOT;
  return fail_with_detail(
      ErrorCode::kIo, fmt::format("the temporary file in {} cannot be {}", folder.string(), what),
      is_full ? "the disk is full: make room there, or name another folder for temporary files"
              : "check that the folder exists and may be written",
      std::generic_category().message(number));
}

}  // namespace

Result<SpillFile> SpillFile::create(const std::filesystem::path& folder) {
  std::string path = (folder / "spill-XXXXXX").string();
  const int descriptor = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor < 0) return fail_errno("made", folder, errno);
  ::unlink(path.c_str());
  return SpillFile(descriptor, folder);
}

SpillFile::SpillFile(SpillFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      folder_(std::move(other.folder_)),
      size_bytes_(other.size_bytes_) {}

SpillFile& SpillFile::operator=(SpillFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(folder_, other.folder_);
  std::swap(size_bytes_, other.size_bytes_);
  return *this;
}

SpillFile::~SpillFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Status SpillFile::append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        ::pwrite(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(size_bytes_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail_errno("written", folder_, errno);
    size_bytes_ += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Status SpillFile::read(std::uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const ssize_t got = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return fail_errno("read", folder_, got < 0 ? errno : EIO);
    offset += static_cast<std::uint64_t>(got);
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return {};
}

}  // namespace homeroom::validate
