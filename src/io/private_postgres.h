#pragma once

// Homeroom's own PostgreSQL: the real server, in Homeroom's data folder, reachable by unix socket
// only, started and stopped by Homeroom.

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace homeroom::io {

struct PrivatePostgresOptions {
  std::filesystem::path folder;              ///< DATA/pg: cluster in `cluster/`, socket, log
  std::vector<std::filesystem::path> binaries;  ///< folders searched for the server's programs,
                                             ///< newest first; empty: Debian's places
  std::string run_as;                        ///< OS user when started as root: "postgres"
  std::chrono::milliseconds start_timeout{60'000};
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

/// Starts, stops and describes the server of one data folder.
///
/// The cluster: initdb with checksums, UTF8, locale C, superuser `homeroom_admin`, SCRAM, peer
/// authentication on the socket mapped from the OS users that may use it (root, the server's own
/// user, the current user) to any role; listen_addresses = ''; socket folder mode 0700, at
/// folder/socket, or in a short private folder below /tmp or XDG_RUNTIME_DIR where the path would
/// be past the system's limit of 107 bytes (never shared, owner checked).
/// Errors, each with what to do: no server installed (names the package), a cluster of another
/// major version than any installed server, the folder's owner is another user, a full disk
/// (from the server's log), a stale pid file (removed when its process is gone or is no
/// PostgreSQL of ours; else named), a start that takes too long (the log's last lines in detail).
class PrivatePostgres {
 public:
  explicit PrivatePostgres(PrivatePostgresOptions options);

  [[nodiscard]] Result<ServerState> state() const;
  /// Makes the cluster when there is none and starts the server when it does not run. True when
  /// this call started it: then the caller stops it when done.
  [[nodiscard]] Result<bool> start();
  /// Fast shutdown; waits until it is gone. Not running is fine.
  [[nodiscard]] Status stop();
  /// libpq URL of database `homeroom` as `role`.
  [[nodiscard]] std::string url(const std::string& role) const;

 private:
  PrivatePostgresOptions options_;
};

}  // namespace homeroom::io
