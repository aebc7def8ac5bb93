#pragma once

// The SQL of tables: what a column, a table and its history are written as.

#include <string>
#include <string_view>

#include "table/schema.h"

namespace homeroom::migrate {

/// data."name" and history."name".
[[nodiscard]] std::string data_table(std::string_view name);
[[nodiscard]] std::string history_table(std::string_view name);

/// Name of the unique index on the key. Two underscores: no table has such a name.
[[nodiscard]] std::string key_index_name(std::string_view table);

/// Statements that make data.<name> with its key and comments, and history.<name> beside it.
[[nodiscard]] std::string create_table_sql(const TableSchema& table);
[[nodiscard]] std::string drop_table_sql(const TableSchema& table);

/// Adds the column and, when it is suppressible, its flag, to both tables. A new column may be
/// null even when it is required: the rows that stand there have no value for it.
[[nodiscard]] std::string add_column_sql(const TableSchema& table, const TableColumn& column);
[[nodiscard]] std::string drop_column_sql(const TableSchema& table, const TableColumn& column);

/// Adds only the flag.
[[nodiscard]] std::string add_flag_sql(const TableSchema& table, const TableColumn& column);
[[nodiscard]] std::string drop_flag_sql(const TableSchema& table, const TableColumn& column);

/// Changes the column's type in both tables; values keep the text that clean files have.
[[nodiscard]] std::string change_type_sql(std::string_view table, const TableColumn& from,
                                          const TableColumn& to);

/// Renames the column, its flag when it has one, in both tables. The key's index goes with it.
[[nodiscard]] std::string rename_column_sql(std::string_view table, const TableColumn& from,
                                            std::string_view to);

/// Takes the index of `from.key` away and makes that of `to_key`; columns of it that are not there
/// are added as `wanted` has them, those of text are compared byte by byte from then on.
[[nodiscard]] std::string change_key_sql(const TableSchema& from, const TableSchema& wanted);
/// The way back, which keeps the columns that were added.
[[nodiscard]] std::string restore_key_sql(const TableSchema& from);

[[nodiscard]] std::string comment_sql(const TableSchema& table, const TableColumn& column);

/// text collate "C", bigint, ...
[[nodiscard]] std::string type_sql(const TableSchema& table, const TableColumn& column);

}  // namespace homeroom::migrate
