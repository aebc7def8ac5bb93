#include "run/changes/decide.h"

#include <utility>

#include <fmt/format.h>

#include "catalog/ledger.h"
#include "migrate/migrate.h"

namespace homeroom::run {
namespace {

Status carry_out(io::Connection& connection, const migrate::MigrationRecord& migration,
                 Decision decision, const std::string& by) {
  switch (decision) {
    case Decision::kApply:
      return migrate::apply_migration(connection, migration, by);
    case Decision::kRefuse:
      return migrate::refuse_migration(connection, migration, by);
    case Decision::kRevert:
      return migrate::revert_migration(connection, migration, by, migrate::Losing::kRefuse);
    case Decision::kRevertLosing:
      return migrate::revert_migration(connection, migration, by, migrate::Losing::kAllow);
  }
  return {};
}

Result<migrate::MigrationRecord> existing(io::Connection& connection, std::int64_t id) {
  auto found = HOMEROOM_TRY(migrate::find_migration(connection, id));
  if (found) return std::move(*found);
  return fail(ErrorCode::kInvalidInput, fmt::format("there is no migration {}", id),
              "`homeroom migrate plan` lists those that wait, `homeroom migrate history` all");
}

}  // namespace

Result<migrate::MigrationRecord> decide_migration(io::Connection& connection, std::int64_t id,
                                                  Decision decision, const std::string& by) {
  const std::string table = HOMEROOM_TRY(existing(connection, id)).table;
  {
    io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
    HOMEROOM_TRY(catalog::Ledger(connection).lock_table(table));
    // Somebody may have decided while this one waited.
    const migrate::MigrationRecord now = HOMEROOM_TRY(existing(connection, id));
    HOMEROOM_TRY(carry_out(connection, now, decision, by));
    HOMEROOM_TRY(transaction.commit());
  }
  return existing(connection, id);
}

Result<std::vector<migrate::Alteration>> accept_alterations(io::Connection& connection,
                                                            const std::string& table,
                                                            const std::string& by) {
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
  HOMEROOM_TRY(catalog::Ledger(connection).lock_table(table));
  auto alterations = HOMEROOM_TRY(migrate::find_alterations(connection, table));
  if (alterations.empty()) {
    return fail(ErrorCode::kInvalidInput, fmt::format("data.{} is as Homeroom left it", table),
                "`homeroom migrate plan` lists the tables that somebody else altered");
  }
  // One that could not be loaded is no better for being accepted.
  HOMEROOM_TRY(migrate::read_table(connection, table));
  HOMEROOM_TRY(migrate::record_shape(connection, table, by));
  HOMEROOM_TRY(transaction.commit());
  return alterations;
}

}  // namespace homeroom::run
