#pragma once

// The folder of the private PostgreSQL: who owns it, what is in it, and changes to it made as its
// owner, so that root follows no link that the owner put there. Internal to
// src/io/private_postgres.cc.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "base/result.h"
#include "io/process/process.h"
#include "io/server/private_postgres.h"

namespace homeroom::io {

struct ServerFolder {
  std::filesystem::path root;
  std::filesystem::path cluster;
  std::filesystem::path new_cluster;  ///< being made; renamed to `cluster` when it is whole
  std::filesystem::path log;
  std::filesystem::path start_log;  ///< what the server says before its log is open
  std::filesystem::path socket;
  std::optional<User> user;  ///< who owns it and runs the server; nothing: we
};

/// Where everything is. Makes nothing.
/// Errors: kConfig when root has no user to run the server as.
[[nodiscard]] Result<ServerFolder> describe_server_folder(const PrivatePostgresOptions& options);

/// The socket's folder, also when no user can be found to run the server as.
[[nodiscard]] std::filesystem::path socket_folder(const PrivatePostgresOptions& options);

/// Makes what is missing of root and log, and checks their owner.
[[nodiscard]] Status make_server_folder(const ServerFolder& folder);

/// Makes the socket's folder. Errors: kConfig when another user made one of its name.
[[nodiscard]] Status make_socket_folder(const ServerFolder& folder);

/// Writes a whole file, or nothing.
[[nodiscard]] Status write_as(const std::optional<User>& user, const std::filesystem::path& path,
                              std::string_view content);

/// What the pid file of a cluster says.
struct PidFile {
  pid_t pid = 0;
  bool is_ready = false;
};

/// Nothing when there is no pid file, or it says nothing yet.
[[nodiscard]] Result<std::optional<PidFile>> read_pid_file(const ServerFolder& folder);

}  // namespace homeroom::io
