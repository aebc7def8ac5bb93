#include <string>
#include <string_view>

#include <fmt/format.h>

#include "load/indexes.h"
#include "load/merge.h"
#include "load/merge_sql.h"

namespace homeroom::load {
namespace {

// From here on it pays to make the indexes afterwards, for which readers have to wait.
constexpr std::uint64_t kManyRows = 20'000;

constexpr std::string_view kUniqueViolation = "23505";

Result<std::uint64_t> insert_then_index(io::Connection& connection, const MergeInput& input) {
  const Indexes indexes = HOMEROOM_TRY(read_indexes(connection, *input.target));
  HOMEROOM_TRY(connection.execute(indexes.drop_sql));
  const std::uint64_t inserted =
      HOMEROOM_TRY(run_counted(connection, insert_all_sql(input, data_table(*input.target), {})));
  HOMEROOM_TRY(connection.execute(indexes.create_sql));
  return inserted;
}

// Nothing when a key repeats: then everything is as it was before.
Result<std::uint64_t> insert_unsorted(io::Connection& connection, const MergeInput& input) {
  HOMEROOM_TRY(connection.execute("savepoint homeroom_first"));
  Result<std::uint64_t> inserted = insert_then_index(connection, input);
  if (inserted) {
    HOMEROOM_TRY(connection.execute("release savepoint homeroom_first"));
    return inserted;
  }
  if (connection.last_sqlstate() != kUniqueViolation) return inserted;
  HOMEROOM_TRY(connection.execute("rollback to savepoint homeroom_first"));
  return 0;
}

}  // namespace

Result<LoadResult> merge_first(io::Connection& connection, const MergeInput& input) {
  LoadResult result{.plan = Plan::kIntoEmpty, .lines_loaded = input.num_lines};
  if (input.num_rows >= kManyRows) {
    result.rows_inserted = HOMEROOM_TRY(insert_unsorted(connection, input));
  }
  if (result.rows_inserted == 0) {
    result.plan = Plan::kSorted;
    result.rows_inserted = HOMEROOM_TRY(run_counted(
        connection, insert_by_key_sql(input, data_table(*input.target), staging_table(input), {})));
  }
  if (input.num_rows >= kManyRows) {
    HOMEROOM_TRY(connection.execute(fmt::format("analyze {}", data_table(*input.target))));
  }
  return result;
}

}  // namespace homeroom::load
