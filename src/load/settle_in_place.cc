#include <string>

#include <fmt/format.h>

#include "load/merge.h"
#include "load/merge_sql.h"
#include "load/partitions.h"

namespace homeroom::load {
Result<LoadResult> settle_in_place(io::Connection& connection, const MergeInput& input,
                                   const Indexes& indexes) {
  if (!input.target->partition_by.empty()) return settle_in_parts(connection, input);
  LoadResult result{
      .plan = Plan::kInPlace, .lines_loaded = input.num_lines, .rows_inserted = input.num_rows};
  const auto make_indexes = [&]() -> Result<std::uint64_t> {
    if (!indexes.create_sql.empty()) HOMEROOM_TRY(connection.execute(indexes.create_sql));
    return 0;
  };
  if (!HOMEROOM_TRY(unless_repeated(connection, make_indexes))) {
    result.rows_inserted -= HOMEROOM_TRY(
        run_counted(connection, drop_repeated_sql(*input.target, data_table(*input.target))));
    HOMEROOM_TRY(make_indexes());
  }
  HOMEROOM_TRY(analyze_filled(connection, input));
  return result;
}

}  // namespace homeroom::load
