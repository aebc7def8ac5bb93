#include <cstdint>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "load/indexes.h"
#include "load/merge.h"
#include "load/merge_sql.h"

namespace homeroom::load {
namespace {

// From here on it pays to make the indexes afterwards, for which readers have to wait.
constexpr std::uint64_t kManyRows = 20'000;

Result<std::uint64_t> insert_then_index(io::Connection& connection, const MergeInput& input) {
  const Indexes indexes = HOMEROOM_TRY(read_indexes(connection, *input.target));
  HOMEROOM_TRY(connection.execute(indexes.drop_sql));
  const std::uint64_t inserted =
      HOMEROOM_TRY(run_counted(connection, insert_all_sql(input, data_table(*input.target), {})));
  HOMEROOM_TRY(connection.execute(indexes.create_sql));
  return inserted;
}

}  // namespace

Result<LoadResult> merge_first(io::Connection& connection, const MergeInput& input) {
  LoadResult result{.plan = Plan::kIntoEmpty, .lines_loaded = input.num_lines};
  std::optional<std::uint64_t> inserted;
  if (input.num_rows >= kManyRows) {
    inserted = HOMEROOM_TRY(
        unless_repeated(connection, [&] { return insert_then_index(connection, input); }));
  }
  if (!inserted) {
    result.plan = Plan::kSorted;
    inserted = HOMEROOM_TRY(run_counted(
        connection, insert_by_key_sql(input, data_table(*input.target), staging_table(input), {})));
  }
  result.rows_inserted = *inserted;
  HOMEROOM_TRY(analyze_filled(connection, input));
  return result;
}

}  // namespace homeroom::load
