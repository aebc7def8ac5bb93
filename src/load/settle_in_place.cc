#include <string>

#include <fmt/format.h>

#include "load/merge.h"
#include "load/merge_sql.h"

namespace homeroom::load {
namespace {

constexpr std::string_view kUniqueViolation = "23505";

// A sample of the rows; autovacuum looks closer when it has time.
constexpr int kSampledTarget = 30;
constexpr std::uint64_t kManyRows = 20'000;

// Of each key the last line's row stays.
std::string drop_repeated_sql(const MergeInput& input) {
  const std::string table = data_table(*input.target);
  return fmt::format(
      "delete from {0} as t\n"
      "using (\n"
      "    select s.ctid as _row,\n"
      "        row_number() over (partition by {1} order by s._line desc, s.ctid desc) as _copy\n"
      "    from {0} as s\n"
      ") as r\n"
      "where r._row = t.ctid and r._copy > 1",
      table, column_list(input.target->key, "s."));
}

// False when a key repeats: then everything is as it was before.
Result<bool> make_indexes(io::Connection& connection, const Indexes& indexes) {
  if (indexes.create_sql.empty()) return true;
  HOMEROOM_TRY(connection.execute("savepoint homeroom_indexes"));
  auto made = connection.execute(indexes.create_sql);
  if (made) {
    HOMEROOM_TRY(connection.execute("release savepoint homeroom_indexes"));
    return true;
  }
  if (connection.last_sqlstate() != kUniqueViolation) return tl::unexpected(made.error());
  HOMEROOM_TRY(connection.execute("rollback to savepoint homeroom_indexes"));
  return false;
}

}  // namespace

Result<LoadResult> settle_in_place(io::Connection& connection, const MergeInput& input,
                                   const Indexes& indexes) {
  LoadResult result{
      .plan = Plan::kInPlace, .lines_loaded = input.num_lines, .rows_inserted = input.num_rows};
  if (!HOMEROOM_TRY(make_indexes(connection, indexes))) {
    result.rows_inserted -= HOMEROOM_TRY(run_counted(connection, drop_repeated_sql(input)));
    HOMEROOM_TRY(connection.execute(indexes.create_sql));
  }
  if (input.num_rows >= kManyRows) {
    HOMEROOM_TRY(
        connection.execute(fmt::format("set local default_statistics_target = {}; analyze {}; "
                                       "set local default_statistics_target to default",
                                       kSampledTarget, data_table(*input.target))));
  }
  return result;
}

}  // namespace homeroom::load
