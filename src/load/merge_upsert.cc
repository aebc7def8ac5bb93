#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "load/merge.h"
#include "load/merge_sql.h"
#include "load/partitions.h"

namespace homeroom::load {
namespace {

constexpr std::uint64_t kFewRows = 2000;

using io::quote_identifier;

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

// Columns of the file that are no part of the key.
std::vector<std::string> value_columns(const MergeInput& input) {
  std::vector<std::string> values;
  for (const std::string& column : input.columns) {
    if (!contains(input.target->key, column)) values.push_back(column);
  }
  return values;
}

// What the row will hold. A part of a value that does not part keeps what is stored, as long as
// that value stays as it was.
std::string new_value(const MergeInput& input, const std::string& column) {
  const std::string name = quote_identifier(column);
  const auto whole = input.whole_of.find(column);
  if (whole == input.whole_of.end()) return "s." + name;
  return fmt::format(
      "case when s.{0} is null and coalesce(t.{1} = s.{1}, t.{1} is null) then t.{0} else s.{0} "
      "end",
      name, quote_identifier(whole->second));
}

// Staged rows that are new (_target is null) or differ from the row there (its place). `among`
// picks those that are looked at.
std::string find_changed_sql(const MergeInput& input, const std::string& changed,
                             const std::string& among) {
  std::vector<std::string> conditions = {"t._run is null"};
  for (const std::string& column : value_columns(input)) {
    const std::string name = quote_identifier(column);
    conditions.push_back(fmt::format("t.{} is distinct from {}", name, new_value(input, column)));
  }
  return fmt::format(
      "create temporary table {} on commit drop as\n"
      "select {}, s._line, {}\n"
      "from {} as s\n"
      "left join {} as t on {}\n"
      "where {} and (\n    {}\n)",
      changed, column_list(input.columns, "s."), row_place("t"), staging_table(input),
      data_table(*input.target), key_matches(input), among, join(conditions, "\n    or "));
}

std::string update_sql(const MergeInput& input, const std::string& changed) {
  std::vector<std::string> assignments;
  for (const std::string& column : value_columns(input)) {
    const std::string name = quote_identifier(column);
    assignments.push_back(fmt::format("{} = {}", name, new_value(input, column)));
  }
  assignments.push_back(fmt::format("_run = {}", input.run_id));
  assignments.emplace_back("_line = s._line");
  assignments.emplace_back("_since = null");
  return fmt::format(
      "update {} as t\nset {}\n"
      "from (\n"
      "    select distinct on (c._target, c._table) {}, c._line, c._target, c._table\n"
      "    from {} as c\n"
      "    where c._target is not null\n"
      "    order by c._target, c._table, c._line desc\n"
      ") as s\n"
      "where {}",
      data_table(*input.target), join(assignments, ",\n    "), column_list(input.columns, "c."),
      changed, is_row_at("t", "s"));
}

// A few rows are looked up by the key's index. Of a table that grew since it was last analyzed the
// planner may think otherwise, and read all of it for each file.
constexpr const char* kByIndex =
    "set local enable_hashjoin = off; set local enable_mergejoin = off";
constexpr const char* kAnyPlan =
    "set local enable_hashjoin to default; set local enable_mergejoin to default";

// The index answers plain equality only.
bool key_is_plain(const MergeInput& input) {
  return std::ranges::all_of(input.target->key, [&](const std::string& part) {
    return contains(input.columns, part) && !contains(input.with_nulls, part);
  });
}

// Rows that `among` picks; lines_unchanged is of all lines staged.
Result<LoadResult> merge_by_key(io::Connection& connection, const MergeInput& input,
                                const std::string& among) {
  // Of few rows the planner thinks well enough by the size of the table.
  const bool is_small = input.num_rows < kFewRows;
  if (!is_small) {
    HOMEROOM_TRY(connection.execute(
        fmt::format("analyze {} ({})", staging_table(input), column_list(staged_key(input)))));
  }
  const bool is_by_index = is_small && key_is_plain(input);
  if (is_by_index) HOMEROOM_TRY(connection.execute(kByIndex));
  const std::string changed = work_table(*input.target, "__changed");
  const std::uint64_t num_changed =
      HOMEROOM_TRY(run_counted(connection, find_changed_sql(input, changed, among)));
  if (is_by_index) HOMEROOM_TRY(connection.execute(kAnyPlan));
  LoadResult result{.plan = Plan::kByKey};
  if (num_changed > 0) {
    if (!is_small) HOMEROOM_TRY(connection.execute(fmt::format("analyze {} (_target)", changed)));
    const io::QueryResult counts = HOMEROOM_TRY(connection.execute(
        fmt::format("select count(w._target), count(distinct w._line) from {} as w", changed)));
    const auto num_replacing = static_cast<std::uint64_t>(counts.integer(0, 0));
    result.lines_loaded = static_cast<std::uint64_t>(counts.integer(0, 1));
    if (num_replacing > 0) {
      HOMEROOM_TRY(keep_history(connection, input, changed));
      result.rows_updated = HOMEROOM_TRY(run_counted(connection, update_sql(input, changed)));
    }
    if (num_replacing < num_changed) {
      result.rows_inserted = HOMEROOM_TRY(
          run_counted(connection, insert_by_key_sql(input, data_table(*input.target), changed,
                                                    "where s._target is null\n")));
    }
  }
  result.lines_unchanged = input.num_lines - result.lines_loaded;
  return result;
}

// Rows of school years that have no part yet need not be looked for.
Result<LoadResult> merge_parted(io::Connection& connection, const MergeInput& input) {
  const NewParts parts = HOMEROOM_TRY(fill_new_parts(connection, input));
  LoadResult result = parts.result;
  if (!parts.values.empty() && result.lines_loaded == input.num_lines) return result;
  const std::string among =
      parts.values.empty() ? "true" : is_of_other_parts_sql(input, parts.values);
  const LoadResult merged = HOMEROOM_TRY(merge_by_key(connection, input, among));
  if (parts.values.empty()) return merged;
  result.rows_inserted += merged.rows_inserted;
  result.rows_updated = merged.rows_updated;
  result.lines_loaded += merged.lines_loaded;
  result.lines_unchanged = input.num_lines - result.lines_loaded;
  return result;
}

}  // namespace

Result<LoadResult> merge_upsert(io::Connection& connection, const MergeInput& input) {
  if (staged_key(input).empty()) {
    return fail(ErrorCode::kContract,
                fmt::format("the file has no column of the key of data.{}", input.target->name),
                "rows without a key cannot be matched with those that stand there");
  }
  HOMEROOM_TRY(lock_for_writing(connection, *input.target));
  if (!input.target->partition_by.empty()) return merge_parted(connection, input);
  if (!HOMEROOM_TRY(has_rows(connection, input.target->name)))
    return merge_first(connection, input);
  return merge_by_key(connection, input, "true");
}

}  // namespace homeroom::load
