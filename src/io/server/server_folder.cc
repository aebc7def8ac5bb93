#include "io/server/server_folder.h"

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/result.h"
#include "base/text.h"
#include "io/file.h"
#include "io/process/process.h"
#include "io/server/private_postgres.h"
#include "io/server/server_settings.h"
#include "io/sha256.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHashDigits = 12;

tl::unexpected<Error> failure(int error_number, std::string_view what, const fs::path& path) {
  return tl::unexpected(io_error(error_number, what, path));
}

/// Whole and without links, as the server sees it too.
fs::path absolute_path(const fs::path& path) {
  std::error_code error;
  fs::path whole = fs::absolute(path, error);
  fs::path resolved = fs::weakly_canonical(whole, error);
  if (!error) whole = std::move(resolved);
  return whole.has_filename() ? whole : whole.parent_path();
}

/// Runs `work` as the server's user; its errno becomes an Error.
Status act(const std::optional<User>& user, std::string_view what, const fs::path& path,
           const std::function<int()>& work) {
  const int error_number = HOMEROOM_TRY(call_as(user, work));
  if (error_number != 0) return failure(error_number, what, path);
  return {};
}

int outcome_of(int returned) {
  return returned == 0 ? 0 : errno;
}

uid_t id_of(const std::optional<User>& user) {
  return user ? user->id : ::geteuid();
}

std::string name_of(const std::optional<User>& user) {
  return user ? user->name : current_user().name;
}

/// The folders above the server's that are missing: root's are open to pass through, because
/// another user must reach what is below.
Status make_parents(const fs::path& folder, const std::optional<User>& user) {
  if (folder.empty() || ::access(folder.c_str(), F_OK) == 0) return {};
  if (folder.has_relative_path()) HOMEROOM_TRY(make_parents(folder.parent_path(), user));
  if (::mkdir(folder.c_str(), user ? 0711 : 0700) != 0 && errno != EEXIST) {
    return failure(errno, "cannot make the folder", folder);
  }
  return {};
}

/// Fails with the name of the first folder on the way that the user may not pass.
Status check_way(const fs::path& folder, const User& user) {
  fs::path passed;
  for (const fs::path& part : folder) {
    passed /= part;
    const int error_number =
        HOMEROOM_TRY(call_as(user, [&passed] { return outcome_of(::chdir(passed.c_str())); }));
    if (error_number == 0) continue;
    if (error_number != EACCES) return failure(error_number, "cannot enter", passed);
    return fail(
        ErrorCode::kConfig,
        fmt::format("user {}, who runs PostgreSQL, may not enter {}", user.name, passed.string()),
        fmt::format("use another --data folder, or let others pass through this one "
                    "(`chmod o+x {}`)",
                    passed.string()));
  }
  return {};
}

tl::unexpected<Error> wrong_owner(const fs::path& path, uid_t owner,
                                  const std::optional<User>& user) {
  return fail(ErrorCode::kConfig,
              fmt::format("{} belongs to user number {}, but {} is to run PostgreSQL there",
                          path.string(), owner, name_of(user)),
              "run the command as the user that it belongs to, or use another --data folder");
}

/// A folder of root's that is empty is handed over.
Status take_over(const fs::path& path, const User& user) {
  std::error_code error;
  if (!fs::is_empty(path, error) || error) return wrong_owner(path, 0, user);
  if (::lchown(path.c_str(), user.id, user.group) != 0) {
    return failure(errno, "cannot hand over", path);
  }
  return {};
}

/// A folder that is private to the server's user.
Status make_private(const fs::path& path, const std::optional<User>& user) {
  const auto make = [&path] {
    const int error_number = outcome_of(::mkdir(path.c_str(), 0700));
    return error_number == EEXIST ? 0 : error_number;
  };
  HOMEROOM_TRY(act(user, "cannot make the folder", path, make));
  struct stat status{};
  if (::lstat(path.c_str(), &status) != 0) return failure(errno, "cannot open", path);
  if (!S_ISDIR(status.st_mode)) return failure(ENOTDIR, "cannot use", path);
  if (status.st_uid != id_of(user)) return wrong_owner(path, status.st_uid, user);
  if ((status.st_mode & 0777) == 0700) return {};
  return act(user, "cannot make private", path,
             [&path] { return outcome_of(::chmod(path.c_str(), 0700)); });
}

/// Writes `content` to a new file, durably. System calls only.
int write_new(const char* path, std::string_view content) {
  const int file = ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) return errno;
  int error_number = 0;
  while (!content.empty() && error_number == 0) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written >= 0) content.remove_prefix(static_cast<std::size_t>(written));
    if (written < 0 && errno != EINTR) error_number = errno;
  }
  if (error_number == 0) error_number = outcome_of(::fsync(file));
  ::close(file);
  return error_number;
}

}  // namespace

fs::path socket_folder(const PrivatePostgresOptions& options) {
  const fs::path root = absolute_path(options.folder);
  fs::path socket = root / "socket";
  if (fits_socket(socket)) return socket;
  struct stat status{};
  uid_t owner = ::geteuid();
  if (::stat(root.c_str(), &status) == 0) {
    owner = status.st_uid;
  } else if (const auto user = find_user(options.run_as); owner == 0 && user) {
    owner = user->id;
  }
  Sha256 hash;
  hash.update(root.native());
  return absolute_path(options.short_folder) /
         fmt::format("homeroom-{}-{}", owner, hash.finish().substr(0, kHashDigits));
}

Result<ServerFolder> describe_server_folder(const PrivatePostgresOptions& options) {
  ServerFolder folder;
  folder.root = absolute_path(options.folder);
  folder.cluster = folder.root / "cluster";
  folder.new_cluster = folder.root / "cluster.new";
  folder.log = folder.root / "log";
  folder.start_log = folder.log / "start.log";
  if (::geteuid() == 0) {
    User user = HOMEROOM_TRY(find_user(options.run_as));
    if (user.id == 0) {
      return fail(ErrorCode::kConfig, "PostgreSQL refuses to run as root",
                  "name another user for it");
    }
    folder.user = std::move(user);
  }
  folder.socket = socket_folder(options);
  return folder;
}

Status make_server_folder(const ServerFolder& folder) {
  const fs::path parent = folder.root.parent_path();
  HOMEROOM_TRY(make_parents(parent, folder.user));
  if (folder.user) {
    HOMEROOM_TRY(check_way(parent, *folder.user));
    if (::mkdir(folder.root.c_str(), 0700) != 0 && errno != EEXIST) {
      return failure(errno, "cannot make the folder", folder.root);
    }
    struct stat status{};
    if (::lstat(folder.root.c_str(), &status) == 0 && status.st_uid == 0) {
      HOMEROOM_TRY(take_over(folder.root, *folder.user));
    }
  }
  HOMEROOM_TRY(make_private(folder.root, folder.user));
  return make_private(folder.log, folder.user);
}

Status make_socket_folder(const ServerFolder& folder) {
  return make_private(folder.socket, folder.user);
}

Status write_as(const std::optional<User>& user, const fs::path& path, std::string_view content) {
  const std::string temporary = path.string() + ".new";
  return act(user, "cannot write", path, [&] {
    ::unlink(temporary.c_str());
    const int error_number = write_new(temporary.c_str(), content);
    if (error_number != 0) return error_number;
    return outcome_of(::rename(temporary.c_str(), path.c_str()));
  });
}

Result<std::optional<PidFile>> read_pid_file(const ServerFolder& folder) {
  // Lines of postmaster.pid: pid, data folder, start time, port, socket folder, address, shared
  // memory key, status. See pidfile.h of PostgreSQL.
  constexpr std::size_t kStatusLine = 7;
  const fs::path path = folder.cluster / "postmaster.pid";
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) return std::nullopt;
  const auto content = read_file(path);
  // The server may remove it between the two looks.
  if (!content && ::access(path.c_str(), F_OK) != 0 && errno == ENOENT) return std::nullopt;
  if (!content) return tl::unexpected(content.error());
  const std::vector<std::string_view> lines = split(*content, '\n');
  PidFile file;
  std::from_chars(lines[0].data(), lines[0].data() + lines[0].size(), file.pid);
  if (file.pid <= 0) return std::nullopt;
  file.is_ready = lines.size() > kStatusLine && trim(lines[kStatusLine]) == "ready";
  return file;
}

}  // namespace homeroom::io
