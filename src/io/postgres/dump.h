#pragma once

// A whole database as a file, by PostgreSQL's own pg_dump and pg_restore.

#include <filesystem>
#include <string>

#include "base/result.h"

namespace homeroom::io {

/// Writes the database that `url` names to `file` (pg_dump's custom format, compressed, mode
/// 0600), as it stood at one moment, and makes it durable. Loads may go on meanwhile. `role`: who
/// reads it, "" for the session's own.
/// Errors: kConfig where pg_dump is not installed; kDatabase with what it said.
[[nodiscard]] Status dump_database(const std::string& url, const std::string& role,
                                   const std::filesystem::path& file);

/// Puts what `file` holds into the database, whose schemas of the same names must not be there.
/// One transaction.
[[nodiscard]] Status restore_database(const std::string& url, const std::string& role,
                                      const std::filesystem::path& file);

}  // namespace homeroom::io
