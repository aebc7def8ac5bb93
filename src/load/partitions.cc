#include "load/partitions.h"

#include <cstdint>

#include <fmt/format.h>

#include "base/text.h"
#include "load/merge_sql.h"

namespace homeroom::load {
namespace {

using io::quote_identifier;
using io::quote_literal;

std::string part_table(const TargetTable& target, const std::string& value) {
  return "parts." + quote_identifier(name_with_suffix(target.name, "_" + value));
}

std::string create_sql(const TargetTable& target, const std::string& part) {
  return fmt::format(
      "create table {0} (like {1} including defaults); select access.protect({2}::regclass)", part,
      data_table(target), quote_literal(part));
}

std::string attach_sql(const TargetTable& target, const std::string& part,
                       const std::string& value) {
  return fmt::format("alter table {} attach partition {} for values in ({})", data_table(target),
                     part, value);
}

// Staged values, sorted: those that no part takes, and whether there are others. They are numbers:
// contracts see to it.
struct StagedValues {
  std::vector<std::string> fresh;
  bool has_others = false;
};

Result<StagedValues> find_values(io::Connection& connection, const MergeInput& input) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(fmt::format(
      "select v.value::text, v.value::text not in (\n"
      "    select bound.words[1]\n"
      "    from pg_inherits as i\n"
      "    join pg_class as c on c.oid = i.inhrelid\n"
      "    cross join lateral regexp_matches(\n"
      "        pg_get_expr(c.relpartbound, c.oid), '''([^'']*)''', 'g') as bound (words)\n"
      "    where i.inhparent = {2}::regclass\n"
      ")\n"
      "from (select distinct s.{0} as value from {1} as s) as v\n"
      "order by v.value",
      quote_identifier(input.target->partition_by), staging_table(input),
      quote_literal(data_table(*input.target)))));
  StagedValues values;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    const bool is_fresh = !rows.is_null(row, 0) && rows.text(row, 1) == "t";
    if (is_fresh) values.fresh.emplace_back(rows.text(row, 0));
    values.has_others = values.has_others || !is_fresh;
  }
  return values;
}

// A part that was put away has its year's rows: a second one beside it would hide that.
Status refuse_detached(io::Connection& connection, const TargetTable& target,
                       const std::string& part) {
  const io::QueryResult rows = HOMEROOM_TRY(
      connection.execute(fmt::format("select to_regclass({}) is not null", quote_literal(part))));
  if (rows.text(0, 0) != "t") return {};
  return fail(ErrorCode::kContract,
              fmt::format("{} is there, but is no part of {}", part, data_table(target)),
              "attach it again, or rename it");
}

// Attaching makes the part's index from its rows.
Result<std::uint64_t> fill_part(io::Connection& connection, const MergeInput& input,
                                const std::string& value) {
  const std::string part = part_table(*input.target, value);
  HOMEROOM_TRY(refuse_detached(connection, *input.target, part));
  const std::string of_part =
      fmt::format("where s.{} = {}\n", quote_identifier(input.target->partition_by), value);
  HOMEROOM_TRY(connection.execute(create_sql(*input.target, part)));
  const auto insert_and_attach = [&](const std::string& insert) -> Result<std::uint64_t> {
    const std::uint64_t inserted = HOMEROOM_TRY(run_counted(connection, insert));
    HOMEROOM_TRY(connection.execute(attach_sql(*input.target, part, value)));
    return inserted;
  };
  const auto inserted = HOMEROOM_TRY(unless_repeated(
      connection, [&] { return insert_and_attach(insert_all_sql(input, part, of_part)); }));
  if (inserted) return *inserted;
  return insert_and_attach(insert_by_key_sql(input, part, staging_table(input), of_part));
}

Result<NewParts> fill_parts(io::Connection& connection, const MergeInput& input,
                            const StagedValues& values) {
  NewParts parts{.result = {}, .values = values.fresh};
  if (parts.values.empty()) return parts;
  parts.result.plan = Plan::kNewParts;
  for (const std::string& value : parts.values) {
    parts.result.rows_inserted += HOMEROOM_TRY(fill_part(connection, input, value));
  }
  parts.result.lines_loaded = input.num_lines;
  if (values.has_others) {
    const io::QueryResult lines = HOMEROOM_TRY(connection.execute(
        fmt::format("select count(distinct s._line) from {} as s where not ({})",
                    staging_table(input), is_of_other_parts_sql(input, parts.values))));
    parts.result.lines_loaded = static_cast<std::uint64_t>(lines.integer(0, 0));
  }
  HOMEROOM_TRY(analyze_filled(connection, input));
  return parts;
}

}  // namespace

std::string filling_table(const TargetTable& target) {
  return "parts." + quote_identifier(name_with_suffix(target.name, "__filling"));
}

Status create_filling_table(io::Connection& connection, const TargetTable& target) {
  HOMEROOM_TRY(connection.execute(create_sql(target, filling_table(target))));
  return {};
}

std::string is_of_other_parts_sql(const MergeInput& input, const std::vector<std::string>& values) {
  return fmt::format("s.{} not in ({})", quote_identifier(input.target->partition_by),
                     join(values, ", "));
}

Result<NewParts> fill_new_parts(io::Connection& connection, const MergeInput& input) {
  return fill_parts(connection, input, HOMEROOM_TRY(find_values(connection, input)));
}

Result<LoadResult> settle_in_parts(io::Connection& connection, const MergeInput& input) {
  const TargetTable& target = *input.target;
  LoadResult result{
      .plan = Plan::kNewParts, .lines_loaded = input.num_lines, .rows_inserted = input.num_rows};
  const std::string filling = filling_table(target);
  const StagedValues values = HOMEROOM_TRY(find_values(connection, input));
  if (values.fresh.size() != 1 || values.has_others) {
    const NewParts parts = HOMEROOM_TRY(fill_parts(connection, input, values));
    const std::string others =
        parts.values.empty()
            ? std::string()
            : fmt::format("where {}\n", is_of_other_parts_sql(input, parts.values));
    // The other parts are empty, as the whole table is.
    result.rows_inserted =
        parts.result.rows_inserted +
        HOMEROOM_TRY(
            run_counted(connection, insert_by_key_sql(input, data_table(target), filling, others)));
    HOMEROOM_TRY(connection.execute("drop table " + filling));
    return result;
  }
  const std::string& value = values.fresh[0];
  const std::string part = part_table(target, value);
  HOMEROOM_TRY(refuse_detached(connection, target, part));
  HOMEROOM_TRY(connection.execute(
      fmt::format("alter table {} rename to {}", filling,
                  quote_identifier(name_with_suffix(target.name, "_" + value)))));
  const auto attach = [&]() -> Result<std::uint64_t> {
    HOMEROOM_TRY(connection.execute(attach_sql(target, part, value)));
    return 0;
  };
  if (!HOMEROOM_TRY(unless_repeated(connection, attach))) {
    result.rows_inserted -= HOMEROOM_TRY(run_counted(connection, drop_repeated_sql(target, part)));
    HOMEROOM_TRY(attach());
  }
  HOMEROOM_TRY(analyze_filled(connection, input));
  return result;
}

}  // namespace homeroom::load
