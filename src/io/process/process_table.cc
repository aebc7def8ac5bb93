#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/mman.h>
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

/// The words of /proc/PID/stat after the program's name, which may hold blanks and parentheses:
/// state is the first, the start time the twentieth. See proc(5).
std::string status_words(pid_t pid) {
  const auto content = read_file(fmt::format("/proc/{}/stat", pid));
  if (!content) return {};
  const std::size_t end_of_name = content->rfind(')');
  if (end_of_name == std::string::npos) return {};
  return std::string(trim(std::string_view(*content).substr(end_of_name + 1)));
}

constexpr std::size_t kStartWord = 19;

struct Candidate {
  pid_t pid = 0;
  std::string program;  ///< the link to its program file
  std::string folder;   ///< the link to the folder it runs in
};

std::vector<Candidate> processes_of(uid_t user) {
  std::vector<Candidate> found;
  std::error_code error;
  for (fs::directory_iterator entry("/proc", error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    const char* const end = name.data() + name.size();
    pid_t pid = 0;
    const auto parsed = std::from_chars(name.data(), end, pid);
    struct stat status{};
    if (parsed.ec != std::errc{} || parsed.ptr != end) continue;
    if (::stat(entry->path().c_str(), &status) != 0 || status.st_uid != user) continue;
    found.push_back({pid, entry->path() / "exe", entry->path() / "cwd"});
  }
  return found;
}

/// Flags that a child process sets for its parent.
class SharedFlags {
 public:
  [[nodiscard]] static Result<SharedFlags> create(std::size_t size) {
    void* const memory =
        ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return tl::unexpected(io_error(errno, "cannot look at", "/proc"));
    return SharedFlags(static_cast<bool*>(memory), size);
  }

  SharedFlags(SharedFlags&& other) noexcept
      : flags_(std::exchange(other.flags_, nullptr)), size_(other.size_) {}

  SharedFlags& operator=(SharedFlags&&) = delete;

  ~SharedFlags() {
    if (flags_ != nullptr) ::munmap(flags_, size_);
  }

  bool& operator[](std::size_t index) { return flags_[index]; }

 private:
  SharedFlags(bool* flags, std::size_t size) : flags_(flags), size_(size) {}

  bool* flags_;
  std::size_t size_;
};

using LinkBuffer = std::array<char, 4096>;

std::string_view read_link(const char* link, LinkBuffer& buffer) {
  const ssize_t length = ::readlink(link, buffer.data(), buffer.size());
  return {buffer.data(), length < 0 ? 0 : static_cast<std::size_t>(length)};
}

/// "postgres" also for "/usr/.../postgres (deleted)", which an upgrade of the package leaves.
std::string_view file_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

}  // namespace

std::optional<std::uint64_t> start_ticks(pid_t pid) {
  if (pid <= 0) return std::nullopt;
  const std::string text = status_words(pid);
  const std::vector<std::string_view> words = split(text, ' ');
  if (words.size() <= kStartWord || words[0] == "Z" || words[0] == "X") return std::nullopt;
  const std::string_view word = words[kStartWord];
  std::uint64_t ticks = 0;
  if (std::from_chars(word.data(), word.data() + word.size(), ticks).ec != std::errc{}) {
    return std::nullopt;
  }
  return ticks;
}

bool is_alive(pid_t pid) {
  return start_ticks(pid).has_value();
}

Result<std::vector<pid_t>> find_processes(const std::optional<User>& user,
                                          const std::string& program_name, const fs::path& folder) {
  std::vector<Candidate> candidates = processes_of(user ? user->id : ::geteuid());
  if (candidates.empty()) return std::vector<pid_t>{};
  SharedFlags matches = HOMEROOM_TRY(SharedFlags::create(candidates.size()));
  const std::string& wanted_folder = folder.native();
  // In a container root may be kept from seeing what another user's process runs.
  HOMEROOM_TRY(call_as(user, [&] {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      LinkBuffer buffer{};
      const std::string_view program = file_name(read_link(candidates[i].program.c_str(), buffer));
      if (!program.starts_with(program_name)) continue;
      matches[i] = read_link(candidates[i].folder.c_str(), buffer) == wanted_folder;
    }
    return 0;
  }));
  std::vector<pid_t> found;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (matches[i] && is_alive(candidates[i].pid)) found.push_back(candidates[i].pid);
  }
  return found;
}

}  // namespace homeroom::io
