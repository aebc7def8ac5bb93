#include "load/target_table.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace homeroom::load {
namespace {

constexpr const char* kColumns = R"(
select
    a.attname,
    case
        when t.typname in ('int2', 'int4', 'int8') then 'bigint'
        when t.typname in ('numeric', 'float4', 'float8') then 'numeric'
        when t.typname in ('timestamp', 'timestamptz') then 'timestamptz'
        when t.typname = 'bool' then 'boolean'
        when t.typname in ('date', 'jsonb') then t.typname::text
        else 'text'
    end,
    coalesce(l.collname = 'C', false),
    not a.attnotnull,
    coalesce(a.attnum = p.partattrs[0] and p.partnatts = 1 and p.partstrat = 'l', false)
from pg_attribute as a
join pg_type as t on t.oid = a.atttypid
left join pg_collation as l on l.oid = a.attcollation
left join pg_partitioned_table as p on p.partrelid = a.attrelid
where a.attrelid = to_regclass($1)
    and a.attnum > 0
    and not a.attisdropped
    and a.attname not in ('_run', '_line', '_since')
order by a.attnum
)";

}  // namespace

const TargetColumn* TargetTable::find(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &TargetColumn::name);
  return found == columns.end() ? nullptr : &*found;
}

Result<bool> has_rows(io::Connection& connection, const std::string& table) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(
      fmt::format("select exists (select from data.{})", io::quote_identifier(table))));
  return rows.text(0, 0) == "t";
}

Result<TargetTable> read_target(io::Connection& connection, const TableSchema& table) {
  const std::string name = "data." + io::quote_identifier(table.name);
  const std::array<io::Parameter, 1> parameters = {name};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kColumns, parameters));
  if (rows.num_rows() == 0) {
    return fail(ErrorCode::kInternal, fmt::format("{} does not exist", name),
                "this is a defect of Homeroom: please report it");
  }
  TargetTable target{.name = table.name, .columns = {}, .key = table.key};
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    if (rows.text(row, 4) == "t") target.partition_by = rows.text(row, 0);
    target.columns.push_back({.name = std::string(rows.text(row, 0)),
                              .type = parse_sql_type(rows.text(row, 1)).value_or(SqlType::kText),
                              .is_by_bytes = rows.text(row, 2) == "t",
                              .is_nullable = rows.text(row, 3) == "t"});
  }
  return target;
}

}  // namespace homeroom::load
