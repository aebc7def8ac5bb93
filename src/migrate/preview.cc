#include "migrate/preview.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "migrate/ddl.h"
#include "migrate/migrate.h"

namespace homeroom::migrate {
namespace {

using io::quote_identifier;

// Bytes a second on a busy machine of two cores, a million rows: to write a table with its index,
// and to read it for a new index.
constexpr double kRewriteSpeed = 30e6;
constexpr double kIndexSpeed = 40e6;

constexpr const char* kSize = R"(
select
    coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
from pg_class as c
where c.oid = to_regclass($2)
    or c.oid = to_regclass($1)
    or c.oid in (select t.relid from pg_partition_tree(to_regclass($1)) as t)
)";

// A day that the calendar has, as "2025-11-03".
std::string is_day_sql(const std::string& text) {
  return fmt::format(
      "case when left({0}, 10) !~ '^\\d{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' then false "
      "when left({0}, 4) = '0000' then false "
      "else substr({0}, 9, 2)::integer <= extract(day from "
      "(left({0}, 7) || '-01')::date + interval '1 month' - interval '1 day') end",
      text);
}

std::string text_fits_sql(const std::string& name, SqlType to) {
  switch (to) {
    case SqlType::kText:
      return "true";
    case SqlType::kBigint:
      return fmt::format("{} ~ '^(0|-?[1-9]\\d{{0,17}})$'", name);
    case SqlType::kNumeric:
      return fmt::format("{} ~ '^-?(0|[1-9]\\d*)(\\.\\d+)?$'", name);
    case SqlType::kDate:
      return fmt::format("length({0}) = 10 and {1}", name, is_day_sql(name));
    case SqlType::kTimestamptz:
      return fmt::format(
          "{0} ~ '^.{{10}}T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{{1,6}})?Z$' and {1}", name,
          is_day_sql(name));
    case SqlType::kBoolean:
      return fmt::format("{} in ('true', 'false')", name);
    case SqlType::kJsonb:
      break;
  }
  return "false";
}

Result<std::uint64_t> count(io::Connection& connection, const std::string& sql) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(sql));
  return static_cast<std::uint64_t>(rows.integer(0, 0));
}

// In data.<table> and history.<table>: both change.
Result<std::uint64_t> count_where(io::Connection& connection, const std::string& table,
                                  const std::string& condition) {
  return count(connection,
               fmt::format("select (select count(*) from {} where {}) + "
                           "(select count(*) from {} where {})",
                           data_table(table), condition, history_table(table), condition));
}

Status preview_type(io::Connection& connection, const MigrationRecord& migration,
                    const std::string& from, const std::string& to, Preview& preview) {
  preview.rewrites = true;
  const std::optional<SqlType> old_type = parse_sql_type(from);
  const std::optional<SqlType> new_type = parse_sql_type(to);
  if (!old_type || !new_type) return {};
  const std::string fits = fits_sql(migration.column, *old_type, *new_type);
  preview.in_way = fmt::format("have a {} that is no {}, or would read otherwise", migration.column,
                               to_string(*new_type));
  preview.num_in_way = HOMEROOM_TRY(
      count_where(connection, migration.table, fmt::format("not coalesce({}, true)", fits)));
  return {};
}

// "(a, b)" -> a, b.
std::vector<std::string> columns_of(std::string_view list) {
  std::vector<std::string> columns;
  if (!list.starts_with('(') || !list.ends_with(')')) return columns;
  list = list.substr(1, list.size() - 2);
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(", "), list.size());
    columns.emplace_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 2, list.size()));
  }
  return columns;
}

// Rows whose key another row has too; a column that the table lacks is empty in all of them.
Status preview_key(io::Connection& connection, const MigrationRecord& migration,
                   const std::string& key, Preview& preview) {
  const TableSchema table = HOMEROOM_TRY(read_table(connection, migration.table));
  std::vector<std::string> parts;
  for (const std::string& column : columns_of(key)) {
    parts.push_back(table.find(column) == nullptr ? "null::text" : quote_identifier(column));
  }
  if (parts.empty()) return {};
  preview.in_way = fmt::format("share their {} with another row", key);
  preview.num_in_way = HOMEROOM_TRY(
      count(connection, fmt::format("select coalesce(sum(k.num), 0)::bigint from (select count(*) "
                                    "as num from {} group by {} having count(*) > 1) as k",
                                    data_table(migration.table), join(parts, ", "))));
  return {};
}

Status preview_null(io::Connection& connection, const MigrationRecord& migration,
                    Preview& preview) {
  preview.in_way = fmt::format("have no {}", migration.column);
  preview.num_in_way = HOMEROOM_TRY(count(
      connection, fmt::format("select count(*) from {} where {} is null",
                              data_table(migration.table), quote_identifier(migration.column))));
  return {};
}

Result<Preview> preview_size(io::Connection& connection, const std::string& name) {
  Preview preview;
  const io::QueryResult there = HOMEROOM_TRY(connection.execute(
      fmt::format("select to_regclass({}) is not null", io::quote_literal(data_table(name)))));
  if (there.text(0, 0) != "t") return preview;
  preview.num_rows = HOMEROOM_TRY(count_where(connection, name, "true"));
  return preview;
}

Status add_seconds(io::Connection& connection, const MigrationRecord& migration, Preview& preview) {
  const bool is_index = migration.kind == to_string(ChangeKind::kChangeKey);
  if (!preview.rewrites && !is_index) return {};
  const std::string data = data_table(migration.table);
  const std::string history = history_table(migration.table);
  const std::array<io::Parameter, 2> names = {data, history};
  const io::QueryResult size = HOMEROOM_TRY(connection.query(kSize, names));
  preview.seconds =
      static_cast<double>(size.integer(0, 0)) / (preview.rewrites ? kRewriteSpeed : kIndexSpeed);
  return {};
}

bool is_kind(const MigrationRecord& migration, ChangeKind kind) {
  return migration.kind == to_string(kind);
}

// Rows that would lose something without what the migration added: a column, or only its flag.
std::string has_value_sql(const MigrationRecord& migration) {
  const std::string column = quote_identifier(migration.column);
  const bool is_flag = migration.reverse_sql.find("drop column " + column) == std::string::npos;
  return is_flag ? quote_identifier(suppressed_name(migration.column)) : column + " is not null";
}

bool changes_type(const MigrationRecord& migration) {
  return is_kind(migration, ChangeKind::kWidenColumn) ||
         is_kind(migration, ChangeKind::kChangeType) ||
         is_kind(migration, ChangeKind::kNarrowColumn);
}

}  // namespace

std::string fits_sql(const std::string& column, SqlType from, SqlType to) {
  const std::string name = quote_identifier(column);
  if (from == to || to == SqlType::kText) return "true";
  if (from == SqlType::kText) return text_fits_sql(name, to);
  if (from == SqlType::kBigint && to == SqlType::kNumeric) return "true";
  if (from == SqlType::kNumeric && to == SqlType::kBigint) {
    return fmt::format("{0}::text ~ '^-?\\d{{1,18}}$'", name);
  }
  return "false";
}

Result<Preview> preview_apply(io::Connection& connection, const MigrationRecord& migration) {
  Preview preview = HOMEROOM_TRY(preview_size(connection, migration.table));
  if (changes_type(migration)) {
    HOMEROOM_TRY(
        preview_type(connection, migration, migration.from_state, migration.to_state, preview));
  }
  if (is_kind(migration, ChangeKind::kChangeKey)) {
    HOMEROOM_TRY(preview_key(connection, migration, migration.to_state, preview));
  }
  HOMEROOM_TRY(add_seconds(connection, migration, preview));
  return preview;
}

Result<Preview> preview_revert(io::Connection& connection, const MigrationRecord& migration) {
  Preview preview = HOMEROOM_TRY(preview_size(connection, migration.table));
  if (changes_type(migration)) {
    HOMEROOM_TRY(
        preview_type(connection, migration, migration.to_state, migration.from_state, preview));
  }
  if (is_kind(migration, ChangeKind::kChangeKey)) {
    HOMEROOM_TRY(preview_key(connection, migration, migration.from_state, preview));
  }
  if (is_kind(migration, ChangeKind::kRelaxNotNull)) {
    HOMEROOM_TRY(preview_null(connection, migration, preview));
  }
  if (is_kind(migration, ChangeKind::kAddColumn)) {
    preview.in_way = fmt::format("have a {}, which would go", migration.column);
    preview.num_in_way =
        HOMEROOM_TRY(count_where(connection, migration.table, has_value_sql(migration)));
  }
  if (is_kind(migration, ChangeKind::kCreateTable)) {
    preview.in_way = "stand in it";
    preview.num_in_way = preview.num_rows;
  }
  HOMEROOM_TRY(add_seconds(connection, migration, preview));
  return preview;
}

}  // namespace homeroom::migrate
