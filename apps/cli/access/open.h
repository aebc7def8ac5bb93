#pragma once

#include <memory>
#include <optional>

#include "base/result.h"
#include "context.h"
#include "io/postgres/postgres.h"
#include "warehouse.h"

namespace homeroom::cli {

/// The database of the command, brought up to date, and a session as the loader.
struct AccessSession {
  std::unique_ptr<Warehouse> warehouse;
  std::optional<io::Connection> connection;
};

/// Errors: kConfig when there is no database yet.
[[nodiscard]] Result<AccessSession> open_access(const Context& context);

}  // namespace homeroom::cli
