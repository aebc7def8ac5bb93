#pragma once

// The PostgreSQL server's programs: where they are and which version. Internal to
// src/io/private_postgres.cc.

#include <filesystem>
#include <vector>

#include "base/result.h"

namespace homeroom::io {

struct ServerPrograms {
  std::filesystem::path folder;  ///< with `postgres` and `initdb`
  int version_major = 0;
};

/// The programs to run a cluster of this major version with; 0: the newest, for a new cluster.
/// Errors: kConfig when there is none, naming the versions there are.
[[nodiscard]] Result<ServerPrograms> choose_server_programs(
    const std::vector<std::filesystem::path>& folders, int cluster_version);

}  // namespace homeroom::io
