#include "load/snapshot.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.h"
#include "load/key_values.h"
#include "load/merge_sql.h"

namespace homeroom::load {
namespace {

using io::quote_identifier;
using io::quote_literal;

std::string present_table(const MergeInput& input) {
  return work_table(*input.target, "__present");
}

std::string scopes_table(const MergeInput& input) {
  return work_table(*input.target, "__scopes");
}

std::string missing_table(const MergeInput& input) {
  return work_table(*input.target, "__missing");
}

// The staged value of a column, null where the file has none.
std::string staged_value(const MergeInput& input, const std::string& name) {
  const bool is_staged = std::ranges::find(input.columns, name) != input.columns.end();
  if (is_staged) return "s." + quote_identifier(name);
  const TargetColumn* column = input.target->find(name);
  return fmt::format("null::{}{} as {}", to_string(column->type),
                     column->is_by_bytes ? " collate \"C\"" : "", quote_identifier(name));
}

// A part of the key that is never null can be hashed.
std::string same_key(const MergeInput& input, std::string_view left, std::string_view right) {
  std::vector<std::string> parts;
  for (const std::string& part : input.target->key) {
    const bool is_nullable = input.target->find(part)->is_nullable;
    parts.push_back(fmt::format("{0}.{2} {3} {1}.{2}", left, right, quote_identifier(part),
                                is_nullable ? "is not distinct from" : "="));
  }
  return join(parts, " and ");
}

std::string same_scope(const SnapshotScope& scope, std::string_view left, std::string_view right) {
  std::vector<std::string> parts;
  for (const std::string& name : scope.columns) {
    parts.push_back(fmt::format("{0}.{2} = {1}.{2}", left, right, quote_identifier(name)));
  }
  return join(parts, " and ");
}

// Runs of the source: what another system gave is not missing from this one's file.
std::string runs_of_source(const MergeInput& input, const SnapshotScope& scope) {
  return fmt::format(
      "(select r.run_id from homeroom.run as r where r.source = {} and r.dataset = {})",
      quote_literal(scope.source), quote_literal(input.target->name));
}

}  // namespace

Status note_present(io::Connection& connection, const MergeInput& input,
                    const SnapshotScope& scope) {
  std::vector<std::string> columns;
  for (const std::string& part : input.target->key) columns.push_back(staged_value(input, part));
  for (const std::string& name : scope.columns) {
    const bool is_noted = std::ranges::find(input.target->key, name) != input.target->key.end();
    if (!is_noted) columns.push_back(staged_value(input, name));
  }
  std::vector<std::string> has_scope;
  for (const std::string& name : scope.columns) {
    has_scope.push_back(fmt::format("p.{} is not null", quote_identifier(name)));
  }
  HOMEROOM_TRY(connection.execute(fmt::format(
      "create temporary table {0} on commit drop as select distinct {1} from {2} as s;\n"
      "create temporary table {3} on commit drop as select distinct {4} from {0} as p where {5};\n"
      "analyze {0}",
      present_table(input), join(columns, ", "), staging_table(input), scopes_table(input),
      column_list(scope.columns, "p."), join(has_scope, " and "))));
  return {};
}

Status note_quarantined(io::Connection& connection, const MergeInput& input,
                        std::span<const KeyValues> keys) {
  return insert_keys(connection, *input.target, present_table(input), keys);
}

Result<std::vector<MissingRows>> find_missing(io::Connection& connection, const MergeInput& input,
                                              const SnapshotScope& scope) {
  HOMEROOM_TRY(lock_for_writing(connection, *input.target));
  const std::string standing =
      fmt::format("from {} as t join {} as c on {} where t._run in {}", data_table(*input.target),
                  scopes_table(input), same_scope(scope, "c", "t"), runs_of_source(input, scope));
  HOMEROOM_TRY(connection.execute(
      fmt::format("create temporary table {} on commit drop as\n"
                  "select {}, {} {}\n"
                  "    and not exists (select from {} as p where {})",
                  missing_table(input), row_place("t"), column_list(scope.columns, "t."), standing,
                  present_table(input), same_key(input, "p", "t"))));
  std::vector<std::string> texts;
  for (const std::string& name : scope.columns) {
    texts.push_back(
        fmt::format("{} || c.{}::text", quote_literal(name + "="), quote_identifier(name)));
  }
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(fmt::format(
      "select concat_ws(', ', {0}), (select count(*) from {1} as t where t._run in {2} and {3}),\n"
      "    (select count(*) from {4} as m where {5})\n"
      "from {6} as c order by 1",
      join(texts, ", "), data_table(*input.target), runs_of_source(input, scope),
      same_scope(scope, "c", "t"), missing_table(input), same_scope(scope, "c", "m"),
      scopes_table(input))));
  std::vector<MissingRows> missing;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    missing.push_back({.scope = std::string(rows.text(row, 0)),
                       .num_standing = static_cast<std::uint64_t>(rows.integer(row, 1)),
                       .num_missing = static_cast<std::uint64_t>(rows.integer(row, 2))});
  }
  return missing;
}

Result<std::uint64_t> close_missing(io::Connection& connection, const MergeInput& input) {
  HOMEROOM_TRY(keep_history(connection, input, missing_table(input)));
  return run_counted(connection, fmt::format("delete from {} as t using {} as m where {}",
                                             data_table(*input.target), missing_table(input),
                                             is_row_at("t", "m")));
}

Result<std::vector<SettledLines>> end_missing_pending(io::Connection& connection,
                                                      const MergeInput& input,
                                                      const SnapshotScope& scope) {
  const io::QueryResult runs = HOMEROOM_TRY(connection.execute(fmt::format(
      "with gone as (\n"
      "    delete from homeroom.pending_row as p\n"
      "    using homeroom.pending_row as w\n"
      "    cross join lateral jsonb_populate_record(null::{0}, w.content) as t\n"
      "    where p.pending_id = w.pending_id and w.table_name = {1} and w.run_id < {2}\n"
      "        and w.run_id in {3}\n"
      "        and exists (select from {4} as c where {5})\n"
      "        and not exists (select from {6} as k where {7})\n"
      "    returning p.run_id, p.line\n"
      ")\n"
      "select g.run_id, count(distinct g.line) from gone as g group by g.run_id order by g.run_id",
      data_table(*input.target), quote_literal(input.target->name), input.run_id,
      runs_of_source(input, scope), scopes_table(input), same_scope(scope, "c", "t"),
      present_table(input), same_key(input, "k", "t"))));
  std::vector<SettledLines> settled;
  for (std::size_t row = 0; row < runs.num_rows(); ++row) {
    settled.push_back({.run_id = runs.integer(row, 0),
                       .result = {},
                       .lines_superseded = static_cast<std::uint64_t>(runs.integer(row, 1))});
  }
  return settled;
}

}  // namespace homeroom::load
