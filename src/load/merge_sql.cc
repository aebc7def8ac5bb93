#include "load/merge_sql.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/failpoint.h"
#include "base/text.h"
#include "load/partitions.h"

namespace homeroom::load {

using io::quote_identifier;

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

std::string_view zero_of(SqlType type) {
  switch (type) {
    case SqlType::kText:
      return "''";
    case SqlType::kBigint:
    case SqlType::kNumeric:
      return "0";
    case SqlType::kDate:
      return "'2000-01-01'";
    case SqlType::kTimestamptz:
      return "'2000-01-01 00:00:00+00'";
    case SqlType::kBoolean:
      return "false";
    case SqlType::kJsonb:
      return "'null'";
  }
  return "''";
}

// Null equals null in a key. "is not distinct from" says that, but no join on a hash or an index
// can use it: where the file has no nulls, plain equality says the same, and else two equalities.
std::string key_part_matches(const MergeInput& input, const std::string& part) {
  const std::string name = quote_identifier(part);
  const bool is_null = !contains(input.columns, part) || contains(input.without_values, part);
  if (is_null) return fmt::format("t.{} is null", name);
  if (!contains(input.with_nulls, part)) return fmt::format("t.{0} = s.{0}", name);
  return fmt::format(
      "coalesce(t.{0}, {1}) = coalesce(s.{0}, {1}) and (t.{0} is null) = (s.{0} is null)", name,
      zero_of(input.target->find(part)->type));
}

}  // namespace

std::string key_matches(const MergeInput& input) {
  std::vector<std::string> parts;
  for (const std::string& part : input.target->key) parts.push_back(key_part_matches(input, part));
  return join(parts, "\n    and ");
}

std::string column_list(const std::vector<std::string>& names, std::string_view prefix) {
  std::string list;
  for (const std::string& name : names) {
    if (!list.empty()) list += ", ";
    list.append(prefix).append(quote_identifier(name));
  }
  return list;
}

std::vector<std::string> all_columns(const TargetTable& target) {
  std::vector<std::string> names;
  for (const TargetColumn& column : target.columns) names.push_back(column.name);
  return names;
}

std::vector<std::string> staged_key(const MergeInput& input) {
  std::vector<std::string> key;
  for (const std::string& part : input.target->key) {
    if (std::ranges::find(input.columns, part) != input.columns.end()) key.push_back(part);
  }
  return key;
}

std::string data_table(const TargetTable& target) {
  return "data." + quote_identifier(target.name);
}

std::string staging_table(const MergeInput& input) {
  if (input.place == Place::kTable) {
    return input.target->partition_by.empty() ? data_table(*input.target)
                                              : filling_table(*input.target);
  }
  return "pg_temp." + quote_identifier(input.target->name);
}

std::string work_table(const TargetTable& target, std::string_view step) {
  return "pg_temp." + quote_identifier(name_with_suffix(target.name, step));
}

// A row's place is its own only within one part.
std::string row_place(std::string_view row) {
  return fmt::format("{0}.tableoid as _table, {0}.ctid as _target", row);
}

std::string is_row_at(std::string_view row, std::string_view work) {
  return fmt::format("{0}.ctid = {1}._target and {0}.tableoid = {1}._table", row, work);
}

std::string is_row_in(std::string_view row, const std::string& work_table) {
  return fmt::format(
      "({0}.ctid, {0}.tableoid) in (select w._target, w._table from {1} as w\n"
      "    where w._target is not null)",
      row, work_table);
}

std::string insert_by_key_sql(const MergeInput& input, const std::string& into,
                              const std::string& from, const std::string& condition) {
  const std::string key = column_list(staged_key(input), "s.");
  return fmt::format(
      "insert into {} ({}, _run, _line)\n"
      "select distinct on ({}) {}, {}, s._line\n"
      "from {} as s\n"
      "{}order by {}, s._line desc",
      into, column_list(input.columns), key, column_list(input.columns, "s."), input.run_id, from,
      condition, key);
}

std::string insert_all_sql(const MergeInput& input, const std::string& into,
                           const std::string& condition) {
  return fmt::format(
      "insert into {} ({}, _run, _line)\n"
      "select {}, {}, s._line\n"
      "from {} as s\n"
      "{}",
      into, column_list(input.columns), column_list(input.columns, "s."), input.run_id,
      staging_table(input), condition);
}

std::string drop_repeated_sql(const TargetTable& target, const std::string& table) {
  return fmt::format(
      "delete from {0} as t\n"
      "using (\n"
      "    select s.ctid as _row,\n"
      "        row_number() over (partition by {1} order by s._line desc, s.ctid desc) as _copy\n"
      "    from {0} as s\n"
      ") as r\n"
      "where r._row = t.ctid and r._copy > 1",
      table, column_list(target.key, "s."));
}

Result<std::uint64_t> run_counted(io::Connection& connection, const std::string& sql) {
  const io::QueryResult result = HOMEROOM_TRY(connection.execute(sql));
  return result.num_affected();
}

Result<std::optional<std::uint64_t>> unless_repeated(
    io::Connection& connection, const std::function<Result<std::uint64_t>()>& action) {
  constexpr std::string_view kUniqueViolation = "23505";
  HOMEROOM_TRY(connection.execute("savepoint homeroom_unique"));
  const Result<std::uint64_t> counted = action();
  if (counted) {
    HOMEROOM_TRY(connection.execute("release savepoint homeroom_unique"));
    return *counted;
  }
  if (connection.last_sqlstate() != kUniqueViolation) return tl::unexpected(counted.error());
  HOMEROOM_TRY(connection.execute("rollback to savepoint homeroom_unique"));
  return std::nullopt;
}

Status analyze_filled(io::Connection& connection, const MergeInput& input) {
  constexpr std::uint64_t kManyRows = 20'000;
  constexpr int kSampledTarget = 30;
  if (input.num_rows < kManyRows) return {};
  HOMEROOM_TRY(
      connection.execute(fmt::format("set local default_statistics_target = {}; analyze {}; "
                                     "set local default_statistics_target to default",
                                     kSampledTarget, data_table(*input.target))));
  return {};
}

Status lock_for_writing(io::Connection& connection, const TargetTable& target) {
  HOMEROOM_TRY(connection.execute(
      fmt::format("lock table {} in share row exclusive mode", data_table(target))));
  return {};
}

Status keep_history(io::Connection& connection, const MergeInput& input,
                    const std::string& work_table) {
  HOMEROOM_FAILPOINT("supersede");
  const std::vector<std::string> columns = all_columns(*input.target);
  HOMEROOM_TRY(connection.execute(fmt::format(
      "insert into history.{0} ({1}, _run, _line, _since, _superseded_by, _until)\n"
      "select {2}, t._run, t._line, t._since, {3}, (select homeroom.newest_version({6}))\n"
      "from {4} as t\n"
      "where {5}",
      quote_identifier(input.target->name), column_list(columns), column_list(columns, "t."),
      input.run_id, data_table(*input.target), is_row_in("t", work_table),
      io::quote_literal(input.target->name))));
  return {};
}

Result<std::uint64_t> count_lines(io::Connection& connection, const std::string& table) {
  const io::QueryResult rows = HOMEROOM_TRY(
      connection.execute(fmt::format("select count(distinct w._line) from {} as w", table)));
  return static_cast<std::uint64_t>(rows.integer(0, 0));
}

}  // namespace homeroom::load
