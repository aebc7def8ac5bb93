#include <cerrno>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/result.h"
#include "io/file.h"
#include "io/process/process.h"
#include "io/process/process_child.h"

namespace homeroom::io {
namespace {

constexpr std::size_t kEntrySize = std::size_t{64} * 1024;

User user_of(const passwd& entry) {
  User user{.name = entry.pw_name, .id = entry.pw_uid, .group = entry.pw_gid, .groups = {}};
  int num_groups = 64;
  user.groups.resize(static_cast<std::size_t>(num_groups));
  if (::getgrouplist(entry.pw_name, entry.pw_gid, user.groups.data(), &num_groups) < 0) {
    user.groups.resize(static_cast<std::size_t>(num_groups));
    num_groups = ::getgrouplist(entry.pw_name, entry.pw_gid, user.groups.data(), &num_groups);
  }
  user.groups.resize(static_cast<std::size_t>(num_groups < 0 ? 0 : num_groups));
  return user;
}

}  // namespace

Result<User> find_user(const std::string& name) {
  std::vector<char> buffer(kEntrySize);
  passwd entry{};
  passwd* found = nullptr;
  ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  if (found == nullptr) {
    return fail(ErrorCode::kConfig, fmt::format("this system has no user {}", name),
                "install the package that makes it, or name another user");
  }
  return user_of(entry);
}

User current_user() {
  std::vector<char> buffer(kEntrySize);
  passwd entry{};
  passwd* found = nullptr;
  ::getpwuid_r(::geteuid(), &entry, buffer.data(), buffer.size(), &found);
  if (found != nullptr) return user_of(entry);
  return User{.name = std::to_string(::geteuid()),
              .id = ::geteuid(),
              .group = ::getegid(),
              .groups = {::getegid()}};
}

Result<int> call_as(const std::optional<User>& user, const std::function<int()>& work) {
  if (!user || user->id == ::geteuid()) return work();
  const pid_t pid = ::fork();
  if (pid < 0) return tl::unexpected(io_error(errno, "cannot act as user", user->name));
  if (pid == 0) {
    // An exit code has 8 bits, as have the numbers of errno.
    child::end(child::become(*user) == 0 ? work() : errno);
  }
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return tl::unexpected(io_error(errno, "cannot act as user", user->name));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
}

}  // namespace homeroom::io
