#include "migrate/ddl.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "io/postgres/postgres.h"

namespace homeroom::migrate {
namespace {

using io::quote_identifier;
using io::quote_literal;

bool is_key_part(const TableSchema& table, const TableColumn& column) {
  return std::ranges::find(table.key, column.name) != table.key.end();
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back(quote_identifier(name));
  return join(quoted, ", ");
}

std::string column_sql(const TableSchema& table, const TableColumn& column, bool may_require) {
  return fmt::format("{} {}{}", quote_identifier(column.name), type_sql(table, column),
                     may_require && column.is_required ? " not null" : "");
}

std::string flag_sql(const TableColumn& column) {
  return quote_identifier(suppressed_name(column.name)) + " boolean not null default false";
}

std::vector<std::string> column_lines(const TableSchema& table, bool may_require) {
  std::vector<std::string> lines;
  for (const TableColumn& column : table.columns) {
    lines.push_back(column_sql(table, column, may_require));
    if (column.is_suppressible) lines.push_back(flag_sql(column));
  }
  lines.emplace_back("_run bigint not null");
  lines.emplace_back("_line bigint not null");
  lines.emplace_back("_since bigint");
  return lines;
}

std::string both(std::string_view table, std::string_view action) {
  return fmt::format("alter table {} {};\nalter table {} {};\n", data_table(table), action,
                     history_table(table), action);
}

// History keeps a column that somebody dropped from the table alone.
std::string add_to_both(std::string_view table, std::string_view column) {
  return fmt::format("alter table {} add column {};\nalter table {} add column if not exists {};\n",
                     data_table(table), column, history_table(table), column);
}

// What a clean file would say for the value, where the plain cast says it otherwise.
std::string value_as(const TableColumn& from, SqlType to) {
  const std::string name = quote_identifier(from.name);
  if (to == SqlType::kText && from.type == SqlType::kDate) {
    return fmt::format("to_char({}, 'YYYY-MM-DD')", name);
  }
  if (to == SqlType::kText && from.type == SqlType::kTimestamptz) {
    return fmt::format(
        "to_char({0} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS')"
        " || rtrim(rtrim(to_char({0} at time zone 'UTC', '.US'), '0'), '.') || 'Z'",
        name);
  }
  return fmt::format("{}::{}", name, to_string(to));
}

std::string key_index_sql(const std::string& table, const std::vector<std::string>& key) {
  if (key.empty()) return {};
  return fmt::format("create unique index {} on {} ({}) nulls not distinct;\n",
                     quote_identifier(key_index_name(table)), data_table(table), quoted_list(key));
}

std::string drop_key_index_sql(const TableSchema& table) {
  if (table.key.empty()) return {};
  return fmt::format("drop index data.{};\n", quote_identifier(key_index_name(table.name)));
}

}  // namespace

std::string data_table(std::string_view name) {
  return "data." + quote_identifier(name);
}

std::string history_table(std::string_view name) {
  return "history." + quote_identifier(name);
}

std::string key_index_name(std::string_view table) {
  return name_with_suffix(table, "__key");
}

std::string type_sql(const TableSchema& table, const TableColumn& column) {
  std::string type(to_string(column.type));
  const bool is_by_bytes = column.is_identifier || is_key_part(table, column);
  if (column.type == SqlType::kText && is_by_bytes) type += " collate \"C\"";
  return type;
}

std::string comment_sql(const TableSchema& table, const TableColumn& column) {
  return fmt::format("comment on column {}.{} is {};\n", data_table(table.name),
                     quote_identifier(column.name), quote_literal(column.comment));
}

std::string create_table_sql(const TableSchema& table) {
  const std::string data = data_table(table.name);
  const std::string parted =
      table.partition_by.empty()
          ? std::string()
          : fmt::format(" partition by list ({})", quote_identifier(table.partition_by));
  std::string sql = fmt::format("create table {} (\n    {}\n){};\n", data,
                                join(column_lines(table, true), ",\n    "), parted);
  sql += key_index_sql(table.name, table.key);
  sql += fmt::format("comment on table {} is {};\n", data, quote_literal(table.comment));
  for (const TableColumn& column : table.columns) {
    if (!column.comment.empty()) sql += comment_sql(table, column);
    if (!column.is_suppressible) continue;
    sql += fmt::format("comment on column {}.{} is {};\n", data,
                       quote_identifier(suppressed_name(column.name)),
                       quote_literal("A value exists and was hidden by whoever made the file"));
  }
  sql += fmt::format("comment on column {}._run is 'Run that wrote the row';\n", data);
  sql += fmt::format("comment on column {}._line is 'Line of the run''s file';\n", data);
  sql += fmt::format(
      "comment on column {}._since is "
      "'Version of the table that put the row here; null: that of its run''s own load';\n",
      data);
  std::vector<std::string> past = column_lines(table, false);
  past.emplace_back("_superseded_by bigint not null");
  past.emplace_back("_superseded_at timestamptz not null default now()");
  past.emplace_back("_until bigint");
  sql += fmt::format("create table {} (\n    {}\n);\n", history_table(table.name),
                     join(past, ",\n    "));
  sql += fmt::format("create index on {} (_superseded_by);\n", history_table(table.name));
  if (!table.key.empty()) {
    sql += fmt::format("create index on {} ({});\n", history_table(table.name),
                       quoted_list(table.key));
  }
  sql += fmt::format("comment on table {} is {};\n", history_table(table.name),
                     quote_literal("Rows of data." + table.name +
                                   " that a run replaced or removed, as they stood before"));
  return sql;
}

std::string drop_table_sql(const TableSchema& table) {
  return fmt::format("drop function if exists as_of.{};\ndrop table {};\ndrop table {};\n",
                     quote_identifier(table.name), history_table(table.name),
                     data_table(table.name));
}

std::string add_column_sql(const TableSchema& table, const TableColumn& column) {
  std::string sql = add_to_both(table.name, column_sql(table, column, false));
  if (column.is_suppressible) sql += add_flag_sql(table, column);
  if (!column.comment.empty()) sql += comment_sql(table, column);
  return sql;
}

std::string drop_column_sql(const TableSchema& table, const TableColumn& column) {
  std::string sql = both(table.name, "drop column " + quote_identifier(column.name));
  if (column.is_suppressible) sql += drop_flag_sql(table, column);
  return sql;
}

std::string add_flag_sql(const TableSchema& table, const TableColumn& column) {
  return add_to_both(table.name, flag_sql(column));
}

std::string drop_flag_sql(const TableSchema& table, const TableColumn& column) {
  return both(table.name, "drop column " + quote_identifier(suppressed_name(column.name)));
}

std::string change_type_sql(std::string_view table, const TableColumn& from,
                            const TableColumn& to) {
  std::string type(to_string(to.type));
  if (to.type == SqlType::kText && (from.is_identifier || to.is_identifier)) {
    type += " collate \"C\"";
  }
  return both(table, fmt::format("alter column {} type {} using {}", quote_identifier(from.name),
                                 type, value_as(from, to.type)));
}

std::string rename_column_sql(std::string_view table, const TableColumn& from,
                              std::string_view to) {
  std::string sql = both(table, fmt::format("rename column {} to {}", quote_identifier(from.name),
                                            quote_identifier(to)));
  if (from.is_suppressible) {
    sql += both(table,
                fmt::format("rename column {} to {}", quote_identifier(suppressed_name(from.name)),
                            quote_identifier(suppressed_name(to))));
  }
  return sql;
}

std::string change_key_sql(const TableSchema& from, const TableSchema& wanted) {
  std::string sql = drop_key_index_sql(from);
  for (const std::string& part : wanted.key) {
    const TableColumn* there = from.find(part);
    const TableColumn* column = wanted.find(part);
    if (there == nullptr && column != nullptr) {
      sql += add_column_sql(wanted, *column);
    } else if (there != nullptr && there->type == SqlType::kText && !there->is_identifier) {
      sql += both(from.name,
                  fmt::format("alter column {} type text collate \"C\"", quote_identifier(part)));
    }
  }
  return sql + key_index_sql(from.name, wanted.key);
}

std::string restore_key_sql(const TableSchema& from) {
  return fmt::format("drop index if exists data.{};\n",
                     quote_identifier(key_index_name(from.name))) +
         key_index_sql(from.name, from.key);
}

}  // namespace homeroom::migrate
