#include "io/scratch.h"

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/result.h"
#include "base/text.h"
#include "io/file.h"
#include "io/process/process.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kForeignAge{24};

/// The numbers of processes are those of a name space: a container has its own.
std::uint64_t process_space() {
  struct stat status{};
  return ::stat("/proc/self/ns/pid", &status) == 0 ? status.st_ino : 0;
}

/// "SPACE-PID-START": never given twice.
std::string name_of_this_process() {
  return fmt::format("{}-{}-{}", process_space(), ::getpid(), start_ticks(::getpid()).value_or(0));
}

template <class Number>
bool parse(std::string_view text, Number& number) {
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  return parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
}

/// Both times come from the disk that holds the folders, so that a wrong clock here does no harm.
bool is_old(const fs::path& folder, const fs::path& newest) {
  std::error_code error;
  const auto changed = fs::last_write_time(folder, error);
  if (error) return false;
  const auto now = fs::last_write_time(newest, error);
  return !error && now - changed > kForeignAge;
}

bool is_dead(const fs::path& folder, const fs::path& newest) {
  const std::string name = folder.filename().string();
  const std::vector<std::string_view> parts = split(name, '-');
  std::uint64_t space = 0;
  pid_t pid = 0;
  std::uint64_t start = 0;
  if (parts.size() != 3 || !parse(parts[0], space) || !parse(parts[1], pid) ||
      !parse(parts[2], start)) {
    return false;
  }
  if (space != process_space()) return is_old(folder, newest);
  return start_ticks(pid) != std::optional(start);
}

}  // namespace

Result<fs::path> make_scratch(const fs::path& parent) {
  fs::path folder = parent / name_of_this_process();
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return tl::unexpected(io_error(errno, "cannot make the folder", folder));
  }
  return folder;
}

void remove_dead_scratch(const fs::path& parent) {
  const fs::path own = parent / name_of_this_process();
  std::vector<fs::path> dead;
  std::error_code error;
  for (fs::directory_iterator entry(parent, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    if (is_dead(entry->path(), own)) dead.push_back(entry->path());
  }
  // Another process may be removing the same one.
  for (const fs::path& folder : dead) fs::remove_all(folder, error);
}

}  // namespace homeroom::io
