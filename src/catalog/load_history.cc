#include "catalog/load_history.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "catalog/stored_text.h"

namespace homeroom::catalog {
namespace {

constexpr const char* kHistory = R"(
select
    v.run_id,
    extract(isodow from v.day)::integer - 1,
    round(v.num_rows::numeric / v.num_days)::bigint
from homeroom.load_volume as v
where v.source = $1
    and v.dataset = $2
    and (v.family = $3 or ($4::boolean and starts_with(v.family, $3 || '|')))
    and not exists (
        select
        from homeroom.run as r
        where r.run_id = v.run_id
            and r.undone_by is not null
    )
order by v.run_id desc
limit 100
)";

constexpr const char* kStatistics = R"(
select
    s.run_id,
    s.column_name,
    s.num_rows,
    s.num_nulls,
    s.edges,
    s.counts
from homeroom.column_statistic as s
where s.run_id = any ($1::bigint[])
)";

constexpr const char* kRecordVolume = R"(
insert into homeroom.load_volume (run_id, source, dataset, family, day, num_days, num_rows)
values ($1, $2, $3, $4, $5, $6, $7)
)";

constexpr const char* kRecordColumns = R"(
insert into homeroom.column_statistic (run_id, column_name, num_rows, num_nulls, edges, counts)
select
    $1,
    c.column_name,
    c.num_rows,
    c.num_nulls,
    c.edges,
    c.counts
from json_to_recordset($2) as c (
    column_name text,
    num_rows bigint,
    num_nulls bigint,
    edges jsonb,
    counts jsonb
)
)";

ColumnStatistic statistic_of(const io::QueryResult& rows, std::size_t row) {
  ColumnStatistic statistic{.column = std::string(rows.text(row, 1)),
                            .num_rows = static_cast<std::uint64_t>(rows.integer(row, 2)),
                            .num_nulls = static_cast<std::uint64_t>(rows.integer(row, 3))};
  const auto edges = nlohmann::json::parse(rows.text(row, 4), nullptr, false);
  if (edges.is_array()) {
    for (const auto& edge : edges) {
      if (edge.is_string()) statistic.edges.push_back(edge.get<std::string>());
    }
  }
  const auto counts = nlohmann::json::parse(rows.text(row, 5), nullptr, false);
  if (counts.is_object()) {
    for (const auto& [value, count] : counts.items()) {
      if (count.is_number_unsigned()) statistic.counts[value] = count.get<std::uint64_t>();
    }
  }
  return statistic;
}

}  // namespace

Result<std::vector<EarlierLoad>> find_history(io::Connection& connection, const LoadKind& kind) {
  const std::string family = HOMEROOM_TRY(stored_text(kind.family));
  const std::array<io::Parameter, 4> parameters = {kind.source, kind.dataset, family,
                                                   kind.is_of_any_scope ? "t" : "f"};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kHistory, parameters));
  std::vector<EarlierLoad> loads;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    EarlierLoad& load = loads.emplace_back();
    load.run_id = rows.integer(row, 0);
    if (!rows.is_null(row, 1)) load.weekday = static_cast<int>(rows.integer(row, 1));
    load.rows_per_day = static_cast<std::uint64_t>(rows.integer(row, 2));
  }
  return loads;
}

Result<std::vector<std::vector<ColumnStatistic>>> find_statistics(
    io::Connection& connection, std::span<const std::int64_t> run_ids) {
  const std::string ids = fmt::format("{{{}}}", fmt::join(run_ids, ","));
  const std::array<io::Parameter, 1> parameters = {ids};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kStatistics, parameters));
  std::vector<std::vector<ColumnStatistic>> statistics(run_ids.size());
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    const auto run = std::ranges::find(run_ids, rows.integer(row, 0));
    if (run == run_ids.end()) continue;
    statistics[static_cast<std::size_t>(run - run_ids.begin())].push_back(statistic_of(rows, row));
  }
  return statistics;
}

Status record_statistics(io::Connection& connection, std::int64_t run_id, const LoadKind& kind,
                         std::uint64_t num_rows, std::span<const ColumnStatistic> columns) {
  const std::string run = std::to_string(run_id);
  const std::string family = HOMEROOM_TRY(stored_text(kind.family));
  const std::string num_days = std::to_string(kind.num_days);
  const std::string rows = std::to_string(num_rows);
  const std::array<io::Parameter, 7> volume = {
      run,
      kind.source,
      kind.dataset,
      family,
      kind.day.empty() ? io::Parameter() : io::Parameter(kind.day),
      num_days,
      rows};
  HOMEROOM_TRY(connection.query(kRecordVolume, volume));
  nlohmann::json list = nlohmann::json::array();
  for (const ColumnStatistic& column : columns) {
    nlohmann::json entry{{"column_name", HOMEROOM_TRY(stored_text(column.column))},
                         {"num_rows", column.num_rows},
                         {"num_nulls", column.num_nulls}};
    if (!column.edges.empty()) entry["edges"] = column.edges;
    if (!column.counts.empty()) entry["counts"] = column.counts;
    list.push_back(std::move(entry));
  }
  if (list.empty()) return {};
  const std::string json = list.dump();
  const std::array<io::Parameter, 2> parameters = {run, json};
  HOMEROOM_TRY(connection.query(kRecordColumns, parameters));
  return {};
}

}  // namespace homeroom::catalog
