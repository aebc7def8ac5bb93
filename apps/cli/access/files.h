#pragma once

// The matrix of who may do what, and the SQL that asks for it, compiled into the program.

#include <span>

#include "base/embedded_file.h"

namespace homeroom::cli {

/// apps/cli/access/matrix.sql, tests/access/matrix.csv.
[[nodiscard]] std::span<const EmbeddedFile> access_files();

}  // namespace homeroom::cli
