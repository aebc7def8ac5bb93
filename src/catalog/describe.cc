#include "catalog/describe.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace homeroom::catalog {
namespace {

// Larger tables are looked at in part.
constexpr std::uint64_t kMostRows = 1'000'000;
constexpr int kTopValues = 5;

constexpr const char* kDatasets = R"(
select
    c.relname,
    coalesce(obj_description(c.oid, 'pg_class'), ''),
    (
        select coalesce(sum(greatest(p.reltuples::bigint, pg_stat_get_live_tuples(p.oid), 0)), 0)::bigint
        from pg_class as p
        where p.relkind = 'r'
            and (p.oid = c.oid or p.oid in (select t.relid from pg_partition_tree(c.oid) as t))
    ),
    (
        select count(*)
        from homeroom.run as r
        where r.dataset = c.relname
            and r.status = 'loaded'
            and r.undone_by is null
    ),
    (
        select count(*)
        from pg_attribute as a
        where a.attrelid = c.oid
            and a.attnum > 0
            and not a.attisdropped
            and a.attname not in ('_run', '_line', '_since')
    ),
    coalesce((select max(v.version) from homeroom.schema_version as v where v.dataset = c.relname), 0),
    to_char((select max(r.finished_at) from homeroom.run as r where r.dataset = c.relname
        and r.status = 'loaded') at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
from pg_class as c
where c.relnamespace = 'data'::regnamespace
    and c.relkind in ('r', 'p')
order by c.relname collate "C"
)";

constexpr const char* kColumns = R"(
select
    a.attname,
    format_type(a.atttypid, a.atttypmod),
    a.attnotnull,
    coalesce((
        select k.position
        from pg_index as i
        cross join lateral unnest(i.indkey::int2[]) with ordinality as k (attnum, position)
        where i.indrelid = a.attrelid
            and i.indisunique
            and k.attnum = a.attnum
        limit 1
    ), 0),
    coalesce(col_description(a.attrelid, a.attnum), '')
from pg_attribute as a
where a.attrelid = to_regclass($1)
    and a.attnum > 0
    and not a.attisdropped
    and a.attname not in ('_run', '_line', '_since')
order by a.attnum
)";

constexpr const char* kSources = R"(
select
    r.source,
    count(*),
    to_char(max(r.finished_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
from homeroom.run as r
where r.dataset = $1
    and r.status = 'loaded'
    and r.undone_by is null
group by r.source
order by r.source
)";

// Views on the table, and views on those.
constexpr const char* kReaders = R"(
with recursive reader (view) as (
    select w.ev_class
    from pg_depend as d
    join pg_rewrite as w on w.oid = d.objid
    where d.classid = 'pg_rewrite'::regclass
        and d.refclassid = 'pg_class'::regclass
        and d.refobjid = to_regclass($1)
        and w.ev_class <> d.refobjid
    union
    select w.ev_class
    from reader as r
    join pg_depend as d on d.refobjid = r.view and d.refclassid = 'pg_class'::regclass
    join pg_rewrite as w on w.oid = d.objid and d.classid = 'pg_rewrite'::regclass
    where w.ev_class <> r.view
)
select r.view::regclass::text
from reader as r
order by 1
)";

constexpr const char* kEvents = R"(
select e.at, e.what, e.id, e.text, e.inserted, e.updated, e.closed
from (
    select
        to_char(r.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
        r.status as what,
        r.run_id as id,
        case when r.reason = '' then r.path else r.path || ': ' || r.reason end as text,
        r.rows_inserted as inserted,
        r.rows_updated as updated,
        r.rows_closed as closed,
        1 as rank
    from homeroom.run as r
    where r.dataset = $1
    union all
    select
        to_char(v.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'schema',
        v.version,
        'version ' || v.version || ', ' || jsonb_array_length(v.columns) || ' columns, contract '
            || v.contract_version,
        0, 0, 0, 2
    from homeroom.schema_version as v
    where v.dataset = $1
    union all
    select
        to_char(coalesce(m.decided_at, m.applied_at, m.asked_at) at time zone 'UTC',
            'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'migration',
        m.migration_id,
        m.status || ': ' || m.description,
        0, 0, 0, 3
    from homeroom.migration as m
    where m.table_name = $1
) as e
order by e.at desc, e.rank, e.id desc
limit $2
)";

constexpr const char* kVersions = R"(
select
    v.version,
    v.contract_version,
    v.run_id,
    to_char(v.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    v.columns::text
from homeroom.schema_version as v
where v.dataset = $1
order by v.version
)";

std::string table_named(const std::string& name) {
  return "data." + io::quote_identifier(name);
}

std::uint64_t count_at(const io::QueryResult& rows, std::size_t row, std::size_t column) {
  return static_cast<std::uint64_t>(rows.integer(row, column));
}

Result<std::uint64_t> count_rows(io::Connection& connection, const std::string& name) {
  const io::QueryResult rows =
      HOMEROOM_TRY(connection.execute("select count(*) from " + table_named(name)));
  return count_at(rows, 0, 0);
}

Result<std::vector<Partition>> find_partitions(io::Connection& connection,
                                               const std::string& name) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(fmt::format(
      "select t.school_year::text, count(*) from {} as t group by 1 order by 1 nulls last",
      table_named(name))));
  std::vector<Partition> partitions;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    partitions.push_back(
        {.school_year = std::string(rows.text(row, 0)), .num_rows = count_at(rows, row, 1)});
  }
  return partitions;
}

Result<std::vector<CatalogColumn>> find_columns(io::Connection& connection,
                                                const std::string& name) {
  const std::string table = table_named(name);
  const std::array<io::Parameter, 1> values = {table};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kColumns, values));
  std::vector<CatalogColumn> columns;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    columns.push_back({.name = std::string(rows.text(row, 0)),
                       .type = std::string(rows.text(row, 1)),
                       .is_required = rows.text(row, 2) == "t",
                       .key_position = static_cast<int>(rows.integer(row, 3)),
                       .comment = std::string(rows.text(row, 4))});
  }
  return columns;
}

Result<ColumnFacts> describe_column(io::Connection& connection, const std::string& from,
                                    const ColumnQuestion& question, std::uint64_t least_count) {
  const std::string name = io::quote_identifier(question.name);
  ColumnFacts facts;
  facts.name = question.name;
  const io::QueryResult counts = HOMEROOM_TRY(connection.execute(fmt::format(
      "select count(*), count(*) - count(t.{0}), count(distinct t.{0}::text) from {1} as t", name,
      from)));
  facts.num_rows = count_at(counts, 0, 0);
  facts.num_nulls = count_at(counts, 0, 1);
  facts.num_distinct = count_at(counts, 0, 2);
  if (!question.tells_values) return facts;
  // One query: every value with enough rows, its ends by the column's own order.
  const io::QueryResult values = HOMEROOM_TRY(connection.execute(fmt::format(
      "with v as (select t.{0} as value, count(*) as num from {1} as t where t.{0} is not null "
      "group by t.{0} having count(*) >= {2}) "
      "select v.value::text, v.num, (select w.value::text from v as w order by w.value limit 1), "
      "(select w.value::text from v as w order by w.value desc limit 1) "
      "from v order by v.num desc, v.value limit {3}",
      name, from, least_count, kTopValues)));
  for (std::size_t row = 0; row < values.num_rows(); ++row) {
    facts.top.emplace_back(values.text(row, 0), count_at(values, row, 1));
  }
  if (values.num_rows() == 0) return facts;
  facts.low = values.text(0, 2);
  facts.high = values.text(0, 3);
  return facts;
}

std::string text_of(const nlohmann::json& column) {
  std::string text = column.value("type", "");
  if (column.value("required", false)) text += ", required";
  if (column.value("identifier", false)) text += ", identifier";
  if (column.value("suppressible", false)) text += ", suppressible";
  return text;
}

using Columns = std::vector<std::pair<std::string, std::string>>;

Result<Columns> columns_of(const SchemaVersion& version) {
  const nlohmann::json json = nlohmann::json::parse(version.columns_json, nullptr, false);
  if (!json.is_array()) {
    return fail(ErrorCode::kInternal,
                fmt::format("the columns of version {} cannot be read", version.version),
                "this is a defect of Homeroom: please report it");
  }
  Columns columns;
  for (const nlohmann::json& column : json) {
    columns.emplace_back(column.value("name", ""), text_of(column));
  }
  return columns;
}

}  // namespace

Result<std::vector<DatasetSummary>> find_datasets(io::Connection& connection) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(kDatasets));
  std::vector<DatasetSummary> datasets;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    datasets.push_back({.name = std::string(rows.text(row, 0)),
                        .title = std::string(rows.text(row, 1)),
                        .num_rows = count_at(rows, row, 2),
                        .num_files = count_at(rows, row, 3),
                        .num_columns = count_at(rows, row, 4),
                        .version = static_cast<int>(rows.integer(row, 5)),
                        .loaded_at = std::string(rows.text(row, 6))});
  }
  return datasets;
}

Result<DatasetDetail> find_dataset(io::Connection& connection, const std::string& name) {
  const std::vector<DatasetSummary> all = HOMEROOM_TRY(find_datasets(connection));
  const auto found = std::ranges::find(all, name, &DatasetSummary::name);
  if (found == all.end()) {
    std::vector<std::string> names;
    for (const DatasetSummary& dataset : all) names.push_back(dataset.name);
    const std::string_view near = nearest(name, names);
    return fail(ErrorCode::kInvalidInput, fmt::format("there is no data set {}", name),
                near.empty() ? std::string("`homeroom catalog list` names those that there are")
                             : fmt::format("did you mean {}?", near));
  }
  DatasetDetail detail;
  detail.summary = *found;
  detail.summary.num_rows = HOMEROOM_TRY(count_rows(connection, name));
  detail.columns = HOMEROOM_TRY(find_columns(connection, name));
  if (std::ranges::find(detail.columns, "school_year", &CatalogColumn::name) !=
      detail.columns.end()) {
    detail.partitions = HOMEROOM_TRY(find_partitions(connection, name));
  }
  const std::array<io::Parameter, 1> dataset = {name};
  const io::QueryResult sources = HOMEROOM_TRY(connection.query(kSources, dataset));
  for (std::size_t row = 0; row < sources.num_rows(); ++row) {
    detail.sources.push_back({.source = std::string(sources.text(row, 0)),
                              .num_files = count_at(sources, row, 1),
                              .loaded_at = std::string(sources.text(row, 2))});
  }
  const std::string table = table_named(name);
  const std::array<io::Parameter, 1> relation = {table};
  const io::QueryResult readers = HOMEROOM_TRY(connection.query(kReaders, relation));
  for (std::size_t row = 0; row < readers.num_rows(); ++row) {
    detail.read_by.emplace_back(readers.text(row, 0));
  }
  return detail;
}

Result<std::vector<ColumnFacts>> describe_columns(io::Connection& connection,
                                                  const std::string& table,
                                                  const std::vector<ColumnQuestion>& columns,
                                                  std::uint64_t least_count) {
  const std::uint64_t num_rows = HOMEROOM_TRY(count_rows(connection, table));
  std::string from = table_named(table);
  if (num_rows > kMostRows) {
    const double percent = 100.0 * static_cast<double>(kMostRows) / static_cast<double>(num_rows);
    from =
        fmt::format("(select * from {} tablesample system ({:.4f}) repeatable (1))", from, percent);
  }
  std::vector<ColumnFacts> facts;
  for (const ColumnQuestion& column : columns) {
    facts.push_back(HOMEROOM_TRY(describe_column(connection, from, column, least_count)));
  }
  return facts;
}

Result<std::vector<DatasetEvent>> find_events(io::Connection& connection,
                                              const std::string& dataset, int limit) {
  const std::string most = std::to_string(limit);
  const std::array<io::Parameter, 2> values = {dataset, most};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kEvents, values));
  std::vector<DatasetEvent> events;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    events.push_back({.at = std::string(rows.text(row, 0)),
                      .what = std::string(rows.text(row, 1)),
                      .id = rows.integer(row, 2),
                      .text = std::string(rows.text(row, 3)),
                      .rows_inserted = count_at(rows, row, 4),
                      .rows_updated = count_at(rows, row, 5),
                      .rows_closed = count_at(rows, row, 6)});
  }
  return events;
}

Result<std::vector<SchemaVersion>> find_schema_versions(io::Connection& connection,
                                                        const std::string& dataset) {
  const std::array<io::Parameter, 1> values = {dataset};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kVersions, values));
  std::vector<SchemaVersion> versions;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    versions.push_back({.version = static_cast<int>(rows.integer(row, 0)),
                        .contract_version = std::string(rows.text(row, 1)),
                        .run_id = rows.integer(row, 2),
                        .created_at = std::string(rows.text(row, 3)),
                        .columns_json = std::string(rows.text(row, 4))});
  }
  return versions;
}

Result<std::vector<SchemaDifference>> compare_versions(const SchemaVersion& from,
                                                       const SchemaVersion& to) {
  const Columns before = HOMEROOM_TRY(columns_of(from));
  const Columns after = HOMEROOM_TRY(columns_of(to));
  const auto find = [](const Columns& columns, const std::string& name) {
    return std::ranges::find(columns, name, &Columns::value_type::first);
  };
  std::vector<SchemaDifference> differences;
  for (const auto& [name, text] : after) {
    const auto old = find(before, name);
    if (old == before.end()) {
      differences.push_back({.column = name, .what = "added", .before = {}, .after = text});
    } else if (old->second != text) {
      differences.push_back(
          {.column = name, .what = "changed", .before = old->second, .after = text});
    }
  }
  for (const auto& [name, text] : before) {
    if (find(after, name) == after.end()) {
      differences.push_back({.column = name, .what = "removed", .before = text, .after = {}});
    }
  }
  return differences;
}

}  // namespace homeroom::catalog
