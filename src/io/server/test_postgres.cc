#include "io/server/test_postgres.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/result.h"
#include "io/deadline.h"
#include "io/file_lock.h"
#include "io/postgres/postgres.h"
#include "io/process/process.h"
#include "io/server/private_postgres.h"
#include "io/sha256.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kStartTimeout{60'000};
constexpr milliseconds kLook{500};
constexpr int kIdleLooks = 20;  // 10 s in which no test program used the server

/// Each test program holds `users` shared while it lives; the keeper, a process that the first of
/// them left behind, holds `keeper`, and stops the server once it can hold `users` alone.
struct Places {
  fs::path users;
  fs::path keeper;
  fs::path server;
  fs::path stopped;  ///< another server's folder, to copy from
  fs::path making;   ///< locked by who makes it
};

Places places() {
  Sha256 hash;
  hash.update(std::string(HOMEROOM_BUILD));
  const fs::path base = fs::path("/tmp") /
                        fmt::format("homeroom-test-{}-{}", ::geteuid(), hash.finish().substr(0, 8));
  return {.users = base.string() + ".users",
          .keeper = base.string() + ".keeper",
          .server = base.string(),
          .stopped = base.string() + ".stopped",
          .making = base.string() + ".making"};
}

PrivatePostgres server_at(const fs::path& folder) {
  return PrivatePostgres(
      {.folder = folder, .start_timeout = kStartTimeout, .durability = Durability::kNone});
}

/// When a test program began last to use the server.
timespec last_use(const Places& at) {
  struct stat status{};
  ::stat(at.users.c_str(), &status);
  return status.st_mtim;
}

void keep(const Places& at) {
  timespec seen = last_use(at);
  for (int idle = 0; idle < kIdleLooks;) {
    sleep_for(kLook);
    const timespec used = last_use(at);
    const auto alone = FileLock::lock_file(at.users, LockMode::kExclusive, Deadline::after({}));
    const bool is_idle =
        alone && *alone && used.tv_sec == seen.tv_sec && used.tv_nsec == seen.tv_nsec;
    idle = is_idle ? idle + 1 : 0;
    seen = used;
    if (idle < kIdleLooks) continue;
    // Nobody can begin to use it before `alone` is let go.
    [[maybe_unused]] const Status stopped = server_at(at.server).stop();
    std::error_code ignored;
    fs::remove_all(at.server, ignored);
    fs::remove_all(at.stopped, ignored);
    fs::remove(at.making, ignored);
    fs::remove(at.keeper, ignored);
    fs::remove(at.users, ignored);
  }
}

/// Makes the folder to copy from when it is not there; it gets its name once it is whole.
Status make_stopped(const Places& at) {
  const auto turn = HOMEROOM_TRY(
      FileLock::lock_file(at.making, LockMode::kExclusive, Deadline::after(kStartTimeout)));
  if (fs::exists(at.stopped)) return {};
  const fs::path unfinished = at.stopped.string() + ".new";
  fs::remove_all(unfinished);
  PrivatePostgres server = server_at(unfinished);
  HOMEROOM_TRY(server.start());
  HOMEROOM_TRY(server.stop());
  fs::rename(unfinished, at.stopped);
  return {};
}

/// A program's hold on the server and the databases that it made there.
class SharedServer {
 public:
  [[nodiscard]] static Result<SharedServer> open() {
    const Places at = places();
    auto user = HOMEROOM_TRY(
        FileLock::lock_file(at.users, LockMode::kShared, Deadline::after(kStartTimeout)));
    if (!user) {
      return fail(ErrorCode::kInternal, "the last test server takes too long to stop");
    }
    ::futimens(user->descriptor(), nullptr);
    PrivatePostgres server = server_at(at.server);
    HOMEROOM_TRY(server.start());
    const auto keeper =
        HOMEROOM_TRY(FileLock::lock_file(at.keeper, LockMode::kExclusive, Deadline::after({})));
    if (keeper) HOMEROOM_TRY(start_detached_work(keeper->descriptor(), [at] { keep(at); }));
    return SharedServer(std::move(*user), server.url("homeroom_admin"));
  }

  SharedServer(SharedServer&&) noexcept = default;
  SharedServer& operator=(SharedServer&&) = delete;

  ~SharedServer() {
    if (databases_.empty()) return;
    auto connection = Connection::connect(url_);
    if (!connection) return;
    for (const std::string& name : databases_) {
      [[maybe_unused]] const auto dropped =
          connection->execute(fmt::format("drop database {} with (force)", name));
    }
  }

  [[nodiscard]] Result<std::string> make_database() {
    const std::string name = fmt::format("test_{}_{}", ::getpid(), databases_.size());
    Connection connection = HOMEROOM_TRY(Connection::connect(url_));
    HOMEROOM_TRY(connection.execute(fmt::format("drop database if exists {} with (force)", name)));
    HOMEROOM_TRY(connection.execute(fmt::format("create database {}", name)));
    databases_.push_back(name);
    std::string url = url_;
    constexpr std::string_view kDatabase = "/homeroom?";
    url.replace(url.find(kDatabase), kDatabase.size(), fmt::format("/{}?", name));
    return url;
  }

 private:
  SharedServer(FileLock user, std::string url) : user_(std::move(user)), url_(std::move(url)) {}

  FileLock user_;
  std::string url_;
  std::vector<std::string> databases_;
};

Result<SharedServer>& shared_server() {
  static Result<SharedServer> server = SharedServer::open();
  return server;
}

}  // namespace

Result<std::string> shared_test_database_url() {
  Result<SharedServer>& server = shared_server();
  if (!server) return tl::unexpected(server.error());
  return server->make_database();
}

Status copy_test_cluster(const fs::path& folder) {
  // As long as we hold the server, what is beside it stays too.
  const Result<SharedServer>& server = shared_server();
  if (!server) return tl::unexpected(server.error());
  const Places at = places();
  HOMEROOM_TRY(make_stopped(at));
  const Finished copied = HOMEROOM_TRY(
      run_to_end({.program = "/bin/cp", .arguments = {"-a", at.stopped.string(), folder.string()}},
                 kStartTimeout));
  if (copied.exit_code != 0) return fail(ErrorCode::kIo, copied.output);
  return {};
}

}  // namespace homeroom::io
