#include <string>

#include <fmt/format.h>

#include "load/merge.h"
#include "load/merge_sql.h"
#include "load/partitions.h"

namespace homeroom::load {
namespace {

constexpr std::string_view kUniqueViolation = "23505";

// A sample of the rows; autovacuum looks closer when it has time.
constexpr int kSampledTarget = 30;
constexpr std::uint64_t kManyRows = 20'000;

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
  if (!input.target->partition_by.empty()) return settle_in_parts(connection, input);
  LoadResult result{
      .plan = Plan::kInPlace, .lines_loaded = input.num_lines, .rows_inserted = input.num_rows};
  if (!HOMEROOM_TRY(make_indexes(connection, indexes))) {
    result.rows_inserted -= HOMEROOM_TRY(
        run_counted(connection, drop_repeated_sql(*input.target, data_table(*input.target))));
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
