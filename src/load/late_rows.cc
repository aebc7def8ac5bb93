#include "load/late_rows.h"

#include <fmt/format.h>

#include "load/merge_sql.h"

namespace homeroom::load {

Status mark_late(io::Connection& connection, const MergeInput& input) {
  if (input.num_rows == 0) return {};
  // By the key, of which there is an index; a line's rows come together, so all that have its
  // number were written just now.
  const std::string of_key = input.target->key.empty() ? "true" : key_matches(input);
  HOMEROOM_TRY(connection.execute(
      fmt::format("update {} as t set _since = homeroom.newest_version({}) from {} as s\n"
                  "where t._run = {} and t._line = s._line and {}",
                  data_table(*input.target), io::quote_literal(input.target->name),
                  staging_table(input), input.run_id, of_key)));
  return {};
}

}  // namespace homeroom::load
