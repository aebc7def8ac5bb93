#pragma once

// A real PostgreSQL for tests: link homeroom::io_testing. Programs of the product never do.
//
//     const std::string url = shared_test_database_url().value();
//     Connection connection = Connection::connect(url).value();

#include <filesystem>
#include <string>

#include "base/result.h"

namespace homeroom::io {

/// URL of a fresh, empty database, as homeroom_admin. It is dropped when the program ends.
///
/// All test programs of one build folder share one server, without fsync, in a folder below /tmp:
/// the first that needs it starts it, and it stops and leaves nothing behind when none has used
/// it for some seconds. Roles belong to the server, so that tests of several programs see the same
/// ones. Call it from one thread, before others are started.
[[nodiscard]] Result<std::string> shared_test_database_url();

/// Copies a data folder of PrivatePostgres, as start() and stop() leave it, to `folder`: for tests
/// that start and stop a server of their own, since to make one takes more than a second. It goes
/// when the shared server goes.
[[nodiscard]] Status copy_test_cluster(const std::filesystem::path& folder);

}  // namespace homeroom::io
