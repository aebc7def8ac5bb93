#include <algorithm>
#include <array>
#include <cstddef>
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

// PostgreSQL's limit is 1,600, of which history.<table> needs six of our own.
constexpr std::size_t kMaxColumns = 1594;

// `what` nobody can do without a person.
Change conflict(std::string column, std::string what) {
  return {.kind = ChangeKind::kConflict,
          .column = std::move(column),
          .description = std::move(what),
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
          .reverse_sql = change_type_sql(wanted.name, to, from),
          .from_state = std::string(to_string(from.type)),
          .to_state = std::string(to_string(to.type))};
}

Change change_type(const TableSchema& wanted, const TableColumn& from, const TableColumn& to) {
  TableColumn text = from;
  text.type = SqlType::kText;
  return {.kind = ChangeKind::kChangeType,
          .column = to.name,
          .description = fmt::format("column {} would change from {} to text: {} does not fit it",
                                     to.name, to_string(from.type), to_string(to.type)),
          .sql = change_type_sql(wanted.name, from, text),
          .reverse_sql = change_type_sql(wanted.name, text, from),
          .is_safe = false,
          .from_state = std::string(to_string(from.type)),
          .to_state = std::string(to_string(text.type))};
}

Change narrow(const TableSchema& wanted, const TableColumn& from, const TableColumn& to) {
  return {.kind = ChangeKind::kNarrowColumn,
          .column = to.name,
          .description = fmt::format("narrow column {} from {} to {}", to.name,
                                     to_string(from.type), to_string(to.type)),
          .sql = change_type_sql(wanted.name, from, to),
          .reverse_sql = change_type_sql(wanted.name, to, from),
          .is_safe = false,
          .from_state = std::string(to_string(from.type)),
          .to_state = std::string(to_string(to.type))};
}

Change change_key(const TableSchema& current, const TableSchema& wanted) {
  return {.kind = ChangeKind::kChangeKey,
          .column = {},
          .description = fmt::format("the key would change from {} to {}", named_list(current.key),
                                     named_list(wanted.key)),
          .sql = change_key_sql(current, wanted),
          .reverse_sql = restore_key_sql(current),
          .is_safe = false,
          .from_state = named_list(current.key),
          .to_state = named_list(wanted.key)};
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
      changes.push_back(change_type(wanted, *there, column));
    }
  }
  if (there->is_required && !column.is_required) changes.push_back(relax(wanted, column));
  if (column.is_suppressible && !there->is_suppressible) {
    changes.push_back(add_flag(wanted, column));
  }
}

// New rows have no value for it.
Change relax_vanished(const TableSchema& wanted, const TableColumn& column) {
  Change change = relax(wanted, column);
  change.description =
      fmt::format("column {} must have a value and is gone: let it be empty", column.name);
  change.is_safe = false;
  change.from_state = "not null";
  return change;
}

bool is_key_part(const TableSchema& table, const std::string& column) {
  return std::ranges::find(table.key, column) != table.key.end();
}

}  // namespace

std::string_view to_string(ChangeKind kind) {
  constexpr std::array<std::string_view, 9> kNames = {
      "create_table", "add_column",    "widen_column", "relax_not_null", "rename_column",
      "change_type",  "narrow_column", "change_key",   "conflict"};
  return kNames[static_cast<std::size_t>(kind)];
}

std::vector<Change> plan_changes(const TableSchema& current, const TableSchema& wanted) {
  if (std::optional<Change> found = find_conflict(current, wanted)) return {std::move(*found)};
  if (current.columns.empty()) return {create_table(wanted)};
  std::vector<Change> changes;
  if (current.key != wanted.key) changes.push_back(change_key(current, wanted));
  for (const TableColumn& column : wanted.columns) {
    const bool comes_with_key = current.key != wanted.key && is_key_part(wanted, column.name) &&
                                current.find(column.name) == nullptr;
    if (!comes_with_key) plan_column(current, wanted, column, changes);
  }
  for (const TableColumn& column : current.columns) {
    if (column.is_required && wanted.find(column.name) == nullptr) {
      changes.push_back(relax_vanished(wanted, column));
    }
  }
  return changes;
}

std::vector<Change> plan_narrowing(const TableSchema& current, const TableSchema& wanted) {
  std::vector<Change> changes;
  for (const TableColumn& column : wanted.columns) {
    const TableColumn* there = current.find(column.name);
    if (there == nullptr || there->type == column.type) continue;
    if (holds(there->type, column.type)) changes.push_back(narrow(wanted, *there, column));
  }
  return changes;
}

std::string state_of(ChangeKind kind, const std::string& column, const TableSchema& current) {
  if (kind == ChangeKind::kChangeKey) return named_list(current.key);
  const TableColumn* there = current.find(column);
  if (there == nullptr) return "not there";
  if (kind == ChangeKind::kRelaxNotNull) return there->is_required ? "not null" : "may be empty";
  return std::string(to_string(there->type));
}

}  // namespace homeroom::migrate
