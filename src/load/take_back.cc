#include "load/take_back.h"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "load/merge_sql.h"
#include "load/references.h"

namespace homeroom::load {
namespace {

using io::quote_identifier;
using io::quote_literal;

// "(1, 2)"; numbers of runs and versions count from 1, so that 0 is none of them.
std::string list_of(const std::vector<std::int64_t>& numbers) {
  return numbers.empty() ? "(0)" : fmt::format("({})", fmt::join(numbers, ", "));
}

std::string history_table(const TargetTable& target) {
  return "history." + quote_identifier(target.name);
}

Result<std::vector<std::int64_t>> first_column(io::Connection& connection, const std::string& sql) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(sql));
  std::vector<std::int64_t> numbers;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) numbers.push_back(rows.integer(row, 0));
  return numbers;
}

}  // namespace

TableTakeBack::TableTakeBack(io::Connection& connection, TargetTable target, TakeBack what)
    : connection_(&connection),
      target_(std::move(target)),
      what_(std::move(what)),
      name_(quote_literal(target_.name)),
      columns_(column_list(all_columns(target_))),
      out_(work_table(target_, "__out")),
      in_(work_table(target_, "__in")),
      born_(work_table(target_, "__born")) {}

// One row of the table, whichever version of it. Parts that are never null can be hashed.
std::string TableTakeBack::same_row(const std::string& left, const std::string& right) const {
  std::vector<std::string> parts;
  for (const std::string& part : target_.key) {
    const TargetColumn* column = target_.find(part);
    const bool is_nullable = column == nullptr || column->is_nullable;
    parts.push_back(fmt::format("{0}.{2} {3} {1}.{2}", left, right, quote_identifier(part),
                                is_nullable ? "is not distinct from" : "="));
  }
  if (!parts.empty()) return join(parts, " and ");
  return fmt::format(
      "{0}._run = {1}._run and {0}._line = {1}._line and row({2})::text = row({3})::text", left,
      right, column_list(all_columns(target_), left + "."),
      column_list(all_columns(target_), right + "."));
}

// A row of another run that came in thanks to what is taken back.
std::string TableTakeBack::was_waiting(const std::string& row) const {
  return fmt::format(
      "exists (select from homeroom.past_pending_row as p where p.table_name = {0} and p.ended_in "
      "in {1} and p.run_id not in {2} and p.run_id = {3}._run and p.line = {3}._line)",
      name_, list_of(what_.waited), list_of(what_.runs), row);
}

Status TableTakeBack::find_rows() {
  HOMEROOM_TRY(lock_for_writing(*connection_, target_));
  HOMEROOM_TRY(
      connection_->execute(fmt::format("drop table if exists {}, {}, {}", out_, in_, born_)));
  const std::string data = data_table(target_);
  const std::string history = history_table(target_);
  if (what_.undo_version > 0) {
    HOMEROOM_TRY(connection_->execute(fmt::format(
        "create temporary table {0} on commit drop as\n"
        "select {1}, _run, _line from {2} where _since = {4}\n"
        "union all select {1}, _run, _line from {3} where _since = {4} and _until <> {4};\n"
        "create temporary table {5} on commit drop as\n"
        "select {8}, t.* from {2} as t\n"
        "where exists (select from {0} as b where b._run = t._run and b._line = t._line and {6});\n"
        "create temporary table {7} on commit drop as\n"
        "select h.ctid as _origin, h.* from {3} as h\n"
        "where h._until = {4} and h._since is distinct from {4}",
        born_, columns_, data, history, what_.undo_version, out_, same_row("b", "t"), in_,
        row_place("t"))));
  } else {
    const std::string runs = list_of(what_.runs);
    const std::string waiting = what_.waited.empty() ? "false" : was_waiting("t");
    // Of rows that were replaced several times, the first is what stood before.
    const std::string first = target_.key.empty()
                                  ? std::string()
                                  : fmt::format("distinct on ({})", column_list(target_.key, "h."));
    const std::string order =
        target_.key.empty() ? std::string()
                            : fmt::format("order by {}, h._until", column_list(target_.key, "h."));
    HOMEROOM_TRY(connection_->execute(
        fmt::format("create temporary table {0} on commit drop as\n"
                    "select {9}, t.* from {1} as t\n"
                    "where t._run in {2} or {3};\n"
                    "create temporary table {4} on commit drop as\n"
                    "select {5} h.ctid as _origin, h.* from {6} as h\n"
                    "where (h._superseded_by in {2} or h._until in {7}) and h._run not in {2}\n"
                    "    and h._since is distinct from h._until\n{8}",
                    out_, data, runs, waiting, in_, first, history, list_of(what_.waited), order,
                    row_place("t"))));
  }
  HOMEROOM_TRY(connection_->execute(fmt::format("analyze {}; analyze {}", out_, in_)));
  return {};
}

Result<std::vector<std::int64_t>> TableTakeBack::find_dependents() {
  HOMEROOM_TRY(find_rows());
  std::string ours = fmt::format("h._since = {}", what_.undo_version);
  std::string waited = fmt::format("p.began_in = {}", what_.undo_version);
  std::string causes = "true";
  if (what_.undo_version == 0) {
    ours = fmt::format("(h._run in {}{})", list_of(what_.runs),
                       what_.waited.empty() ? "" : " or " + was_waiting("h"));
    waited = fmt::format("p.run_id in {}", list_of(what_.runs));
    causes = "v.cause = 'load'";
  }
  std::string sql = fmt::format(
      // replaced or closed since
      "select h._superseded_by from {0} as h\n"
      "join homeroom.run as r on r.run_id = h._superseded_by and r.undone_by is null\n"
      "where {1} and h._superseded_by not in {2} and h._superseded_by <> {3}\n"
      "    and h._since is distinct from h._until\n"
      // rows that wait, and for which newer ones or what they waited for have come
      "union select v.run_id from homeroom.past_pending_row as p\n"
      "join homeroom.table_version as v on v.table_name = p.table_name and v.version = p.ended_in\n"
      "join homeroom.run as r on r.run_id = v.run_id and r.undone_by is null\n"
      "where p.table_name = {4} and {5} and {6} and v.run_id not in {2}\n"
      "    and p.began_in is distinct from p.ended_in\n",
      history_table(target_), ours, list_of(what_.runs), what_.undo_run, name_, waited, causes);
  if (!target_.key.empty()) {
    // a place that is taken
    sql += fmt::format(
        "union select t._run from {} as t join {} as i on {}\n"
        "where not {}\n",
        data_table(target_), in_, same_row("i", "t"), is_row_in("t", out_));
  }
  return first_column(*connection_, sql + "order by 1");
}

Result<std::vector<LaterFile>> TableTakeBack::find_later_files(
    const std::vector<std::string>& columns) {
  std::vector<std::string> parts;
  for (const std::string& name : columns) {
    parts.push_back(
        fmt::format("{} || i.{}::text", quote_literal(name + "="), quote_identifier(name)));
  }
  const io::QueryResult rows = HOMEROOM_TRY(connection_->execute(fmt::format(
      "select distinct r.run_id, r.scope, {} from {} as i\n"
      "join homeroom.run as o on o.run_id = i._run\n"
      "join homeroom.run as r on {} and r.undone_by is null and r.gave_way_to is null\n"
      "    and r.run_id not in {}\n"
      "join homeroom.table_version as v on v.run_id = r.run_id and v.table_name = {}\n"
      "    and v.cause = 'load' and v.version > i._until\n"
      "order by 1",
      parts.empty() ? "r.scope" : fmt::format("concat_ws('|', {})", join(parts, ", ")), in_,
      parts.empty() ? "r.slot_id = o.slot_id" : "r.source = o.source and r.dataset = o.dataset",
      list_of(what_.runs), name_)));
  std::vector<LaterFile> files;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    files.push_back({.run_id = rows.integer(row, 0),
                     .scope = std::string(rows.text(row, 1)),
                     .place = std::string(rows.text(row, 2))});
  }
  return files;
}

Result<LoadResult> TableTakeBack::apply() {
  LoadResult result;
  const std::string data = data_table(target_);
  const std::string history = history_table(target_);
  if (!target_.key.empty()) {
    const auto both = HOMEROOM_TRY(
        first_column(*connection_, fmt::format("select count(*) from {} as o join {} as i on {}",
                                               out_, in_, same_row("o", "i"))));
    result.rows_updated = static_cast<std::uint64_t>(both.at(0));
  }
  HOMEROOM_TRY(connection_->execute(
      fmt::format("insert into {0} ({1}, _run, _line, _since, _superseded_by, _until)\n"
                  "select {1}, _run, _line, _since, {2}, homeroom.newest_version({3}) from {4}",
                  history, columns_, what_.undo_run, name_, out_)));
  const std::uint64_t gone = HOMEROOM_TRY(run_counted(
      *connection_,
      fmt::format("delete from {} as t using {} as o where {}", data, out_, is_row_at("t", "o"))));
  const std::uint64_t back = HOMEROOM_TRY(run_counted(
      *connection_, fmt::format("insert into {0} ({1}, _run, _line, _since)\n"
                                "select {1}, _run, _line, homeroom.newest_version({2}) from {3}",
                                data, columns_, name_, in_)));
  result.rows_closed = gone - result.rows_updated;
  result.rows_inserted = back - result.rows_updated;
  return result;
}

Result<std::vector<std::int64_t>> TableTakeBack::find_standing_on(const TargetTable& other,
                                                                  const Reference& reference,
                                                                  std::int64_t since_sequence) {
  const std::string unknown = unknown_sql(reference, [&](const std::string& column) {
    return other.find(column) == nullptr ? std::string() : "w." + quote_identifier(column);
  });
  std::vector<std::string> paths;
  for (const ReferencePath& path : reference.paths) {
    std::vector<std::string> equal;
    for (std::size_t i = 0; i < path.columns.size(); ++i) {
      const bool is_there =
          other.find(path.columns[i]) != nullptr && target_.find(path.targets[i]) != nullptr;
      if (!is_there) equal.emplace_back("false");
      if (is_there) {
        equal.push_back(fmt::format("w.{} = o.{}", quote_identifier(path.columns[i]),
                                    quote_identifier(path.targets[i])));
      }
    }
    paths.push_back(
        fmt::format("exists (select from {} as o where {})", out_, join(equal, " and ")));
  }
  if (unknown.empty() || paths.empty()) return std::vector<std::int64_t>();
  const std::string name = quote_literal(other.name);
  return first_column(
      *connection_,
      fmt::format("select distinct w._run from {0} as w\n"
                  "where ({1}) and {2}\n"
                  "    and exists (\n"
                  "        select from homeroom.table_version as v\n"
                  "        where v.table_name = {3} and v.sequence > {4}\n"
                  "            and (v.version = w._since or (w._since is null and v.cause = 'load' "
                  "and v.run_id = w._run))\n"
                  "    )\n"
                  "order by 1",
                  data_table(other), join(paths, " or "), unknown, name, since_sequence));
}

}  // namespace homeroom::load
