#include "run/bundle/raw_archive.h"

#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "base/result.h"
#include "contract/match.h"
#include "io/file.h"
#include "io/sha256.h"
#include "io/store.h"
#include "run/reading/input_stream.h"
#include "run/reading/prepare.h"

namespace homeroom::run {
namespace {

constexpr std::size_t kCopyBytes = std::size_t{256} * 1024;

std::string folder_of(const std::filesystem::path& path) {
  std::error_code code;
  const std::filesystem::path absolute = std::filesystem::absolute(path, code);
  const std::string name =
      (code ? path : absolute).lexically_normal().parent_path().filename().string();
  return name.empty() ? "unnamed" : name;
}

}  // namespace

Result<RawArchive> keep_archive(const io::Store& store, const std::filesystem::path& path) {
  const auto file = HOMEROOM_TRY(of_the_file(io::FileSource::open(path)));
  const std::string prefix = fmt::format("raw/{}/", folder_of(path));
  const auto copy = HOMEROOM_TRY(store.create(prefix + "incoming"));
  RawArchive archive{.path = path, .stamp = HOMEROOM_TRY(of_the_file(file->stamp())), .key = {}};
  io::Sha256 hash;
  std::vector<char> buffer(kCopyBytes);
  for (;;) {
    const std::size_t size = HOMEROOM_TRY(of_the_file(file->read(buffer)));
    if (size == 0) break;
    hash.update(std::span(buffer).first(size));
    HOMEROOM_TRY(copy->write(std::span(buffer).first(size)));
  }
  if (HOMEROOM_TRY(of_the_file(file->stamp())) != archive.stamp) {
    return tl::unexpected(changed_while_read(path));
  }
  archive.key = prefix +
                object_name(contract::split_file_name(path.string(), {}).stem, hash.finish()) +
                path.extension().string();
  if (!store.contains(archive.key)) HOMEROOM_TRY(copy->commit_as(archive.key));
  return archive;
}

}  // namespace homeroom::run
