#include "load/key_values.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "load/merge_sql.h"

namespace homeroom::load {
namespace {

// A statement takes 65,535 parameters at most.
constexpr std::size_t kKeysAtOnce = 500;

std::string newer_table(const MergeInput& input) {
  return work_table(*input.target, "__newer");
}

}  // namespace

Status insert_keys(io::Connection& connection, const TargetTable& target, const std::string& table,
                   std::span<const KeyValues> keys) {
  while (!keys.empty()) {
    const std::span<const KeyValues> some = keys.first(std::min(keys.size(), kKeysAtOnce));
    keys = keys.subspan(some.size());
    std::vector<std::string> rows;
    std::vector<io::Parameter> parameters;
    for (const KeyValues& key : some) {
      std::vector<std::string> values;
      for (std::size_t i = 0; i < key.size(); ++i) {
        const TargetColumn* column = target.find(target.key[i]);
        parameters.push_back(key[i] ? io::Parameter(*key[i]) : std::nullopt);
        values.push_back(fmt::format("${}::text::{}", parameters.size(), to_string(column->type)));
      }
      rows.push_back("(" + join(values, ", ") + ")");
    }
    HOMEROOM_TRY(connection.query(fmt::format("insert into {} ({}) values {}", table,
                                              column_list(target.key), join(rows, ", ")),
                                  parameters));
  }
  return {};
}

Status begin_newer(io::Connection& connection, const MergeInput& input) {
  HOMEROOM_TRY(connection.execute(fmt::format(
      "create temporary table {} on commit drop as\nselect {} from {} as t with no data",
      newer_table(input), column_list(input.target->key, "t."), data_table(*input.target))));
  return {};
}

Status note_newer(io::Connection& connection, const MergeInput& input,
                  std::span<const KeyValues> keys) {
  return insert_keys(connection, *input.target, newer_table(input), keys);
}

Result<std::uint64_t> drop_older(io::Connection& connection, MergeInput& input) {
  const std::string staging = staging_table(input);
  const std::uint64_t num_before = HOMEROOM_TRY(count_lines(connection, staging));
  HOMEROOM_TRY(connection.execute("analyze " + newer_table(input)));
  input.num_rows -= HOMEROOM_TRY(
      run_counted(connection, fmt::format("delete from {} as s using {} as t where {}", staging,
                                          newer_table(input), key_matches(input))));
  input.num_lines = HOMEROOM_TRY(count_lines(connection, staging));
  return num_before - input.num_lines;
}

}  // namespace homeroom::load
