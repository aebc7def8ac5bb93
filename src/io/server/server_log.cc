#include "io/server/server_log.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/result.h"
#include "base/text.h"
#include "io/file.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostBytes = std::size_t{64} * 1024;
constexpr std::size_t kMostLines = 10;

struct Reason {
  std::string_view sign;
  ErrorCode code;
  std::string_view sentence;
  std::string_view hint;
};

constexpr std::array kReasons = {
    Reason{"No space left on device", ErrorCode::kIo, "the disk that holds {} is full",
           "free some space there (see `df -h`), then run the command again"},
    Reason{"Disk quota exceeded", ErrorCode::kIo, "the disk quota for {} is used up",
           "free some space or ask for a larger quota, then run the command again"},
    Reason{"Read-only file system", ErrorCode::kIo, "the disk that holds {} is mounted read-only",
           "use another --data folder"},
    Reason{"Cannot allocate memory", ErrorCode::kDatabase, "the system has no memory left for {}",
           "close other programs, then run the command again"},
    Reason{"configuration file", ErrorCode::kConfig, "a setting in {}/cluster is wrong",
           "undo the last change to postgresql.conf there; the detail names the line"},
    Reason{"unrecognized configuration parameter", ErrorCode::kConfig,
           "a setting in {}/cluster is wrong",
           "undo the last change to postgresql.conf there; the detail names the setting"},
    Reason{"could not locate a valid checkpoint", ErrorCode::kDatabase,
           "the database in {} is damaged",
           "restore it from a backup, or move the folder away and load the files again"},
};

/// Bytes of a file from `offset` on, the last kMostBytes of them; "" when it cannot be read.
std::string read_from(const fs::path& path, std::uint64_t offset) {
  const auto source = FileSource::open(path);
  if (!source) return {};
  const auto stamp = (*source)->stamp();
  if (!stamp) return {};
  // A log that is shorter than it was has been started anew.
  if (stamp->size_bytes < offset) offset = 0;
  const std::uint64_t size = std::min<std::uint64_t>(stamp->size_bytes - offset, kMostBytes);
  if (!(*source)->seek(stamp->size_bytes - size)) return {};
  std::string text(size, '\0');
  std::size_t filled = 0;
  while (filled < text.size()) {
    const auto num_read = (*source)->read(std::span(text).subspan(filled));
    if (!num_read || *num_read == 0) break;
    filled += *num_read;
  }
  text.resize(filled);
  return text;
}

std::string last_lines(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string_view line : split(text, '\n')) {
    if (!trim(line).empty()) lines.emplace_back(trim(line));
  }
  const std::size_t from = lines.size() > kMostLines ? lines.size() - kMostLines : 0;
  return join(std::span(lines).subspan(from), "; ");
}

}  // namespace

LogPosition log_position(const fs::path& folder) {
  LogPosition position;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    std::error_code gone;
    const std::uintmax_t size = entry->file_size(gone);
    if (!gone) position[entry->path()] = size;
  }
  return position;
}

std::string log_since(const fs::path& folder, const LogPosition& position) {
  std::string text;
  for (const auto& [path, size] : log_position(folder)) {
    const auto before = position.find(path);
    text += read_from(path, before == position.end() ? 0 : before->second);
  }
  return text;
}

Error explain_server_text(std::string_view what, std::string_view text, const fs::path& folder) {
  const auto found = std::ranges::find_if(kReasons, [text](const Reason& reason) {
    return text.find(reason.sign) != std::string_view::npos;
  });
  Error error{ErrorCode::kDatabase,
              std::string(what),
              fmt::format("see the detail and the log in {}", (folder / "log").string()),
              last_lines(text),
              {}};
  if (found == kReasons.end()) return error;
  error.code = found->code;
  error.message =
      fmt::format("{}: {}", what, fmt::format(fmt::runtime(found->sentence), folder.string()));
  error.hint = found->hint;
  return error;
}

}  // namespace homeroom::io
