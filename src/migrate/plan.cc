#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "migrate/ddl.h"
#include "migrate/migrate.h"

namespace homeroom::migrate {
namespace {

// PostgreSQL's limit is 1,600, of which history.<table> needs four of our own.
constexpr std::size_t kMaxColumns = 1596;

Change conflict(std::string column, std::string description) {
  return {.kind = ChangeKind::kConflict,
          .column = std::move(column),
          .description = std::move(description),
          .sql = {},
          .reverse_sql = {},
          .is_safe = false};
}

// Every value of `narrow` has a place in `wide`, and its canonical text stays the same.
bool holds(SqlType wide, SqlType narrow) {
  return wide == narrow || wide == SqlType::kText ||
         (wide == SqlType::kNumeric && narrow == SqlType::kBigint);
}

std::size_t num_stored_columns(const TableSchema& table) {
  const auto flags = std::ranges::count_if(table.columns, &TableColumn::is_suppressible);
  return table.columns.size() + static_cast<std::size_t>(flags);
}

std::string named_list(const std::vector<std::string>& names) {
  return names.empty() ? "none" : fmt::format("({})", join(names, ", "));
}

Change create_table(const TableSchema& wanted) {
  return {.kind = ChangeKind::kCreateTable,
          .column = {},
          .description =
              fmt::format("create table data.{} ({} columns)", wanted.name, wanted.columns.size()),
          .sql = create_table_sql(wanted),
          .reverse_sql = drop_table_sql(wanted)};
}

Change add_column(const TableSchema& wanted, const TableColumn& column) {
  return {.kind = ChangeKind::kAddColumn,
          .column = column.name,
          .description = fmt::format("add column {} ({})", column.name, to_string(column.type)),
          .sql = add_column_sql(wanted, column),
          .reverse_sql = drop_column_sql(wanted, column)};
}

Change add_flag(const TableSchema& wanted, const TableColumn& column) {
  return {.kind = ChangeKind::kAddColumn,
          .column = column.name,
          .description = fmt::format("add column {} (boolean)", suppressed_name(column.name)),
          .sql = add_flag_sql(wanted, column),
          .reverse_sql = drop_flag_sql(wanted, column)};
}

Change widen(const TableSchema& wanted, const TableColumn& from, const TableColumn& to) {
  return {.kind = ChangeKind::kWidenColumn,
          .column = to.name,
          .description = fmt::format("widen column {} from {} to {}", to.name, to_string(from.type),
                                     to_string(to.type)),
          .sql = change_type_sql(wanted.name, from, to),
          .reverse_sql = change_type_sql(wanted.name, to, from)};
}

Change relax(const TableSchema& wanted, const TableColumn& column) {
  const std::string alter = fmt::format("alter table {} alter column {} ", data_table(wanted.name),
                                        io::quote_identifier(column.name));
  return {.kind = ChangeKind::kRelaxNotNull,
          .column = column.name,
          .description = fmt::format("let column {} be empty", column.name),
          .sql = alter + "drop not null;\n",
          .reverse_sql = alter + "set not null;\n"};
}

// What can make the whole table impossible.
std::optional<Change> find_conflict(const TableSchema& current, const TableSchema& wanted) {
  for (const std::string& part : wanted.key) {
    if (wanted.find(part) == nullptr && current.find(part) == nullptr) {
      return conflict(part, fmt::format("key column {} is in no file of this table", part));
    }
  }
  if (!current.columns.empty() && current.key != wanted.key) {
    return conflict({}, fmt::format("the key would change from {} to {}", named_list(current.key),
                                    named_list(wanted.key)));
  }
  std::size_t columns = num_stored_columns(current);
  for (const TableColumn& column : wanted.columns) {
    const TableColumn* there = current.find(column.name);
    if (there == nullptr) ++columns;
    if (column.is_suppressible && (there == nullptr || !there->is_suppressible)) ++columns;
  }
  if (columns > kMaxColumns) {
    return conflict({}, fmt::format("the table would have {} columns, {} are possible",
                                    with_thousands(columns), with_thousands(kMaxColumns)));
  }
  return std::nullopt;
}

void plan_column(const TableSchema& current, const TableSchema& wanted, const TableColumn& column,
                 std::vector<Change>& changes) {
  const TableColumn* there = current.find(column.name);
  if (there == nullptr) {
    changes.push_back(add_column(wanted, column));
    return;
  }
  if (!holds(there->type, column.type)) {
    if (holds(column.type, there->type)) {
      changes.push_back(widen(wanted, *there, column));
    } else {
      changes.push_back(
          conflict(column.name, fmt::format("column {} would change from {} to {}", column.name,
                                            to_string(there->type), to_string(column.type))));
    }
  }
  if (there->is_required && !column.is_required) changes.push_back(relax(wanted, column));
  if (column.is_suppressible && !there->is_suppressible) {
    changes.push_back(add_flag(wanted, column));
  }
}

}  // namespace

std::vector<Change> plan_changes(const TableSchema& current, const TableSchema& wanted) {
  if (std::optional<Change> found = find_conflict(current, wanted)) return {std::move(*found)};
  if (current.columns.empty()) return {create_table(wanted)};
  std::vector<Change> changes;
  for (const TableColumn& column : wanted.columns) {
    plan_column(current, wanted, column, changes);
  }
  return changes;
}

}  // namespace homeroom::migrate
