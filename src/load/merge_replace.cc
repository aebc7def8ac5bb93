#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "load/merge.h"
#include "load/merge_sql.h"

namespace homeroom::load {
namespace {

using io::quote_identifier;

// A row's content as one text that can be hashed: null and '' stay apart in it.
std::string stored_content(const TargetTable& target) {
  return "row(" + column_list(all_columns(target), "t.") + ")::text";
}

// What the row's content will be: columns that the file lacks are null, or false for a flag.
std::string staged_content(const MergeInput& input) {
  std::vector<std::string> values;
  for (const TargetColumn& column : input.target->columns) {
    const bool is_staged = std::ranges::find(input.columns, column.name) != input.columns.end();
    if (is_staged) {
      values.push_back("s." + quote_identifier(column.name));
    } else {
      values.emplace_back(column.is_nullable ? "null" : "false");
    }
  }
  return "row(" + join(values, ", ") + ")::text";
}

// Equal rows are numbered, so that three of them in the file match three in the table.
Status number_rows(io::Connection& connection, const MergeInput& input, const std::string& before,
                   const std::string& after) {
  const std::string stored = stored_content(*input.target);
  const std::string staged = staged_content(input);
  HOMEROOM_TRY(connection.execute(fmt::format(
      "create temporary table {} on commit drop as\n"
      "select {}, {} as _content,\n"
      "    row_number() over (partition by {} order by t._line) as _copy\n"
      "from {} as t\n"
      "where t._run in (\n"
      "    select r.run_id\n"
      "    from homeroom.run as r\n"
      "    where r.slot_id = (select p.slot_id from homeroom.run as p where p.run_id = {})\n"
      ")",
      before, row_place("t"), stored, stored, data_table(*input.target), input.previous_run)));
  HOMEROOM_TRY(connection.execute(
      fmt::format("create temporary table {} on commit drop as\n"
                  "select s.ctid as _staged, s._line, {} as _content,\n"
                  "    row_number() over (partition by {} order by s._line) as _copy\n"
                  "from {} as s",
                  after, staged, staged, staging_table(input))));
  HOMEROOM_TRY(connection.execute(fmt::format("analyze {}; analyze {}", before, after)));
  return {};
}

// Keeps in `table` only the rows that have no match in `other`.
Status drop_matched(io::Connection& connection, const std::string& table, const std::string& other,
                    const std::string& unmatched, const std::string& columns) {
  HOMEROOM_TRY(
      connection.execute(fmt::format("create temporary table {} on commit drop as\n"
                                     "select {}\n"
                                     "from {} as m\n"
                                     "where not exists (\n"
                                     "    select\n"
                                     "    from {} as o\n"
                                     "    where o._content = m._content and o._copy = m._copy\n"
                                     ")",
                                     unmatched, columns, table, other)));
  return {};
}

}  // namespace

Result<LoadResult> merge_replace(io::Connection& connection, const MergeInput& input) {
  HOMEROOM_TRY(lock_for_writing(connection, *input.target));
  LoadResult result{.plan = Plan::kByContent};
  if (input.previous_run == 0) {
    result.plan = Plan::kAppended;
    result.lines_loaded = input.num_lines;
    result.rows_inserted =
        HOMEROOM_TRY(run_counted(connection, insert_all_sql(input, data_table(*input.target), {})));
    return result;
  }
  const std::string before = work_table(*input.target, "__before");
  const std::string after = work_table(*input.target, "__after");
  const std::string gone = work_table(*input.target, "__gone");
  const std::string fresh = work_table(*input.target, "__fresh");
  HOMEROOM_TRY(number_rows(connection, input, before, after));
  HOMEROOM_TRY(drop_matched(connection, before, after, gone, "m._table, m._target"));
  HOMEROOM_TRY(drop_matched(connection, after, before, fresh, "m._staged, m._line"));
  HOMEROOM_TRY(keep_history(connection, input, gone));
  result.rows_closed = HOMEROOM_TRY(
      run_counted(connection, fmt::format("delete from {} as t\nwhere {}",
                                          data_table(*input.target), is_row_in("t", gone))));
  result.rows_inserted = HOMEROOM_TRY(run_counted(
      connection,
      insert_all_sql(input, data_table(*input.target),
                     fmt::format("where s.ctid in (select f._staged from {} as f)\n", fresh))));
  result.lines_loaded = HOMEROOM_TRY(count_lines(connection, fresh));
  result.lines_unchanged = input.num_lines - result.lines_loaded;
  return result;
}

}  // namespace homeroom::load
