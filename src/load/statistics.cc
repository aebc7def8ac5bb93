#include "load/statistics.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"

namespace homeroom::load {
namespace {

using io::quote_identifier;

// grouping() tells its arguments apart by the bits of one integer.
constexpr std::size_t kMaxCounted = 30;

std::string sample_of(const MergeInput& input) {
  std::string staging = staging_table(input) + " as s";
  if (input.num_rows <= kMaxCountedRows) return staging;
  return fmt::format(
      "{} tablesample system ({:.4f}) repeatable (1)", staging,
      100.0 * static_cast<double>(kMaxCountedRows) / static_cast<double>(input.num_rows));
}

// Cells that hold a value which whoever made the file has hidden.
Result<std::uint64_t> count_suppressed(io::Connection& connection, const MergeInput& input,
                                       const std::string& column) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(
      fmt::format("select count(*) from {} as s where s.{}", staging_table(input),
                  quote_identifier(suppressed_name(column)))));
  return static_cast<std::uint64_t>(rows.integer(0, 0));
}

Result<std::vector<std::string>> tenths(io::Connection& connection, const MergeInput& input,
                                        const std::string& column) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(
      fmt::format("select distinct u.edge from unnest((\n"
                  "    select percentile_disc(array[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])\n"
                  "        within group (order by s.{}::numeric)\n"
                  "    from {}\n"
                  ")) as u (edge) where u.edge is not null order by u.edge",
                  quote_identifier(column), sample_of(input))));
  std::vector<std::string> edges;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) edges.emplace_back(rows.text(row, 0));
  return edges;
}

std::string value_sql(const CountedColumn& column) {
  const std::string value = "s." + quote_identifier(column.name);
  if (!column.is_number) return value + "::text";
  return fmt::format("width_bucket({}::numeric, array[{}]::numeric[])", value,
                     join(column.edges, ", "));
}

// One look at the rows for all columns.
Status count_values(io::Connection& connection, const MergeInput& input,
                    std::span<const CountedColumn> counted,
                    std::vector<ColumnStatistic*>& statistics) {
  std::vector<std::string> values;
  std::vector<std::string> names;
  std::vector<std::string> texts;
  std::vector<std::string> sets;
  for (std::size_t i = 0; i < counted.size(); ++i) {
    names.push_back(fmt::format("v{}", i));
    values.push_back(value_sql(counted[i]) + " as " + names[i]);
    texts.push_back(names[i] + "::text");
    sets.push_back("(" + names[i] + ")");
  }
  const io::QueryResult rows = HOMEROOM_TRY(
      connection.execute(fmt::format("select grouping({}), coalesce({}), count(*)\n"
                                     "from (select {} from {}) as c\n"
                                     "group by grouping sets ({})",
                                     join(names, ", "), join(texts, ", "), join(values, ", "),
                                     sample_of(input), join(sets, ", "))));
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    if (rows.is_null(row, 1)) continue;
    // The bit of the one column that is grouped by is not set; the first has the highest bit.
    const auto bits = static_cast<std::uint64_t>(rows.integer(row, 0));
    for (std::size_t i = 0; i < counted.size(); ++i) {
      if ((bits >> (counted.size() - 1 - i) & 1U) != 0) continue;
      statistics[i]->counts[std::string(rows.text(row, 1))] +=
          static_cast<std::uint64_t>(rows.integer(row, 2));
    }
  }
  return {};
}

}  // namespace

Result<std::vector<ColumnStatistic>> describe_staged(io::Connection& connection,
                                                     const MergeInput& input,
                                                     std::span<const EncodedColumn> columns,
                                                     std::span<const CountedColumn> counted) {
  std::vector<ColumnStatistic> statistics;
  for (const EncodedColumn& column : columns) {
    ColumnStatistic& statistic = statistics.emplace_back();
    statistic.column = column.name;
    statistic.num_rows = input.num_rows;
    statistic.num_nulls = column.num_nulls;
    if (column.has_flag && column.num_nulls > 0) {
      statistic.num_nulls -= HOMEROOM_TRY(count_suppressed(connection, input, column.name));
    }
  }
  std::vector<CountedColumn> wanted;
  std::vector<ColumnStatistic*> of_wanted;
  for (const CountedColumn& column : counted) {
    const auto found = std::ranges::find(statistics, column.name, &ColumnStatistic::column);
    if (found == statistics.end() || wanted.size() == kMaxCounted) continue;
    CountedColumn& added = wanted.emplace_back(column);
    if (column.is_number && column.edges.empty()) {
      added.edges = HOMEROOM_TRY(tenths(connection, input, column.name));
    }
    if (column.is_number && added.edges.empty()) {
      wanted.pop_back();  // no value at all
      continue;
    }
    found->edges = added.edges;
    of_wanted.push_back(&*found);
  }
  if (!wanted.empty()) HOMEROOM_TRY(count_values(connection, input, wanted, of_wanted));
  return statistics;
}

}  // namespace homeroom::load
