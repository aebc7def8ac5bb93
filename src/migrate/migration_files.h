#pragma once

// The migrations as files of the store, for people and for review:
// migrations/0012_visits_add_room.sql and its way back, .down.sql. The ledger is the truth; the
// files follow it.

#include <string>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "io/store.h"
#include "migrate/waiting.h"

namespace homeroom::migrate {

/// "migrations/0012_visits_rename_column_room", to which ".sql" and ".down.sql" are added.
[[nodiscard]] std::string file_stem(const MigrationRecord& migration);

/// Writes those of every migration that has none yet; quick when there is none. Outside a
/// transaction: what was written and not noted is written again, and says the same.
[[nodiscard]] Status write_migration_files(io::Connection& connection, const io::Store& store);

}  // namespace homeroom::migrate
