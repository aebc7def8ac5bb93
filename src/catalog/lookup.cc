#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/ledger.h"
#include "catalog/stored_text.h"

namespace homeroom::catalog {
namespace {

constexpr const char* kRecentRuns = R"(
select
    r.run_id,
    to_char(r.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    r.path,
    r.dataset,
    r.status,
    r.rows_read,
    r.rows_loaded,
    r.rows_unchanged,
    r.rows_duplicate,
    r.rows_quarantined,
    r.rows_pending,
    r.rows_skipped,
    (r.seconds * 1e6)::bigint,
    r.undone_by
from homeroom.run as r
order by r.run_id desc
limit $1
)";

// Parts of the unique index's key in their order; none for a table without key.
constexpr const char* kKeyColumns = R"(
select
    a.attname,
    t.typname
from pg_index as i
cross join lateral unnest(i.indkey::int2[]) with ordinality as k (attnum, position)
join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
join pg_type as t on t.oid = a.atttypid
where i.indrelid = to_regclass($1)
    and i.indexrelid = to_regclass($2)
order by k.position
)";

constexpr const char* kTables = R"(
select c.relname
from pg_class as c
where c.relnamespace = 'data'::regnamespace
    and c.relkind in ('r', 'p')
order by c.relname
)";

struct KeyColumn {
  std::string name;
  bool is_text = false;
};

Error no_such_table(const std::string& table, const io::QueryResult& tables) {
  std::vector<std::string> names;
  for (std::size_t row = 0; row < tables.num_rows(); ++row) names.emplace_back(tables.text(row, 0));
  const std::string_view near = nearest(table, names);
  return {
      .code = ErrorCode::kContract,
      .message = fmt::format("there is no table data.{}", table),
      .hint = near.empty() ? "tables: " + join(names, ", ") : fmt::format("did you mean {}?", near),
      .detail = {},
      .position = {}};
}

Result<std::vector<KeyColumn>> key_columns(io::Connection& connection, const std::string& table) {
  const io::QueryResult tables = HOMEROOM_TRY(connection.execute(kTables));
  bool exists = false;
  for (std::size_t row = 0; row < tables.num_rows(); ++row) {
    exists = exists || tables.text(row, 0) == table;
  }
  if (!exists) return tl::unexpected(no_such_table(table, tables));
  const std::string name = "data." + io::quote_identifier(table);
  const std::string index = "data." + io::quote_identifier(name_with_suffix(table, "__key"));
  const std::array<io::Parameter, 2> parameters = {name, index};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kKeyColumns, parameters));
  std::vector<KeyColumn> columns;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    columns.push_back(
        {.name = std::string(rows.text(row, 0)), .is_text = rows.text(row, 1) == "text"});
  }
  if (columns.empty()) columns.push_back({.name = std::string(kLineColumn)});
  return columns;
}

// Text columns are compared as they are, so that the index on the key serves; the others as text,
// so that any input is an answer and not an error.
std::string key_condition(const std::vector<KeyColumn>& columns, std::span<const std::string> key) {
  std::vector<std::string> conditions;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string name = "t." + io::quote_identifier(columns[i].name);
    if (key[i].empty()) {
      conditions.push_back(fmt::format("{} is null and ${}::text is not null", name, i + 1));
    } else {
      conditions.push_back(
          fmt::format("{}{} = ${}::text", name, columns[i].is_text ? "" : "::text", i + 1));
    }
  }
  return join(conditions, " and ");
}

Error wrong_key(const std::string& table, const std::vector<KeyColumn>& columns,
                std::size_t given) {
  std::vector<std::string> names;
  for (const KeyColumn& column : columns) names.push_back(column.name);
  return {.code = ErrorCode::kContract,
          .message = fmt::format("data.{} is asked by {} value{}, {} given", table, columns.size(),
                                 columns.size() == 1 ? "" : "s", given),
          .hint = fmt::format("give {}, in this order; \"\" for none", join(names, ", ")),
          .detail = {},
          .position = {}};
}

}  // namespace

Result<std::vector<RunSummary>> recent_runs(io::Connection& connection, int limit) {
  const std::string count = std::to_string(limit);
  const std::array<io::Parameter, 1> parameters = {count};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kRecentRuns, parameters));
  std::vector<RunSummary> runs;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    const auto number = [&](std::size_t column) {
      return static_cast<std::uint64_t>(rows.integer(row, column));
    };
    runs.push_back({.run_id = rows.integer(row, 0),
                    .started_at = std::string(rows.text(row, 1)),
                    .path = std::string(rows.text(row, 2)),
                    .dataset = std::string(rows.text(row, 3)),
                    .status = std::string(rows.text(row, 4)),
                    .rows = {.read = number(5),
                             .loaded = number(6),
                             .unchanged = number(7),
                             .duplicate = number(8),
                             .quarantined = number(9),
                             .pending = number(10),
                             .skipped = number(11)},
                    .seconds = static_cast<double>(rows.integer(row, 12)) / 1e6,
                    .undone_by = rows.integer(row, 13)});
  }
  return runs;
}

Result<std::vector<RowOrigin>> find_origins(io::Connection& connection, const std::string& table,
                                            std::span<const std::string> key) {
  const std::vector<KeyColumn> columns = HOMEROOM_TRY(key_columns(connection, table));
  if (columns.size() != key.size()) return tl::unexpected(wrong_key(table, columns, key.size()));
  std::vector<std::string> texts;
  for (const std::string& part : key) texts.push_back(HOMEROOM_TRY(stored_text(part)));
  const std::string sql = fmt::format(
      "select t._run, t._line, r.path, r.raw_key, r.source, r.dataset, r.contract_version, "
      "to_char(r.finished_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), "
      "r.sha256, r.dialect::text, c.made_by, "
      "to_char(c.made_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
      "from data.{} as t left join homeroom.run as r on r.run_id = t._run "
      "left join homeroom.corrected_row as l on l.run_id = t._run and l.line = t._line "
      "left join homeroom.correction as c on c.correction_id = l.correction_id "
      "where {} order by t._run, t._line limit 20",
      io::quote_identifier(table), key_condition(columns, key));
  const std::vector<io::Parameter> parameters(texts.begin(), texts.end());
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(sql, parameters));
  std::vector<RowOrigin> origins;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    origins.push_back({.run_id = rows.integer(row, 0),
                       .line = static_cast<LineNumber>(rows.integer(row, 1)),
                       .path = std::string(rows.text(row, 2)),
                       .raw_key = std::string(rows.text(row, 3)),
                       .source = std::string(rows.text(row, 4)),
                       .dataset = std::string(rows.text(row, 5)),
                       .contract_version = std::string(rows.text(row, 6)),
                       .loaded_at = std::string(rows.text(row, 7)),
                       .sha256 = std::string(rows.text(row, 8)),
                       .dialect_json = std::string(rows.text(row, 9)),
                       .corrected_by = std::string(rows.text(row, 10)),
                       .corrected_at = std::string(rows.text(row, 11))});
  }
  return origins;
}

}  // namespace homeroom::catalog
