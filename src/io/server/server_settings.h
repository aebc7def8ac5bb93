#pragma once

// The configuration files of the private PostgreSQL. Internal to src/io/private_postgres.cc.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/server/private_postgres.h"

namespace homeroom::io {

/// homeroom.conf, which postgresql.conf includes. `memory_bytes`: the machine's.
[[nodiscard]] std::string server_settings(const std::filesystem::path& socket_folder,
                                          Durability durability, std::uint64_t memory_bytes);

/// pg_hba.conf: the socket's users by their name in the operating system, and nothing else.
[[nodiscard]] std::string sign_in_rules();

/// pg_ident.conf: which users of the operating system may take the roles.
[[nodiscard]] std::string user_map(const std::vector<std::string>& users);

/// Whether a socket can be made in `folder` and named in a setting and in a libpq URL.
[[nodiscard]] bool fits_socket(const std::filesystem::path& folder);

}  // namespace homeroom::io
