#include "run/backup/backup.h"

#include <memory>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/byte_source.h"
#include "io/file.h"
#include "io/postgres/dump.h"
#include "run/reading/input_stream.h"

namespace homeroom::run {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kIndex = "backup.json";
constexpr std::string_view kStore = "store";
constexpr std::string_view kDumpStart = "database-";
constexpr std::string_view kDumpEnd = ".dump";
constexpr std::size_t kBlock = 256 * 1024;

Result<std::string> hash_of(const fs::path& path) {
  const auto source = HOMEROOM_TRY(io::FileSource::open(path));
  return hash_file(path, HOMEROOM_TRY(source->stamp()));
}

// True where the copy is the object: those that are written again are newer than their copy.
bool is_copied(const io::Store& from, const io::Store& to, const std::string& key) {
  std::error_code code;
  const fs::path one = from.root() / key;
  const fs::path two = to.root() / key;
  const auto size = fs::file_size(one, code);
  if (code || fs::file_size(two, code) != size || code) return false;
  const auto written = fs::last_write_time(one, code);
  return !code && fs::last_write_time(two, code) >= written && !code;
}

Result<std::uint64_t> copy_object(const io::Store& from, const io::Store& to,
                                  const std::string& key) {
  const auto source = HOMEROOM_TRY(from.read(key));
  const auto copy = HOMEROOM_TRY(to.create(key));
  std::vector<char> block(kBlock);
  std::uint64_t num_bytes = 0;
  while (const std::size_t size = HOMEROOM_TRY(source->read(block))) {
    HOMEROOM_TRY(copy->write(std::span(block).first(size)));
    num_bytes += size;
  }
  HOMEROOM_TRY(copy->commit());
  return num_bytes;
}

nlohmann::ordered_json to_json(const Backup& backup) {
  return {{"schema_version", 1},
          {"made_at", backup.made_at},
          {"engine_version", backup.engine_version},
          {"database", backup.dump},
          {"database_sha256", backup.dump_sha256},
          {"database_bytes", backup.dump_bytes},
          {"objects", backup.num_objects}};
}

Status write_index(const fs::path& folder, const Backup& backup) {
  const auto writer =
      HOMEROOM_TRY(io::FileWriter::create(folder / kIndex, io::FileAccess::kPrivate));
  const std::string text = to_json(backup).dump(2) + "\n";
  HOMEROOM_TRY(writer->write(text));
  return writer->commit();
}

Error no_backup(const fs::path& folder, std::string_view why) {
  return {
      .code = ErrorCode::kInvalidInput,
      .message = fmt::format("{} holds no backup that can be restored: {}", folder.string(), why),
      .hint = "name a folder that `homeroom backup` finished",
      .detail = {},
      .position = {}};
}

void remove_other_dumps(const fs::path& folder, const std::string& dump) {
  std::error_code code;
  for (const auto& entry : fs::directory_iterator(folder, code)) {
    const std::string name = entry.path().filename().string();
    const bool is_dump =
        name.size() == dump.size() && name.starts_with(kDumpStart) && name.ends_with(kDumpEnd);
    if (is_dump && name != dump) fs::remove(entry.path(), code);
  }
}

}  // namespace

Result<Backup> make_backup(const std::string& url, const std::string& role, const io::Store& store,
                           const fs::path& folder, const MadeBy& made_by, BackupCounts& counts) {
  const io::Store copies = HOMEROOM_TRY(io::Store::open(folder / kStore));
  Backup backup{.made_at = made_by.time,
                .engine_version = made_by.engine_version,
                .dump = io::random_name(kDumpStart).append(kDumpEnd),
                .dump_sha256 = {}};
  const fs::path dump = folder / backup.dump;
  HOMEROOM_TRY(io::dump_database(url, role, dump));
  HOMEROOM_TRY(io::sync_folder(folder));
  backup.dump_sha256 = HOMEROOM_TRY(hash_of(dump));
  std::error_code code;
  backup.dump_bytes = fs::file_size(dump, code);
  const std::vector<std::string> keys = HOMEROOM_TRY(store.list(""));
  backup.num_objects = keys.size();
  for (const std::string& key : keys) {
    if (is_copied(store, copies, key)) continue;
    counts.bytes_copied += HOMEROOM_TRY(copy_object(store, copies, key));
    ++counts.num_copied;
  }
  counts.num_left = HOMEROOM_TRY(copies.list("")).size() - keys.size();
  HOMEROOM_TRY(write_index(folder, backup));
  remove_other_dumps(folder, backup.dump);
  return backup;
}

Result<Backup> read_backup(const fs::path& folder) {
  std::error_code code;
  if (!fs::is_regular_file(folder / kIndex, code)) {
    return tl::unexpected(no_backup(folder, "there is no backup.json in it"));
  }
  const std::string text = HOMEROOM_TRY(io::read_file(folder / kIndex));
  const auto json = nlohmann::json::parse(text, nullptr, false);
  const bool is_ours = json.is_object() && json.value("schema_version", 0) == 1 &&
                       json.contains("database") && json.contains("database_sha256");
  if (!is_ours) return tl::unexpected(no_backup(folder, "its backup.json is damaged, or newer"));
  Backup backup{.made_at = json.value("made_at", std::string()),
                .engine_version = json.value("engine_version", std::string()),
                .dump = json.value("database", std::string()),
                .dump_sha256 = json.value("database_sha256", std::string()),
                .dump_bytes = json.value("database_bytes", std::uint64_t{0}),
                .num_objects = json.value("objects", std::uint64_t{0})};
  const Result<std::string> hash = hash_of(folder / backup.dump);
  if (!hash || *hash != backup.dump_sha256) {
    return tl::unexpected(no_backup(folder, backup.dump + " is not the file that was written"));
  }
  return backup;
}

Result<std::uint64_t> restore_objects(const fs::path& folder, const io::Store& store) {
  const io::Store copies = HOMEROOM_TRY(io::Store::open(folder / kStore));
  std::uint64_t count = 0;
  for (const std::string& key : HOMEROOM_TRY(copies.list(""))) {
    HOMEROOM_TRY(copy_object(copies, store, key));
    ++count;
  }
  return count;
}

}  // namespace homeroom::run
