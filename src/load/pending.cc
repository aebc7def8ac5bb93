#include "load/pending.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"
#include "load/late_rows.h"
#include "load/merge_sql.h"
#include "load/references.h"
#include "load/target_table.h"

namespace homeroom::load {
namespace {

using io::quote_identifier;
using io::quote_literal;

constexpr std::string_view kReady = "pg_temp.homeroom_ready";

std::string index_list(std::span<const std::size_t> indexes) {
  std::vector<std::string> texts;
  for (const std::size_t index : indexes) texts.push_back(std::to_string(index));
  return join(texts, ", ");
}

// The key of a staged row as one value: nothing equals nothing in it.
std::string staged_key_sql(const MergeInput& input) {
  if (input.target->key.empty()) return "null::jsonb";
  std::vector<std::string> values;
  for (const std::string& part : input.target->key) {
    const bool is_staged = std::ranges::find(input.columns, part) != input.columns.end();
    values.push_back(is_staged ? "s." + quote_identifier(part) : "null");
  }
  return "jsonb_build_array(" + join(values, ", ") + ")";
}

// "case u.reference when 0 then 'students' ... end"
std::string table_of_reference_sql(std::span<const Reference> references) {
  std::string sql = "case u.reference";
  for (std::size_t i = 0; i < references.size(); ++i) {
    sql += fmt::format(" when {} then {}", i, quote_literal(references[i].table));
  }
  return sql + " end";
}

// A kept row's value, of the type it will have.
std::string kept_value_sql(const TargetTable& target, const std::string& column) {
  const TargetColumn* found = target.find(column);
  if (found == nullptr) return {};
  return fmt::format("(p.content ->> {})::{}{}", quote_literal(column), to_string(found->type),
                     found->is_by_bytes ? " collate \"C\"" : "");
}

// Lines all of whose rows could be loaded now.
Status find_ready(io::Connection& connection, const TargetTable& target,
                  std::span<const Reference> references) {
  const std::string lines_of_table =
      fmt::format("select p.run_id, p.line from homeroom.pending_row as p where p.table_name = {}",
                  quote_literal(target.name));
  std::string ready = lines_of_table + "\ngroup by p.run_id, p.line";
  for (const Reference& reference : references) {
    if (reference.when_unknown != WhenUnknown::kPending) continue;
    const std::string unknown = unknown_sql(
        reference, [&](const std::string& column) { return kept_value_sql(target, column); });
    if (unknown.empty()) continue;
    ready.append("\nexcept\n").append(lines_of_table).append("\n    and ").append(unknown);
  }
  HOMEROOM_TRY(
      connection.execute(fmt::format("drop table if exists {};\n"
                                     "create temporary table {} on commit drop as\n{}",
                                     kReady, kReady, ready)));
  return {};
}

// Columns of the file that brought the run's rows, in the table's order.
Result<std::vector<std::string>> kept_columns(io::Connection& connection, const TargetTable& target,
                                              std::int64_t run_id) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(fmt::format(
      "select jsonb_object_keys(p.content) from homeroom.pending_row as p where p.pending_id = "
      "(select min(f.pending_id) from homeroom.pending_row as f where f.run_id = {} and "
      "f.table_name = {})",
      run_id, quote_literal(target.name))));
  std::vector<std::string> names;
  for (const TargetColumn& column : target.columns) {
    for (std::size_t row = 0; row < rows.num_rows(); ++row) {
      if (rows.text(row, 0) == column.name) names.push_back(column.name);
    }
  }
  return names;
}

// Tables of an earlier merge into the same table go, so that the next one can make its own.
Status drop_work_tables(io::Connection& connection, const MergeInput& input) {
  HOMEROOM_TRY(connection.execute(fmt::format("drop table if exists {}, {}", staging_table(input),
                                              work_table(*input.target, "__changed"))));
  return {};
}

Status stage_ready(io::Connection& connection, MergeInput& input) {
  const std::string staging = staging_table(input);
  HOMEROOM_TRY(connection.execute(
      fmt::format("create temporary table {} on commit drop as\n"
                  "select {}, p.line as _line\n"
                  "from homeroom.pending_row as p\n"
                  "join {} as w on w.run_id = p.run_id and w.line = p.line\n"
                  "cross join lateral jsonb_populate_record(null::{}, p.content) as r\n"
                  "where p.table_name = {} and p.run_id = {}",
                  staging, column_list(input.columns, "r."), kReady, data_table(*input.target),
                  quote_literal(input.target->name), input.run_id)));
  // What a file lacked in some row is known by looking: the merge's conditions follow from it.
  std::vector<std::string> counts = {"count(*)", "count(distinct s._line)"};
  for (const std::string& column : input.columns) {
    counts.push_back("count(s." + quote_identifier(column) + ")");
  }
  const io::QueryResult rows = HOMEROOM_TRY(
      connection.execute(fmt::format("select {} from {} as s", join(counts, ", "), staging)));
  input.num_rows = static_cast<std::uint64_t>(rows.integer(0, 0));
  input.num_lines = static_cast<std::uint64_t>(rows.integer(0, 1));
  for (std::size_t i = 0; i < input.columns.size(); ++i) {
    const auto num_values = static_cast<std::uint64_t>(rows.integer(0, i + 2));
    if (num_values < input.num_rows) input.with_nulls.push_back(input.columns[i]);
    if (num_values == 0) input.without_values.push_back(input.columns[i]);
  }
  return {};
}

Result<SettledLines> load_run(io::Connection& connection, const TargetTable& target, Mode mode,
                              std::int64_t run_id) {
  MergeInput input{.target = &target,
                   .columns = HOMEROOM_TRY(kept_columns(connection, target, run_id)),
                   .with_nulls = {},
                   .without_values = {},
                   .run_id = run_id};
  HOMEROOM_TRY(drop_work_tables(connection, input));
  HOMEROOM_TRY(stage_ready(connection, input));
  SettledLines settled{.run_id = run_id, .result = {}, .lines_superseded = 0};
  settled.lines_superseded = HOMEROOM_TRY(drop_outdated(connection, input));
  if (input.num_rows > 0) settled.result = HOMEROOM_TRY(merge(connection, input, mode));
  HOMEROOM_TRY(mark_late(connection, input));
  HOMEROOM_TRY(
      connection.execute(fmt::format("delete from homeroom.pending_row as p\nusing {} as w\n"
                                     "where w.run_id = p.run_id and w.line = p.line\n"
                                     "    and p.table_name = {} and p.run_id = {}",
                                     kReady, quote_literal(target.name), run_id)));
  return settled;
}

}  // namespace

Result<std::vector<UnknownLine>> find_unknown(io::Connection& connection, const MergeInput& input,
                                              std::span<const std::size_t> references) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(
      fmt::format("select u._line, u.reference from {} as u where u.reference in ({}) "
                  "order by u._line, u.reference",
                  work_table(*input.target, "__unknown"), index_list(references))));
  std::vector<UnknownLine> lines;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    lines.push_back({.line = static_cast<LineNumber>(rows.integer(row, 0)),
                     .reference = static_cast<std::size_t>(rows.integer(row, 1))});
  }
  return lines;
}

Result<std::uint64_t> drop_unknown(io::Connection& connection, MergeInput& input,
                                   std::span<const std::size_t> references) {
  const std::string staging = staging_table(input);
  const std::string of_lines =
      fmt::format("where s._line in (select u._line from {} as u where u.reference in ({}))",
                  work_table(*input.target, "__unknown"), index_list(references));
  const io::QueryResult lines = HOMEROOM_TRY(connection.execute(
      fmt::format("select count(distinct s._line) from {} as s {}", staging, of_lines)));
  const auto num_lines = static_cast<std::uint64_t>(lines.integer(0, 0));
  input.num_rows -= HOMEROOM_TRY(
      run_counted(connection, fmt::format("delete from {} as s {}", staging, of_lines)));
  input.num_lines -= num_lines;
  return num_lines;
}

Result<std::uint64_t> keep_unknown(io::Connection& connection, MergeInput& input,
                                   std::span<const Reference> all,
                                   std::span<const std::size_t> references) {
  HOMEROOM_TRY(connection.execute(fmt::format(
      "insert into homeroom.pending_row (table_name, run_id, line, key, content, waits_for)\n"
      "select {}, {}, s._line, {}, to_jsonb(x), w.waits_for\n"
      "from {} as s\n"
      "cross join lateral (select {}) as x\n"
      "join (\n"
      "    select u._line, array_agg(distinct {}) as waits_for\n"
      "    from {} as u\n"
      "    where u.reference in ({})\n"
      "    group by u._line\n"
      ") as w on w._line = s._line\n"
      "order by s._line",
      quote_literal(input.target->name), input.run_id, staged_key_sql(input), staging_table(input),
      column_list(input.columns, "s."), table_of_reference_sql(all),
      work_table(*input.target, "__unknown"), index_list(references))));
  return drop_unknown(connection, input, references);
}

Result<std::vector<SettledLines>> supersede_pending(io::Connection& connection,
                                                    const MergeInput& input) {
  const std::string name = quote_literal(input.target->name);
  std::vector<SettledLines> settled;
  const io::QueryResult any = HOMEROOM_TRY(connection.execute(fmt::format(
      "select exists (select from homeroom.pending_row as p where p.table_name = {})", name)));
  if (any.text(0, 0) != "t") return settled;
  const std::string is_replaced =
      input.target->key.empty()
          ? fmt::format(
                "p.run_id in (select r.run_id from homeroom.run as r where r.slot_id = "
                "(select o.slot_id from homeroom.run as o where o.run_id = {}))",
                input.previous_run)
          : fmt::format("p.key in (select {} from {} as s)", staged_key_sql(input),
                        staging_table(input));
  const std::string gone = work_table(*input.target, "__superseded");
  HOMEROOM_TRY(
      connection.execute(fmt::format("create temporary table {} on commit drop as\n"
                                     "select p.pending_id, p.run_id, p.line\n"
                                     "from homeroom.pending_row as p\n"
                                     "where p.table_name = {} and p.run_id < {} and {};\n"
                                     "delete from homeroom.pending_row as p\n"
                                     "using {} as g\n"
                                     "where g.pending_id = p.pending_id",
                                     gone, name, input.run_id, is_replaced, gone)));
  const io::QueryResult runs = HOMEROOM_TRY(
      connection.execute(fmt::format("select g.run_id, count(distinct g.line)\n"
                                     "from {} as g\n"
                                     "where not exists (\n"
                                     "    select\n"
                                     "    from homeroom.pending_row as p\n"
                                     "    where p.run_id = g.run_id and p.line = g.line\n"
                                     ")\n"
                                     "group by g.run_id\n"
                                     "order by g.run_id",
                                     gone)));
  for (std::size_t row = 0; row < runs.num_rows(); ++row) {
    settled.push_back({.run_id = runs.integer(row, 0),
                       .result = {},
                       .lines_superseded = static_cast<std::uint64_t>(runs.integer(row, 1))});
  }
  return settled;
}

Result<std::uint64_t> drop_outdated(io::Connection& connection, MergeInput& input) {
  if (input.target->key.empty() || staged_key(input).empty()) return 0;
  // Row by row: of a line that makes several, the others are still news.
  const std::string staging = staging_table(input);
  const std::uint64_t num_before = HOMEROOM_TRY(count_lines(connection, staging));
  input.num_rows -= HOMEROOM_TRY(run_counted(
      connection, fmt::format("delete from {} as s using {} as t where {} and t._run > {}", staging,
                              data_table(*input.target), key_matches(input), input.run_id)));
  input.num_lines = HOMEROOM_TRY(count_lines(connection, staging));
  return num_before - input.num_lines;
}

Result<std::vector<std::string>> find_waiting_tables(io::Connection& connection,
                                                     const std::string& table) {
  const std::array<io::Parameter, 1> parameters = {table};
  const io::QueryResult rows =
      HOMEROOM_TRY(connection.query("select distinct p.table_name from homeroom.pending_row as p "
                                    "where $1 = any (p.waits_for) order by p.table_name",
                                    parameters));
  std::vector<std::string> tables;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) tables.emplace_back(rows.text(row, 0));
  return tables;
}

Result<std::vector<SettledLines>> load_ready(io::Connection& connection, const TableSchema& table,
                                             Mode mode, std::span<const Reference> references) {
  const TargetTable target = HOMEROOM_TRY(read_target(connection, table));
  HOMEROOM_TRY(find_ready(connection, target, references));
  const io::QueryResult runs = HOMEROOM_TRY(connection.execute(
      fmt::format("select distinct w.run_id from {} as w order by w.run_id", kReady)));
  std::vector<SettledLines> settled;
  for (std::size_t row = 0; row < runs.num_rows(); ++row) {
    settled.push_back(HOMEROOM_TRY(load_run(connection, target, mode, runs.integer(row, 0))));
  }
  return settled;
}

}  // namespace homeroom::load
