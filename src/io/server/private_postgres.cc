#include "io/server/private_postgres.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/result.h"
#include "io/deadline.h"
#include "io/file.h"
#include "io/file_lock.h"
#include "io/postgres/postgres.h"
#include "io/process/process.h"
#include "io/server/server_folder.h"
#include "io/server/server_log.h"
#include "io/server/server_programs.h"
#include "io/server/server_settings.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::string_view kAdmin = "homeroom_admin";
constexpr milliseconds kShortWait{20};
constexpr milliseconds kMakeTimeout{600'000};

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char character : text) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(character)) != 0 ||
                          std::string_view("/-._~").find(character) != std::string_view::npos;
    out += is_plain ? std::string(1, character)
                    : fmt::format("%{:02X}", static_cast<unsigned char>(character));
  }
  return out;
}

std::string url_of(const fs::path& socket, std::string_view database, std::string_view role) {
  return fmt::format("postgresql:///{}?host={}&user={}", database, percent_encoded(socket.string()),
                     percent_encoded(role));
}

std::uint64_t machine_memory() {
  return static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// The major version that made the cluster; 0 when there is none.
Result<int> cluster_version(const ServerFolder& folder) {
  const fs::path path = folder.cluster / "PG_VERSION";
  if (::access(path.c_str(), F_OK) != 0) {
    if (errno == ENOENT) return 0;
    return tl::unexpected(io_error(errno, "cannot open", path));
  }
  const std::string text = HOMEROOM_TRY(read_file(path));
  int version = 0;
  std::from_chars(text.data(), text.data() + text.size(), version);
  if (version <= 0) {
    return fail(ErrorCode::kConfig, fmt::format("{} names no version", path.string()),
                "restore the database's folder from a backup");
  }
  return version;
}

/// All that work on the cluster.
Result<std::vector<pid_t>> processes_of(const ServerFolder& folder) {
  return find_processes(folder.user, "postgres", folder.cluster);
}

Result<ServerState> look(const ServerFolder& folder) {
  ServerState state;
  state.version_major = HOMEROOM_TRY(cluster_version(folder));
  state.is_initialised = state.version_major > 0;
  const std::optional<PidFile> pid_file = HOMEROOM_TRY(read_pid_file(folder));
  if (!pid_file || !is_alive(pid_file->pid)) return state;
  for (const pid_t pid : HOMEROOM_TRY(processes_of(folder))) {
    if (pid == pid_file->pid) state.is_running = true;
  }
  if (state.is_running) state.pid = pid_file->pid;
  return state;
}

Result<FileLock> lock(const ServerFolder& folder, milliseconds timeout) {
  auto held = HOMEROOM_TRY(
      FileLock::lock_folder(folder.root, LockMode::kExclusive, Deadline::after(timeout)));
  if (held) return std::move(*held);
  return fail(ErrorCode::kIo, "another program is starting or stopping Homeroom's PostgreSQL",
              "wait until it is done, then run the command again");
}

/// Makes the cluster beside its place and renames it: one that is there is whole.
Status make_cluster(const ServerFolder& folder, const ServerPrograms& programs,
                    Durability durability) {
  std::error_code error;
  fs::remove_all(folder.new_cluster, error);
  if (error) return tl::unexpected(io_error(error.value(), "cannot remove", folder.new_cluster));
  Command command{
      .program = programs.folder / "initdb",
      .arguments = {"--pgdata", folder.new_cluster.string(), "--username", std::string(kAdmin),
                    "--encoding", "UTF8", "--locale", "C", "--auth-local", "peer", "--auth-host",
                    "scram-sha-256", "--data-checksums", "--no-instructions"},
      .folder = folder.root,
      .user = folder.user};
  if (durability == Durability::kNone) command.arguments.emplace_back("--no-sync");
  const Finished made = HOMEROOM_TRY(run_to_end(command, kMakeTimeout));
  if (made.exit_code != 0) {
    return tl::unexpected(
        explain_server_text("PostgreSQL could not make its database", made.output, folder.root));
  }
  const fs::path settings = folder.new_cluster / "postgresql.conf";
  std::string text = HOMEROOM_TRY(read_file(settings));
  text += "\n# Settings of your own go below this line.\ninclude = 'homeroom.conf'\n";
  HOMEROOM_TRY(write_as(folder.user, settings, text));
  const int renamed = HOMEROOM_TRY(call_as(folder.user, [&folder] {
    return ::rename(folder.new_cluster.c_str(), folder.cluster.c_str()) == 0 ? 0 : errno;
  }));
  if (renamed != 0) return tl::unexpected(io_error(renamed, "cannot make", folder.cluster));
  return sync_folder(folder.root);
}

Status write_settings(const ServerFolder& folder, Durability durability) {
  std::vector<std::string> users = {"root"};
  const std::string server_user = folder.user ? folder.user->name : current_user().name;
  if (server_user != "root") users.push_back(server_user);
  HOMEROOM_TRY(write_as(folder.user, folder.cluster / "homeroom.conf",
                        server_settings(folder.socket, durability, machine_memory())));
  HOMEROOM_TRY(write_as(folder.user, folder.cluster / "pg_hba.conf", sign_in_rules()));
  return write_as(folder.user, folder.cluster / "pg_ident.conf", user_map(users));
}

/// Removes what a server that is gone left to keep others away. As long as a process of it still
/// works on the cluster, a second server would damage the data.
Status clear_stale_locks(const ServerFolder& folder, milliseconds timeout) {
  const Deadline deadline = Deadline::after(timeout);
  for (;;) {
    const std::vector<pid_t> left = HOMEROOM_TRY(processes_of(folder));
    if (left.empty()) break;
    if (deadline.has_passed()) {
      return fail(ErrorCode::kDatabase,
                  fmt::format("process {} of a PostgreSQL that ended still works on {}",
                              left.front(), folder.cluster.string()),
                  fmt::format("wait until it is gone, or end it (`kill {}`)", left.front()));
    }
    sleep_for(kShortWait);
  }
  // PostgreSQL removes them itself unless their number now belongs to some other process.
  for (const fs::path& lock : {folder.cluster / "postmaster.pid", folder.socket / ".s.PGSQL.5432",
                               folder.socket / ".s.PGSQL.5432.lock"}) {
    const int removed = HOMEROOM_TRY(call_as(folder.user, [&lock] {
      return ::unlink(lock.c_str()) == 0 || errno == ENOENT ? 0 : errno;
    }));
    if (removed != 0) return tl::unexpected(io_error(removed, "cannot remove", lock));
  }
  return {};
}

enum class Readiness : unsigned char { kReady, kEnded, kTimedOut };

Result<Readiness> wait_until_ready(const ServerFolder& folder, pid_t pid,
                                   const Deadline& deadline) {
  for (;;) {
    const std::optional<PidFile> pid_file = HOMEROOM_TRY(read_pid_file(folder));
    if (pid_file && pid_file->pid == pid && pid_file->is_ready) return Readiness::kReady;
    if (!is_alive(pid)) return Readiness::kEnded;
    if (deadline.has_passed()) return Readiness::kTimedOut;
    sleep_for(kShortWait);
  }
}

Status require_ready(const ServerFolder& folder, pid_t pid, const LogPosition& before,
                     milliseconds timeout) {
  switch (HOMEROOM_TRY(wait_until_ready(folder, pid, Deadline::after(timeout)))) {
    case Readiness::kReady:
      return {};
    case Readiness::kEnded:
      return tl::unexpected(explain_server_text("PostgreSQL did not start",
                                                log_since(folder.log, before), folder.root));
    case Readiness::kTimedOut:
      break;
  }
  Error error =
      explain_server_text("PostgreSQL did not start", log_since(folder.log, before), folder.root);
  error.code = ErrorCode::kDatabase;
  error.message = fmt::format("PostgreSQL was not ready within {} s",
                              std::chrono::ceil<std::chrono::seconds>(timeout).count());
  error.hint =
      "after a crash it may need longer; it goes on by itself, so run the command again "
      "in a minute";
  return tl::unexpected(std::move(error));
}

Status run_server(const ServerFolder& folder, const ServerPrograms& programs,
                  const PrivatePostgresOptions& options) {
  HOMEROOM_TRY(write_settings(folder, options.durability));
  HOMEROOM_TRY(make_socket_folder(folder));
  HOMEROOM_TRY(clear_stale_locks(folder, options.start_timeout));
  LogPosition before = log_position(folder.log);
  before.erase(folder.start_log);  // it starts anew
  const pid_t pid = HOMEROOM_TRY(start_detached({.program = programs.folder / "postgres",
                                                 .arguments = {"-D", folder.cluster.string()},
                                                 .folder = folder.root,
                                                 .user = folder.user},
                                                folder.start_log));
  return require_ready(folder, pid, before, options.start_timeout);
}

Status make_database(const ServerFolder& folder, milliseconds timeout) {
  Connection connection = HOMEROOM_TRY(
      Connection::connect(url_of(folder.socket, "postgres", kAdmin), {.connect_timeout = timeout}));
  const QueryResult found = HOMEROOM_TRY(
      connection.execute("select 1 from pg_catalog.pg_database where datname = 'homeroom'"));
  if (found.num_rows() > 0) return {};
  HOMEROOM_TRY(connection.execute("create database homeroom owner homeroom_admin"));
  return {};
}

/// Starts the server of a cluster, which is made when there is none.
Status start_server(const ServerFolder& folder, const ServerState& state,
                    const PrivatePostgresOptions& options) {
  const ServerPrograms programs = HOMEROOM_TRY(choose_server_programs(
      options.binaries.empty() ? find_server_binaries() : options.binaries, state.version_major));
  if (!state.is_initialised) HOMEROOM_TRY(make_cluster(folder, programs, options.durability));
  return run_server(folder, programs, options);
}

/// A file that says: the server runs until it is told to stop.
fs::path stays_file(const ServerFolder& folder) {
  return folder.root / "stays";
}

bool stays(const ServerFolder& folder) {
  return ::access(stays_file(folder).c_str(), F_OK) == 0;
}

Status set_stays(const ServerFolder& folder, bool stay) {
  const fs::path file = stays_file(folder);
  if (stay == stays(folder)) return {};
  if (stay) return write_as(folder.user, file, "");
  const int removed = HOMEROOM_TRY(call_as(
      folder.user, [&file] { return ::unlink(file.c_str()) == 0 || errno == ENOENT ? 0 : errno; }));
  if (removed != 0) return tl::unexpected(io_error(removed, "cannot remove", file));
  return {};
}

Status stop_server(const ServerFolder& folder, milliseconds timeout) {
  const ServerState state = HOMEROOM_TRY(look(folder));
  if (!state.is_running) return {};
  const Deadline deadline = Deadline::after(timeout);
  if (::kill(state.pid, SIGINT) != 0 && errno != ESRCH) {
    return tl::unexpected(io_error(errno, "cannot stop the server of", folder.root));
  }
  // The process that writes the log is the last to go, after the one that the pid file named.
  while (is_alive(state.pid) || !HOMEROOM_TRY(processes_of(folder)).empty()) {
    if (deadline.has_passed()) {
      return fail(ErrorCode::kDatabase,
                  fmt::format("PostgreSQL (process {}) did not stop within {} s", state.pid,
                              std::chrono::ceil<std::chrono::seconds>(timeout).count()),
                  "it may still be writing to a slow disk; wait, then run the command again");
    }
    sleep_for(kShortWait);
  }
  if (folder.socket.parent_path() != folder.root) ::rmdir(folder.socket.c_str());
  return set_stays(folder, false);
}

/// Starts the server when it does not run, and makes the database; the folder is locked. True
/// when it did not run.
Result<bool> start_locked(const ServerFolder& folder, const PrivatePostgresOptions& options) {
  ServerState state = HOMEROOM_TRY(look(folder));
  if (state.is_running) {
    const Status ready =
        require_ready(folder, state.pid, log_position(folder.log), options.start_timeout);
    if (!ready && is_alive(state.pid)) return tl::unexpected(ready.error());
    state.is_running = ready.has_value();  // it may have been ending
  }
  if (!state.is_running) {
    HOMEROOM_TRY(start_server(folder, state, options));
  }
  const Status made = make_database(folder, options.start_timeout);
  if (made) return !state.is_running;
  if (!state.is_running) {
    [[maybe_unused]] const Status stopped = stop_server(folder, options.stop_timeout);
  }
  return tl::unexpected(made.error());
}

/// The server's folder, made when it is not there, with its owner known.
Result<ServerFolder> made_folder(const PrivatePostgresOptions& options) {
  ServerFolder folder = HOMEROOM_TRY(describe_server_folder(options));
  HOMEROOM_TRY(make_server_folder(folder));
  folder.socket = socket_folder(options);
  return folder;
}

/// Someone else may be stopping the server, which takes longer than a start.
milliseconds start_patience(const PrivatePostgresOptions& options) {
  return std::max(options.start_timeout, options.stop_timeout);
}

}  // namespace

PrivatePostgres::PrivatePostgres(PrivatePostgresOptions options) : options_(std::move(options)) {}

Result<ServerState> PrivatePostgres::state() const {
  return look(HOMEROOM_TRY(describe_server_folder(options_)));
}

Result<bool> PrivatePostgres::start() {
  const ServerFolder folder = HOMEROOM_TRY(made_folder(options_));
  const FileLock held = HOMEROOM_TRY(lock(folder, start_patience(options_)));
  const bool started = HOMEROOM_TRY(start_locked(folder, options_));
  HOMEROOM_TRY(set_stays(folder, true));
  return started;
}

// Shares are shared locks on the log's folder: they need no room on a full disk, and a process
// that is killed gives up its own.
Result<ServerUse> PrivatePostgres::use() {
  const ServerFolder folder = HOMEROOM_TRY(made_folder(options_));
  const FileLock held = HOMEROOM_TRY(lock(folder, start_patience(options_)));
  auto share = HOMEROOM_TRY(FileLock::lock_folder(folder.log, LockMode::kShared,
                                                  Deadline::after(options_.start_timeout)));
  if (!share) {
    return fail(ErrorCode::kIo, fmt::format("another program locks {}", folder.log.string()),
                "end it, then run the command again");
  }
  // What an earlier server was to do ended with it.
  if (!HOMEROOM_TRY(look(folder)).is_running) HOMEROOM_TRY(set_stays(folder, false));
  const bool started = HOMEROOM_TRY(start_locked(folder, options_));
  return ServerUse(options_, std::move(*share), started);
}

Status PrivatePostgres::stop() {
  const ServerFolder folder = HOMEROOM_TRY(describe_server_folder(options_));
  if (::access(folder.root.c_str(), F_OK) != 0 && errno == ENOENT) return {};
  const FileLock held = HOMEROOM_TRY(lock(folder, options_.stop_timeout));
  return stop_server(folder, options_.stop_timeout);
}

ServerUse::ServerUse(PrivatePostgresOptions options, FileLock share, bool started)
    : options_(std::move(options)), share_(std::move(share)), started_(started) {}

ServerUse::ServerUse(ServerUse&& other) noexcept
    : options_(std::move(other.options_)),
      share_(std::exchange(other.share_, std::nullopt)),
      started_(other.started_) {}

ServerUse::~ServerUse() {
  // A failure leaves a server that the next command finds and uses: no data is at stake.
  if (const Status ended = end(); !ended) return;
}

Status ServerUse::restart() {
  const ServerFolder folder = HOMEROOM_TRY(made_folder(options_));
  const FileLock held = HOMEROOM_TRY(lock(folder, start_patience(options_)));
  HOMEROOM_TRY(start_locked(folder, options_));
  return {};
}

Status ServerUse::end() {
  if (!share_) return {};
  const ServerFolder folder = HOMEROOM_TRY(describe_server_folder(options_));
  const FileLock held = HOMEROOM_TRY(lock(folder, options_.stop_timeout));
  share_.reset();
  const auto last = HOMEROOM_TRY(FileLock::lock_folder(folder.log, LockMode::kExclusive,
                                                       Deadline::after(milliseconds::zero())));
  if (!last || stays(folder)) return {};
  return stop_server(folder, options_.stop_timeout);
}

std::string PrivatePostgres::url(const std::string& role) const {
  return url_of(socket_folder(options_), "homeroom", role);
}

}  // namespace homeroom::io
