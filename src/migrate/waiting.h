#pragma once

// Changes of tables that wait for a person; and those that were made, with their way back.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "migrate/migrate.h"

namespace homeroom::migrate {

/// A row of homeroom.migration.
struct MigrationRecord {
  std::int64_t id = 0;
  std::int64_t run_id = 0;  ///< 0: the contracts asked for it
  std::string table;
  std::string kind;
  std::string column;
  std::string description;
  std::string sql;
  std::string reverse_sql;
  std::string from_state;
  std::string to_state;
  std::string status;  ///< waiting, applied, refused, reverted
  bool is_blocking = false;
  std::string asked_at;  ///< ISO time
  std::string applied_at;
  std::string decided_by;
  std::string decided_at;
  std::optional<double> seconds;  ///< that it took
};

/// What to apply a change would mean, counted now.
struct Preview {
  std::uint64_t num_rows = 0;  ///< of the table and its history
  bool rewrites = false;       ///< all of them are written again
  double seconds = 0;          ///< about; the table cannot be read meanwhile
  std::uint64_t num_in_way = 0;
  std::string in_way;  ///< what is wrong with those: "have no bigint in minutes"
};

/// Writes the changes that have SQL down as waiting, in the caller's transaction; one that waits
/// already is not written twice. `run_id` 0: the contracts ask. Returns their numbers.
[[nodiscard]] Result<std::vector<std::int64_t>> record_waiting(io::Connection& connection,
                                                               std::int64_t run_id,
                                                               const std::string& table,
                                                               const std::vector<Change>& changes);

/// The migration of this SQL that a person refused, if any: the latest.
[[nodiscard]] Result<std::optional<MigrationRecord>> find_refusal(io::Connection& connection,
                                                                  const std::string& table,
                                                                  const std::string& sql);

[[nodiscard]] Result<std::optional<MigrationRecord>> find_migration(io::Connection& connection,
                                                                    std::int64_t id);
/// In order; `status` empty: all; `table` empty: of all tables.
[[nodiscard]] Result<std::vector<MigrationRecord>> find_migrations(io::Connection& connection,
                                                                   std::string_view status,
                                                                   std::string_view table = {});

/// Rows and seconds that the migration, or its way back, would take. Errors: kDatabase.
[[nodiscard]] Result<Preview> preview_apply(io::Connection& connection,
                                            const MigrationRecord& migration);
[[nodiscard]] Result<Preview> preview_revert(io::Connection& connection,
                                             const MigrationRecord& migration);

/// Runs a waiting or refused migration in the caller's transaction, which acts as homeroom_owner
/// from here on, with the views made again on it. Waits at most 10 seconds for others.
/// Errors: kContract when it is not one that waits, when the table is not as it was when the
/// migration was written, when somebody else altered it, when rows are in the way (how many, and
/// what to do); kDatabase.
[[nodiscard]] Status apply_migration(io::Connection& connection, const MigrationRecord& migration,
                                     const std::string& by);

enum class Losing : std::uint8_t {
  kRefuse,
  kAllow,  ///< values of an added column go with it
};

/// Takes an applied migration back, in the same way. Later ones of the table first.
/// Errors: as `apply_migration`.
[[nodiscard]] Status revert_migration(io::Connection& connection, const MigrationRecord& migration,
                                      const std::string& by, Losing losing);

/// A person says no. Errors: kContract when it does not wait.
[[nodiscard]] Status refuse_migration(io::Connection& connection, const MigrationRecord& migration,
                                      const std::string& by);

}  // namespace homeroom::migrate
