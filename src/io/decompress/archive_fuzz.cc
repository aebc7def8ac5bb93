// Property: any bytes, as a file, are an archive whose every file ends within the limits in bytes
// or in one error, or are no archive and read as they are.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/byte_source.h"
#include "base/result.h"
#include "io/decompress/archive.h"

namespace {

using homeroom::Result;
using homeroom::io::ArchiveCheck;
using homeroom::io::ArchiveLimits;

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 20;

Result<std::uint64_t> count_bytes(const std::string& path, ArchiveCheck check,
                                  const ArchiveLimits& limits) {
  const auto opened = HOMEROOM_TRY(homeroom::io::open_path(path, check, limits));
  std::string buffer(std::size_t{1} << 14, '\0');
  for (std::uint64_t total = 0;;) {
    const std::size_t size = HOMEROOM_TRY(opened.bytes().read(buffer));
    if (size == 0) return total;
    total += size;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const int descriptor = memfd_create("archive", MFD_CLOEXEC);
  if (descriptor < 0 || write(descriptor, data, size) != static_cast<ssize_t>(size)) return 0;
  const std::string path = fmt::format("/proc/self/fd/{}", descriptor);
  const ArchiveLimits limits{.max_members = 50, .bytes = {.max_bytes = kMostBytes}};
  const auto listing = homeroom::io::list_archive(path, limits);
  if (listing && *listing) {
    for (const auto& member : (*listing)->members) {
      if (member.refusal) continue;
      const auto total = count_bytes(path + "/" + member.name, ArchiveCheck::kMember, limits);
      if (total && *total > kMostBytes) __builtin_trap();
    }
  } else if (listing) {
    const auto total = count_bytes(path, ArchiveCheck::kWhole, limits);
    if (!total || *total != size) __builtin_trap();
  }
  close(descriptor);
  return 0;
}
