#pragma once

// Homeroom's own PostgreSQL: the real server, in Homeroom's data folder, reachable by unix socket
// only, started and stopped by Homeroom.

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/file_lock.h"

namespace homeroom::io {

enum class Durability : unsigned char {
  kFull,  ///< what was committed survives a crash of the machine
  kNone,  ///< faster, and lost in a crash: for tests
};

struct PrivatePostgresOptions {
  std::filesystem::path folder;  ///< DATA/pg: cluster in `cluster/`, socket, log
  /// Folders searched for the server's programs, newest first; empty: Debian's places.
  // NOLINTNEXTLINE(readability-redundant-member-init): so that an initializer may leave it out
  std::vector<std::filesystem::path> binaries{};
  std::string run_as = "postgres";  ///< OS user when started as root, else unused
  std::chrono::milliseconds start_timeout{60'000};
  std::chrono::milliseconds stop_timeout{120'000};  ///< it writes what it holds in memory first
  Durability durability = Durability::kFull;
  /// Where a socket folder is made when `folder`'s path is too long for one.
  std::filesystem::path short_folder = "/tmp";
};

/// Debian's folders of server programs that exist, newest version first.
[[nodiscard]] std::vector<std::filesystem::path> find_server_binaries();

/// Whether and how the server runs.
struct ServerState {
  bool is_initialised = false;
  bool is_running = false;
  int pid = 0;
  int version_major = 0;  ///< of the cluster
};

class ServerUse;

/// Starts, stops and describes the server of one data folder.
///
/// The cluster: initdb with checksums, UTF8, locale C, superuser `homeroom_admin`; peer
/// authentication on the socket, mapped from root, the server's own user and the current one to
/// the roles homeroom_admin, homeroom_loader, homeroom_reader; listen_addresses = ''; socket folder
/// mode 0700, at folder/socket, or in short_folder/homeroom-UID-HASH where the path would be past
/// the system's limit of 107 bytes (never shared, owner checked). The settings are in
/// cluster/homeroom.conf, written anew at each start; what an operator adds to postgresql.conf
/// after its `include` holds. The server's log in folder/log keeps a week; no row's value and no
/// statement gets into it.
/// The folder is private (0700) to the server's user; as root that is `run_as`, folders above it
/// that are missing are made with mode 0711.
/// Errors, each with what to do: kConfig for no server installed (names the package), a cluster of
/// another major version than any installed server, a folder that belongs to another user or that
/// the server's user cannot enter; kIo for a full disk (from the server's log); kDatabase for a
/// start that fails or takes too long (the log's last lines in detail). A stale pid file is
/// removed when its process is gone or is no PostgreSQL of ours. Threads: not shared; processes
/// may use one folder at the same time.
class PrivatePostgres {
 public:
  explicit PrivatePostgres(PrivatePostgresOptions options);

  [[nodiscard]] Result<ServerState> state() const;
  /// Makes the cluster and the database `homeroom` when there is none and starts the server when
  /// it does not run; it then runs until stop(). True when this call started it. Stopped half
  /// way, the next call goes on from there.
  [[nodiscard]] Result<bool> start();
  /// The same for as long as someone uses it: see ServerUse.
  [[nodiscard]] Result<ServerUse> use();
  /// Fast shutdown: open sessions are ended. Waits until it is gone. Not running is fine.
  [[nodiscard]] Status stop();
  /// libpq URL of database `homeroom` as `role`.
  [[nodiscard]] std::string url(const std::string& role) const;

 private:
  PrivatePostgresOptions options_;
};

/// A share in a running server. Whoever ends the last one, of all processes, stops the server,
/// unless start() made it stay. Of a process that was killed the share ends with it; its server is
/// then stopped by the next one who uses it. Not shared by threads.
class ServerUse {
 public:
  ServerUse(ServerUse&& other) noexcept;
  ServerUse& operator=(ServerUse&&) = delete;
  ~ServerUse();

  /// This share started the server.
  [[nodiscard]] bool started() const { return started_; }

  /// Starts the server again when it was stopped or killed.
  [[nodiscard]] Status restart();

  /// Gives up the share, once; the destructor does it too, without saying what went wrong.
  [[nodiscard]] Status end();

 private:
  friend class PrivatePostgres;
  ServerUse(PrivatePostgresOptions options, FileLock share, bool started);

  PrivatePostgresOptions options_;
  std::optional<FileLock> share_;
  bool started_;
};

}  // namespace homeroom::io
