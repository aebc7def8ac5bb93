#include "migrate/waiting.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "migrate/protect.h"
#include "migrate/shape.h"
#include "migrate/views.h"

namespace homeroom::migrate {
namespace {

constexpr const char* kColumns = R"(
select
    m.migration_id,
    coalesce(m.run_id, 0),
    m.table_name,
    m.kind,
    m.column_name,
    m.description,
    m.sql,
    m.reverse_sql,
    m.from_state,
    m.to_state,
    m.status,
    m.is_blocking,
    to_char(m.asked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    to_char(m.applied_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    m.decided_by,
    to_char(m.decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    m.seconds
from homeroom.migration as m
)";

constexpr const char* kRecord = R"(
insert into homeroom.migration as m (
    run_id, table_name, description, sql, reverse_sql, kind, column_name, from_state, to_state,
    is_blocking, status
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'waiting')
on conflict (table_name, md5(sql)) where status = 'waiting' do update
set run_id = coalesce(excluded.run_id, m.run_id),
    description = excluded.description,
    from_state = excluded.from_state,
    is_blocking = m.is_blocking or excluded.is_blocking
returning m.migration_id
)";

constexpr const char* kDecide = R"(
update homeroom.migration
set status = $2,
    decided_by = $3,
    decided_at = clock_timestamp(),
    applied_at = case when $2 = 'applied' then clock_timestamp() else applied_at end,
    seconds = case when $2 = 'applied' then extract(epoch from clock_timestamp() - $4::timestamptz)
        else seconds end
where migration_id = $1
)";

MigrationRecord record_of(const io::QueryResult& rows, std::size_t row) {
  const auto text = [&](std::size_t column) { return std::string(rows.text(row, column)); };
  MigrationRecord record{.id = rows.integer(row, 0),
                         .run_id = rows.integer(row, 1),
                         .table = text(2),
                         .kind = text(3),
                         .column = text(4),
                         .description = text(5),
                         .sql = text(6),
                         .reverse_sql = text(7),
                         .from_state = text(8),
                         .to_state = text(9),
                         .status = text(10),
                         .is_blocking = rows.text(row, 11) == "t",
                         .asked_at = text(12),
                         .applied_at = text(13),
                         .decided_by = text(14),
                         .decided_at = text(15),
                         .seconds = {}};
  if (!rows.is_null(row, 16)) record.seconds = std::stod(text(16));
  return record;
}

Result<std::vector<MigrationRecord>> find(io::Connection& connection, const std::string& rest,
                                          std::span<const io::Parameter> parameters) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kColumns + rest, parameters));
  std::vector<MigrationRecord> records;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) records.push_back(record_of(rows, row));
  return records;
}

Result<std::optional<MigrationRecord>> find_one(io::Connection& connection, const std::string& rest,
                                                std::span<const io::Parameter> parameters) {
  std::vector<MigrationRecord> records = HOMEROOM_TRY(find(connection, rest, parameters));
  if (records.empty()) return std::nullopt;
  return std::move(records.front());
}

ChangeKind kind_of(const MigrationRecord& migration) {
  ChangeKind kind = ChangeKind::kCreateTable;
  while (kind != ChangeKind::kConflict && to_string(kind) != migration.kind) {
    kind = static_cast<ChangeKind>(static_cast<int>(kind) + 1);
  }
  return kind;
}

std::string named(const MigrationRecord& migration) {
  return fmt::format("migration {} ({})", migration.id, migration.description);
}

// Views do not let the columns change that they stand on; renaming is no matter to them.
bool needs_views_gone(const MigrationRecord& migration) {
  const ChangeKind kind = kind_of(migration);
  return kind != ChangeKind::kRenameColumn && kind != ChangeKind::kRelaxNotNull &&
         kind != ChangeKind::kChangeKey;
}

Status check_unaltered(io::Connection& connection, const std::string& table) {
  const auto alterations = HOMEROOM_TRY(find_alterations(connection, table));
  if (alterations.empty()) return {};
  return fail(ErrorCode::kContract,
              fmt::format("somebody else altered data.{}: {}", table, describe(alterations)),
              fmt::format("take that back, or say `homeroom migrate accept {}`", table));
}

Status check_current(io::Connection& connection, const MigrationRecord& migration) {
  const TableSchema table = HOMEROOM_TRY(read_table(connection, migration.table));
  const ChangeKind kind = kind_of(migration);
  const std::string now = state_of(kind, migration.column, table);
  const bool is_taken =
      kind == ChangeKind::kRenameColumn && table.find(migration.to_state) != nullptr;
  if (now == migration.from_state && !is_taken) return {};
  return fail(ErrorCode::kContract,
              is_taken ? fmt::format("{} is out of date: data.{} has a column {} now",
                                     named(migration), migration.table, migration.to_state)
                       : fmt::format("{} is out of date: it was written for {}, data.{} has {} now",
                                     named(migration), migration.from_state, migration.table, now),
              fmt::format("`homeroom migrate refuse {}`; a file that still needs a change writes a "
                          "new one",
                          migration.id));
}

Status check_in_way(const MigrationRecord& migration, const Preview& preview) {
  if (preview.num_in_way == 0) return {};
  return fail(ErrorCode::kContract,
              fmt::format("{} cannot be done: {} of data.{} and its history {}", named(migration),
                          counted(preview.num_in_way, "row"), migration.table, preview.in_way),
              "mend or take back the files that brought these rows first");
}

// Changes are taken back in the order opposite to that in which they were made.
Status check_latest(io::Connection& connection, const MigrationRecord& migration) {
  const auto made_before = [](const MigrationRecord& left, const MigrationRecord& right) {
    return std::tie(left.applied_at, left.id) < std::tie(right.applied_at, right.id);
  };
  const auto applied = HOMEROOM_TRY(find_migrations(connection, "applied", migration.table));
  const auto latest = std::ranges::max_element(applied, made_before);
  if (latest == applied.end() || latest->id == migration.id) return {};
  return fail(ErrorCode::kContract,
              fmt::format("{} changed data.{} later", named(*latest), migration.table),
              fmt::format("`homeroom migrate revert {}` first", latest->id));
}

// Runs `sql` with the views out of its way.
Status run_sql(io::Connection& connection, const MigrationRecord& migration,
               const std::string& sql) {
  DroppedViews views;
  if (needs_views_gone(migration)) {
    views = HOMEROOM_TRY(drop_views(connection));
    HOMEROOM_TRY(release_table(connection, migration.table));
  }
  if (auto done = connection.execute(sql); !done) {
    return tl::unexpected(with_lock_hint(std::move(done).error(), connection, migration.table));
  }
  HOMEROOM_TRY(protect_table(connection, migration.table));
  if (views.had_any) {
    if (Status made = create_views(connection, views.grants); !made) {
      Error error = std::move(made).error();
      error.message = fmt::format("the report views do not stand on data.{} after {}: {}",
                                  migration.table, named(migration), error.message);
      return tl::unexpected(std::move(error));
    }
  }
  return {};
}

Status begin_work(io::Connection& connection) {
  HOMEROOM_TRY(connection.execute("set local role homeroom_owner; set local lock_timeout = '10s'"));
  return {};
}

Result<std::string> time_now(io::Connection& connection) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute("select clock_timestamp()"));
  return std::string(rows.text(0, 0));
}

Status decide(io::Connection& connection, const MigrationRecord& migration,
              const std::string& status, const std::string& by, const std::string& since) {
  const std::string id = std::to_string(migration.id);
  const std::array<io::Parameter, 4> values = {id, status, by, since};
  HOMEROOM_TRY(connection.query(kDecide, values));
  return {};
}

}  // namespace

Result<std::vector<std::int64_t>> record_waiting(io::Connection& connection, std::int64_t run_id,
                                                 const std::string& table,
                                                 const std::vector<Change>& changes) {
  std::vector<std::int64_t> ids;
  const std::string run = std::to_string(run_id);
  for (const Change& change : changes) {
    if (change.is_safe || change.sql.empty()) continue;
    const std::string_view blocks = change.kind == ChangeKind::kNarrowColumn ? "f" : "t";
    const std::array<io::Parameter, 10> values = {run_id == 0 ? std::nullopt : io::Parameter(run),
                                                  table,
                                                  change.description,
                                                  change.sql,
                                                  change.reverse_sql,
                                                  to_string(change.kind),
                                                  change.column,
                                                  change.from_state,
                                                  change.to_state,
                                                  blocks};
    const io::QueryResult rows = HOMEROOM_TRY(connection.query(kRecord, values));
    ids.push_back(rows.integer(0, 0));
  }
  return ids;
}

Result<std::optional<MigrationRecord>> find_refusal(io::Connection& connection,
                                                    const std::string& table,
                                                    const std::string& sql) {
  const std::array<io::Parameter, 2> values = {table, sql};
  return find_one(connection,
                  "where m.table_name = $1 and m.sql = $2 and m.status = 'refused' "
                  "order by m.migration_id desc limit 1",
                  values);
}

Result<std::optional<MigrationRecord>> find_migration(io::Connection& connection, std::int64_t id) {
  const std::string number = std::to_string(id);
  const std::array<io::Parameter, 1> values = {number};
  return find_one(connection, "where m.migration_id = $1", values);
}

Result<std::vector<MigrationRecord>> find_migrations(io::Connection& connection,
                                                     std::string_view status,
                                                     std::string_view table) {
  const std::array<io::Parameter, 2> values = {status, table};
  return find(connection,
              "where ($1 = '' or m.status = $1) and ($2 = '' or m.table_name = $2) "
              "order by m.migration_id",
              values);
}

Status apply_migration(io::Connection& connection, const MigrationRecord& migration,
                       const std::string& by) {
  if (migration.status != "waiting" && migration.status != "refused") {
    return fail(ErrorCode::kContract,
                fmt::format("{} does not wait: it is {}", named(migration), migration.status),
                "`homeroom migrate plan` lists those that do");
  }
  HOMEROOM_TRY(begin_work(connection));
  HOMEROOM_TRY(check_unaltered(connection, migration.table));
  HOMEROOM_TRY(check_current(connection, migration));
  const Preview preview = HOMEROOM_TRY(preview_apply(connection, migration));
  HOMEROOM_TRY(check_in_way(migration, preview));
  const std::string since = HOMEROOM_TRY(time_now(connection));
  HOMEROOM_TRY(run_sql(connection, migration, migration.sql));
  HOMEROOM_TRY(decide(connection, migration, "applied", by, since));
  return record_shape(connection, migration.table);
}

Status revert_migration(io::Connection& connection, const MigrationRecord& migration,
                        const std::string& by, Losing losing) {
  if (migration.status != "applied") {
    return fail(ErrorCode::kContract,
                fmt::format("{} was not applied: it is {}", named(migration), migration.status),
                "`homeroom migrate history` lists those that were");
  }
  HOMEROOM_TRY(check_latest(connection, migration));
  HOMEROOM_TRY(begin_work(connection));
  HOMEROOM_TRY(check_unaltered(connection, migration.table));
  const Preview preview = HOMEROOM_TRY(preview_revert(connection, migration));
  const bool is_loss = kind_of(migration) == ChangeKind::kAddColumn;
  if (is_loss && preview.num_in_way > 0 && losing == Losing::kRefuse) {
    return fail(ErrorCode::kContract,
                fmt::format("{} of data.{} and its history {}", counted(preview.num_in_way, "row"),
                            migration.table, preview.in_way),
                "say --lose-values if these values may be lost; the raw files keep them");
  }
  if (!is_loss) HOMEROOM_TRY(check_in_way(migration, preview));
  HOMEROOM_TRY(run_sql(connection, migration, migration.reverse_sql));
  HOMEROOM_TRY(decide(connection, migration, "reverted", by, "now"));
  return record_shape(connection, migration.table);
}

Status refuse_migration(io::Connection& connection, const MigrationRecord& migration,
                        const std::string& by) {
  if (migration.status != "waiting") {
    return fail(ErrorCode::kContract,
                fmt::format("{} does not wait: it is {}", named(migration), migration.status),
                "`homeroom migrate plan` lists those that do");
  }
  HOMEROOM_TRY(connection.execute("set local role homeroom_owner"));
  return decide(connection, migration, "refused", by, "now");
}

}  // namespace homeroom::migrate
