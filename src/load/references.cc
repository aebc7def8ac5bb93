#include "load/references.h"

#include <algorithm>

#include <fmt/format.h>

#include "load/merge_sql.h"

namespace homeroom::load {
namespace {

// The condition's first part alone: the row names something.
std::string names_something_sql(const std::string& unknown) {
  return unknown.substr(0, unknown.find('\n'));
}

Status count_unknown(io::Connection& connection, const std::string& unknown_table,
                     std::size_t reference, ReferenceCount& count) {
  const io::QueryResult lines = HOMEROOM_TRY(connection.execute(
      fmt::format("select u._line from {} as u where u.reference = {} order by u._line limit {}",
                  unknown_table, reference, kMaxUnknownShown)));
  for (std::size_t row = 0; row < lines.num_rows(); ++row) {
    count.first_unknown.push_back(static_cast<LineNumber>(lines.integer(row, 0)));
  }
  return {};
}

}  // namespace

Result<std::vector<ReferenceCount>> judge_references(io::Connection& connection,
                                                     const MergeInput& input,
                                                     std::span<const Reference> references) {
  const std::string unknown_table = work_table(*input.target, "__unknown");
  const std::string staging = staging_table(input);
  HOMEROOM_TRY(connection.execute(
      fmt::format("create temporary table {} (_line bigint, reference integer) on commit drop",
                  unknown_table)));
  std::vector<ReferenceCount> counts;
  for (const Reference& reference : references) {
    const std::size_t index = counts.size();
    ReferenceCount& count = counts.emplace_back();
    const std::string unknown = unknown_sql(reference, [&](const std::string& column) {
      const bool is_staged = std::ranges::find(input.columns, column) != input.columns.end();
      return is_staged ? "s." + io::quote_identifier(column) : std::string();
    });
    if (unknown.empty() || !HOMEROOM_TRY(has_rows(connection, reference.table))) continue;
    count.is_judged = true;
    const bool is_row_a_line = input.num_rows == input.num_lines;
    const io::QueryResult lines = HOMEROOM_TRY(connection.execute(fmt::format(
        "select count({}) from {} as s where {}", is_row_a_line ? "*" : "distinct s._line", staging,
        names_something_sql(unknown))));
    count.num_lines = static_cast<std::uint64_t>(lines.integer(0, 0));
    count.num_unknown = HOMEROOM_TRY(run_counted(
        connection, fmt::format("insert into {}\nselect distinct s._line, {}\nfrom {} as s\n"
                                "where {}",
                                unknown_table, index, staging, unknown)));
    if (count.num_unknown > 0) {
      HOMEROOM_TRY(count_unknown(connection, unknown_table, index, count));
    }
  }
  return counts;
}

}  // namespace homeroom::load
