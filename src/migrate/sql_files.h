#pragma once

// The repository's SQL, compiled into the program.

#include <span>
#include <string>

#include "base/embedded_file.h"

namespace homeroom::migrate {

/// sql/migrations/*.sql in order of their numbers.
[[nodiscard]] std::span<const EmbeddedFile> sql_migrations();

/// sql/views/*.sql in order of their names.
[[nodiscard]] std::span<const EmbeddedFile> sql_views();

/// SHA-256 of a file's text, in hex.
[[nodiscard]] std::string sha256_of(std::string_view text);

}  // namespace homeroom::migrate
