#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/failpoint.h"
#include "migrate/ddl.h"
#include "migrate/migrate.h"
#include "migrate/protect.h"
#include "migrate/renames.h"
#include "migrate/shape.h"
#include "migrate/views.h"

namespace homeroom::migrate {
namespace {

constexpr const char* kRecord = R"(
insert into homeroom.migration (
    run_id, table_name, description, sql, reverse_sql, kind, column_name, from_state, to_state,
    applied_at
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp())
)";

bool is_due(const Change& change) {
  return change.is_safe && !change.sql.empty();
}

// A column's type can change only while no view stands on it.
bool needs_views_gone(std::span<const Change> changes) {
  return std::ranges::any_of(changes, [](const Change& change) {
    return is_due(change) && change.kind == ChangeKind::kWidenColumn;
  });
}

Status run_change(io::Connection& connection, const std::optional<std::int64_t>& run_id,
                  const std::string& table, const Change& change) {
  if (auto done = connection.execute(change.sql); !done) {
    return tl::unexpected(with_lock_hint(std::move(done).error(), connection, table));
  }
  const std::string run = run_id ? std::to_string(*run_id) : std::string();
  const std::array<io::Parameter, 9> values = {run_id ? io::Parameter(run) : std::nullopt,
                                               table,
                                               change.description,
                                               change.sql,
                                               change.reverse_sql,
                                               to_string(change.kind),
                                               change.column,
                                               change.from_state,
                                               change.to_state};
  HOMEROOM_TRY(connection.query(kRecord, values));
  return {};
}

// In the caller's transaction; views are the caller's matter too.
Result<std::size_t> run_changes(io::Connection& connection,
                                const std::optional<std::int64_t>& run_id, const std::string& table,
                                std::span<const Change> changes) {
  std::size_t num_applied = 0;
  HOMEROOM_TRY(connection.execute("set local role homeroom_owner; set local lock_timeout = '10s'"));
  if (needs_views_gone(changes)) HOMEROOM_TRY(release_table(connection, table));
  for (const Change& change : changes) {
    if (!is_due(change)) continue;
    HOMEROOM_FAILPOINT("migrate_step");
    HOMEROOM_TRY(run_change(connection, run_id, table, change));
    ++num_applied;
  }
  if (num_applied > 0) {
    HOMEROOM_TRY(protect_table(connection, table));
    HOMEROOM_TRY(record_shape(connection, table));
  }
  HOMEROOM_TRY(connection.execute("set local lock_timeout = 0"));
  return num_applied;
}

// Comments follow the contracts even when nothing else changes.
std::string comment_changes_sql(const TableSchema& current, const TableSchema& wanted) {
  std::string sql;
  if (current.comment != wanted.comment) {
    sql += fmt::format("comment on table {} is {};\n", data_table(wanted.name),
                       io::quote_literal(wanted.comment));
  }
  for (const TableColumn& column : wanted.columns) {
    const TableColumn* there = current.find(column.name);
    if (there != nullptr && there->comment != column.comment) sql += comment_sql(wanted, column);
  }
  return sql;
}

struct TableWork {
  const TableSchema* wanted = nullptr;
  TableSchema current;
  std::vector<Change> changes;

  [[nodiscard]] bool has_changed_comments() const {
    return !current.columns.empty() && !comment_changes_sql(current, *wanted).empty();
  }

  [[nodiscard]] bool is_done() const {
    return std::ranges::none_of(changes, is_due) && !has_changed_comments();
  }
};

Status install_in_transaction(io::Connection& connection, std::span<const TableWork> work) {
  DroppedViews views;
  const bool is_widening = std::ranges::any_of(
      work, [](const TableWork& table) { return needs_views_gone(table.changes); });
  if (is_widening) views = HOMEROOM_TRY(drop_views(connection));
  for (const TableWork& table : work) {
    HOMEROOM_TRY(run_changes(connection, std::nullopt, table.wanted->name, table.changes));
    if (table.has_changed_comments()) {
      HOMEROOM_TRY(connection.execute(comment_changes_sql(table.current, *table.wanted)));
    }
  }
  return views.had_any ? create_views(connection, views.grants) : apply_views(connection);
}

// Null for a table that has something Homeroom does not know: it is left alone.
Result<std::optional<TableSchema>> read_known_table(io::Connection& connection,
                                                    const std::string& name) {
  Result<TableSchema> table = read_table(connection, name);
  if (table) return std::move(*table);
  if (table.error().code == ErrorCode::kContract) return std::nullopt;
  return tl::unexpected(std::move(table).error());
}

// What the tables lack.
Result<std::vector<TableWork>> find_work(io::Connection& connection,
                                         std::span<const TableSchema> contract_tables,
                                         std::span<const FormerNames> former) {
  std::vector<TableWork> work;
  for (const TableSchema& wanted : contract_tables) {
    std::optional<TableSchema> current = HOMEROOM_TRY(read_known_table(connection, wanted.name));
    if (!current) continue;
    TableWork table{.wanted = &wanted, .current = std::move(*current), .changes = {}};
    table.changes = plan_changes(table.current, wanted);
    propose_former_names(table.current, wanted, former, table.changes);
    if (table.is_done()) continue;
    const bool is_altered = !HOMEROOM_TRY(find_alterations(connection, wanted.name)).empty();
    if (!is_altered) work.push_back(std::move(table));
  }
  return work;
}

}  // namespace

Error with_lock_hint(Error error, io::Connection& connection, const std::string& table) {
  if (connection.last_sqlstate() == "55P03") {
    error.message = fmt::format("data.{} could not be changed: others were using it", table);
    error.hint = "wait until long queries on it are done, then do the same again";
  }
  return error;
}

Result<std::size_t> apply_changes(io::Connection& connection, std::int64_t run_id,
                                  const TableSchema& wanted, const std::vector<Change>& changes) {
  DroppedViews views;
  if (needs_views_gone(changes)) views = HOMEROOM_TRY(drop_views(connection));
  const std::size_t num_applied =
      HOMEROOM_TRY(run_changes(connection, run_id, wanted.name, changes));
  if (views.had_any) HOMEROOM_TRY(create_views(connection, views.grants));
  return num_applied;
}

Status install_tables(io::Connection& connection, std::span<const TableSchema> contract_tables,
                      std::span<const FormerNames> former) {
  if (HOMEROOM_TRY(find_work(connection, contract_tables, former)).empty()) {
    return apply_views(connection);
  }
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
  HOMEROOM_TRY(lock_install(connection));
  // Another program may have done it while this one waited.
  const std::vector<TableWork> work = HOMEROOM_TRY(find_work(connection, contract_tables, former));
  HOMEROOM_TRY(install_in_transaction(connection, work));
  return transaction.commit();
}

}  // namespace homeroom::migrate
