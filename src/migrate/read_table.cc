#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "migrate/ddl.h"
#include "migrate/migrate.h"

namespace homeroom::migrate {
namespace {

// In the order of the columns; key_position counts from 1, null outside the key.
constexpr const char* kReadColumns = R"(
select
    a.attname,
    t.typname,
    a.attnotnull,
    coalesce(l.collname = 'C', false),
    coalesce(col_description(a.attrelid, a.attnum), ''),
    coalesce(obj_description(a.attrelid, 'pg_class'), ''),
    (
        select k.position
        from pg_index as i
        cross join lateral unnest(i.indkey::int2[]) with ordinality as k (attnum, position)
        where i.indexrelid = to_regclass($2)
            and i.indrelid = a.attrelid
            and k.attnum = a.attnum
    )
from pg_attribute as a
join pg_type as t on t.oid = a.atttypid
left join pg_collation as l on l.oid = a.attcollation
where a.attrelid = to_regclass($1)
    and a.attnum > 0
    and not a.attisdropped
order by a.attnum
)";

struct TypeName {
  std::string_view name;
  SqlType type;
};

// Types a table may have after a person changed it: values are assigned to them without loss or
// refused by PostgreSQL.
constexpr std::array kTypes = {
    TypeName{"text", SqlType::kText},
    TypeName{"varchar", SqlType::kText},
    TypeName{"bpchar", SqlType::kText},
    TypeName{"int8", SqlType::kBigint},
    TypeName{"int4", SqlType::kBigint},
    TypeName{"int2", SqlType::kBigint},
    TypeName{"numeric", SqlType::kNumeric},
    TypeName{"float8", SqlType::kNumeric},
    TypeName{"float4", SqlType::kNumeric},
    TypeName{"date", SqlType::kDate},
    TypeName{"timestamptz", SqlType::kTimestamptz},
    TypeName{"timestamp", SqlType::kTimestamptz},
    TypeName{"bool", SqlType::kBoolean},
    TypeName{"jsonb", SqlType::kJsonb},
};

std::optional<SqlType> type_named(std::string_view name) {
  const auto* found = std::ranges::find(kTypes, name, &TypeName::name);
  if (found == kTypes.end()) return std::nullopt;
  return found->type;
}

// Folds the boolean columns that stand beside suppressible ones into them.
void fold_flags(std::vector<TableColumn>& columns) {
  for (TableColumn& column : columns) {
    const std::string flag = suppressed_name(column.name);
    column.is_suppressible = std::ranges::any_of(columns, [&](const TableColumn& other) {
      return other.name == flag && other.type == SqlType::kBoolean;
    });
  }
  std::vector<std::string> flags;
  for (const TableColumn& column : columns) {
    if (column.is_suppressible) flags.push_back(suppressed_name(column.name));
  }
  std::erase_if(columns, [&](const TableColumn& column) {
    return std::ranges::find(flags, column.name) != flags.end();
  });
}

}  // namespace

Result<TableSchema> read_table(io::Connection& connection, const std::string& name) {
  const std::string table = data_table(name);
  const std::string index = "data." + io::quote_identifier(key_index_name(name));
  const std::array<io::Parameter, 2> parameters = {table, index};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kReadColumns, parameters));
  TableSchema schema;
  schema.name = name;
  bool has_run = false;
  bool has_line = false;
  std::vector<std::pair<std::int64_t, std::string>> key;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    TableColumn column;
    column.name = rows.text(row, 0);
    if (column.name == "_run") has_run = true;
    if (column.name == "_line") has_line = true;
    if (column.name == "_run" || column.name == "_line" || column.name == "_since") continue;
    const std::optional<SqlType> type = type_named(rows.text(row, 1));
    if (!type) {
      return fail(ErrorCode::kContract,
                  fmt::format("column {} of data.{} has type {}, which Homeroom does not write",
                              column.name, name, rows.text(row, 1)),
                  "give the column one of the types text, bigint, numeric, date, timestamptz, "
                  "boolean, jsonb, or rename the table");
    }
    column.type = *type;
    column.is_required = rows.text(row, 2) == "t";
    column.is_identifier = rows.text(row, 3) == "t";
    column.comment = rows.text(row, 4);
    schema.comment = rows.text(row, 5);
    if (!rows.is_null(row, 6)) key.emplace_back(rows.integer(row, 6), column.name);
    schema.columns.push_back(std::move(column));
  }
  if (rows.num_rows() > 0 && (!has_run || !has_line)) {
    return fail(ErrorCode::kContract, fmt::format("data.{} is no table that Homeroom made", name),
                "move it to another schema: data belongs to Homeroom");
  }
  std::ranges::sort(key);
  for (auto& [position, column] : key) schema.key.push_back(std::move(column));
  fold_flags(schema.columns);
  return schema;
}

}  // namespace homeroom::migrate
