#include "catalog/undo.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "catalog/stored_text.h"

namespace homeroom::catalog {
namespace {

using Runs = std::vector<std::int64_t>;

constexpr const char* kRuns = R"(
select
    r.run_id,
    r.kind,
    r.status,
    r.source,
    r.dataset,
    r.scope,
    r.path,
    coalesce(r.undone_by, 0)
from homeroom.run as r
where r.run_id = any ($1::bigint[])
order by r.run_id
)";

constexpr const char* kVersions = R"(
select
    v.table_name,
    v.version,
    v.sequence,
    v.cause
from homeroom.table_version as v
where v.run_id = any ($1::bigint[])
order by v.table_name, v.version
)";

constexpr const char* kScopes = R"(
select r.scope
from homeroom.table_version as v
join homeroom.run as r on r.run_id = v.run_id
where v.table_name = $1
    and v.version = any ($2::bigint[])
    and v.cause <> 'waited'
union
select r.scope
from homeroom.settlement as s
join homeroom.run as r on r.run_id = s.run_id
where s.table_name = $1
    and s.version = any ($2::bigint[])
)";

constexpr const char* kConfirming = R"(
select
    r.run_id,
    r.scope
from homeroom.table_version as v
join homeroom.run as r on r.run_id = v.run_id
where v.table_name = $1
    and v.version > $2
    and v.cause = 'load'
    and r.rows_unchanged > 0
    and r.undone_by is null
    and r.run_id <> all ($3::bigint[])
union
select
    r.run_id,
    r.scope
from homeroom.settlement as s
join homeroom.run as r on r.run_id = s.run_id
where s.table_name = $1
    and s.version > $2
    and s.unchanged > 0
    and r.undone_by is null
    and r.run_id <> all ($3::bigint[])
order by 1
)";

constexpr const char* kMissingSupport = R"(
select distinct
    x.undone_by
from homeroom.past_pending_row as p
join homeroom.table_version as v on v.table_name = p.table_name and v.version = p.ended_in
join homeroom.run as x on x.run_id = v.run_id
where p.run_id = any ($1::bigint[])
    and v.cause = 'waited'
    and x.undone_by is not null
    and x.run_id <> all ($1::bigint[])
    and not exists (
        select
        from homeroom.past_pending_row as later
        where later.pending_id = p.pending_id
            and later.began_in > p.ended_in
    )
order by 1
)";

constexpr const char* kPutBack = R"(
insert into homeroom.pending_row (
    pending_id, table_name, run_id, line, key, content, waits_for, since, began_in
)
overriding system value
select
    p.pending_id,
    p.table_name,
    p.run_id,
    p.line,
    p.key,
    p.content,
    p.waits_for,
    p.since,
    homeroom.newest_version($1)
from homeroom.past_pending_row as p
join homeroom.run as r on r.run_id = p.run_id and r.undone_by is null
where p.table_name = $1
    and p.ended_in = any ($2::bigint[])
    and p.run_id <> all ($3::bigint[])
    and p.began_in is distinct from p.ended_in
on conflict (pending_id) do nothing
)";

constexpr const char* kReverse = R"(
with reversed as (
    insert into homeroom.settlement (
        table_name, version, run_id, loaded, unchanged, duplicate, quarantined, pending, skipped,
        inserted, updated, closed
    )
    select
        s.table_name,
        homeroom.newest_version($1),
        s.run_id,
        -sum(s.loaded),
        -sum(s.unchanged),
        -sum(s.duplicate),
        -sum(s.quarantined),
        -sum(s.pending),
        -sum(s.skipped),
        -sum(s.inserted),
        -sum(s.updated),
        -sum(s.closed)
    from homeroom.settlement as s
    where s.table_name = $1
        and s.version = any ($2::bigint[])
        and s.run_id <> all ($3::bigint[])
    group by s.table_name, s.run_id
    returning *
),
tables as (
    update homeroom.run_table as t
    set rows_inserted = t.rows_inserted + s.inserted,
        rows_updated = t.rows_updated + s.updated,
        rows_closed = t.rows_closed + s.closed
    from reversed as s
    where t.run_id = s.run_id
        and t.table_name = s.table_name
)
update homeroom.run as r
set rows_loaded = r.rows_loaded + s.loaded,
    rows_unchanged = r.rows_unchanged + s.unchanged,
    rows_duplicate = r.rows_duplicate + s.duplicate,
    rows_quarantined = r.rows_quarantined + s.quarantined,
    rows_pending = r.rows_pending + s.pending,
    rows_skipped = r.rows_skipped + s.skipped,
    rows_inserted = r.rows_inserted + s.inserted,
    rows_updated = r.rows_updated + s.updated,
    rows_closed = r.rows_closed + s.closed
from reversed as s
where r.run_id = s.run_id
)";

constexpr const char* kRenewSlots = R"(
update homeroom.slot as s
set current_run = (
        select r.run_id
        from homeroom.run as r
        join homeroom.table_version as v on v.run_id = r.run_id and v.cause = 'load'
        where r.slot_id = s.slot_id
            and r.undone_by is null
            and r.gave_way_to is null
        order by v.sequence desc
        limit 1
    ),
    revision = (
        select count(*)
        from homeroom.run as r
        where r.slot_id = s.slot_id
            and r.undone_by is null
            and r.gave_way_to is null
    )
where s.slot_id in (
    select r.slot_id
    from homeroom.run as r
    where r.run_id = any ($1::bigint[])
)
)";

constexpr const char* kRecord = R"(
with undo as (
    insert into homeroom.run (
        run_id, kind, source, dataset, scope, path, raw_key, sha256, size_bytes, status, reason,
        rows_read, rows_loaded, rows_unchanged, rows_duplicate, rows_quarantined, rows_pending,
        rows_skipped, rows_inserted, rows_updated, rows_closed, num_issues,
        contract_version, contracts_hash, engine_version, seconds, started_at, finished_at
    )
    select
        $1, 'undo', r.source, r.dataset, r.scope, 'undo of run ' || r.run_id, '', '', 0, 'done', $4,
        0, 0, 0, 0, 0, 0, 0, $6, $7, $8, 0, '', '', $5, $9,
        clock_timestamp() - make_interval(secs => $9::double precision), clock_timestamp()
    from homeroom.run as r
    where r.run_id = ($2::bigint[])[1]
)
insert into homeroom.undone_run (undo_run, run_id, made_by, reason)
select
    $1,
    u.run_id,
    $3,
    $4
from unnest($2::bigint[]) as u (run_id)
)";

// "2025-11-03..2025-11-28", or one value.
struct Values {
  std::string_view first;
  std::string_view last;
};

Values values_of(std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return {.first = text, .last = text};
  return {.first = text.substr(0, dots), .last = text.substr(dots + 2)};
}

std::string array_of(const Runs& numbers) {
  return fmt::format("{{{}}}", fmt::join(numbers, ","));
}

Result<Runs> numbers_of(io::Connection& connection, const char* sql, const std::string& value) {
  const std::array<io::Parameter, 1> parameters = {value};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(sql, parameters));
  Runs numbers;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) numbers.push_back(rows.integer(row, 0));
  return numbers;
}

}  // namespace

Result<std::vector<UndoableRun>> find_undoable(io::Connection& connection, const Runs& runs) {
  const std::string list = array_of(runs);
  const std::array<io::Parameter, 1> parameters = {list};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kRuns, parameters));
  std::vector<UndoableRun> found;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    const auto text = [&](std::size_t column) { return std::string(rows.text(row, column)); };
    found.push_back({.run_id = rows.integer(row, 0),
                     .kind = text(1),
                     .status = text(2),
                     .source = text(3),
                     .dataset = text(4),
                     .scope = text(5),
                     .path = text(6),
                     .undone_by = rows.integer(row, 7)});
  }
  return found;
}

Result<std::vector<MadeVersion>> find_versions(io::Connection& connection, const Runs& runs) {
  const std::string list = array_of(runs);
  const std::array<io::Parameter, 1> parameters = {list};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kVersions, parameters));
  std::vector<MadeVersion> versions;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    versions.push_back({.table = std::string(rows.text(row, 0)),
                        .version = rows.integer(row, 1),
                        .sequence = rows.integer(row, 2),
                        .cause = std::string(rows.text(row, 3))});
  }
  return versions;
}

Result<std::vector<std::string>> find_scopes(io::Connection& connection, const std::string& table,
                                             const Runs& versions) {
  const std::string list = array_of(versions);
  const std::array<io::Parameter, 2> parameters = {table, list};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kScopes, parameters));
  std::vector<std::string> scopes;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) scopes.emplace_back(rows.text(row, 0));
  return scopes;
}

Result<Runs> find_confirming(io::Connection& connection, const std::string& table,
                             std::int64_t after_version, const std::vector<std::string>& scopes,
                             const Runs& runs) {
  const std::string after = std::to_string(after_version);
  const std::string list = array_of(runs);
  const std::array<io::Parameter, 3> parameters = {table, after, list};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kConfirming, parameters));
  Runs confirming;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    const std::string_view scope = rows.text(row, 1);
    const bool is_near = std::ranges::any_of(
        scopes, [&](const std::string& other) { return may_overlap(scope, other); });
    if (is_near) confirming.push_back(rows.integer(row, 0));
  }
  return confirming;
}

bool may_overlap(std::string_view left, std::string_view right) {
  const auto parts = split(right, '|');
  for (const std::string_view part : split(left, '|')) {
    const std::string_view name = part.substr(0, part.find('=') + 1);
    const auto other = std::ranges::find_if(
        parts, [&](std::string_view text) { return !name.empty() && text.starts_with(name); });
    if (other == parts.end()) continue;
    const Values mine = values_of(part.substr(name.size()));
    const Values theirs = values_of(other->substr(name.size()));
    if (mine.first == "*" || theirs.first == "*") continue;
    if (mine.last < theirs.first || theirs.last < mine.first) return false;
  }
  return true;
}

Result<Runs> find_undone(io::Connection& connection, std::int64_t undo_run) {
  return numbers_of(
      connection,
      "select u.run_id from homeroom.undone_run as u where u.undo_run = $1 order by u.run_id",
      std::to_string(undo_run));
}

Result<Runs> find_missing_support(io::Connection& connection, const Runs& runs) {
  return numbers_of(connection, kMissingSupport, array_of(runs));
}

Status mark_undone(io::Connection& connection, const Runs& runs, std::int64_t undo_run) {
  const std::string list = array_of(runs);
  const std::string undo = std::to_string(undo_run);
  const std::array<io::Parameter, 2> parameters = {list, undo};
  HOMEROOM_TRY(
      connection.query("update homeroom.run set undone_by = nullif($2::bigint, 0) "
                       "where run_id = any ($1::bigint[])",
                       parameters));
  return {};
}

Status end_waiting(io::Connection& connection, const std::string& table, const Runs& runs) {
  const std::string list = array_of(runs);
  const std::array<io::Parameter, 2> parameters = {table, list};
  const io::QueryResult waiting = HOMEROOM_TRY(connection.query(
      "with gone as (delete from homeroom.pending_row as p where p.table_name = $1 and p.run_id = "
      "any ($2::bigint[]) returning p.run_id, p.line) "
      "select g.run_id, count(distinct g.line) from gone as g group by g.run_id",
      parameters));
  for (std::size_t row = 0; row < waiting.num_rows(); ++row) {
    HOMEROOM_TRY(Ledger(connection)
                     .settle(waiting.integer(row, 0), SettledFrom::kPending, table,
                             {.skipped = static_cast<std::uint64_t>(waiting.integer(row, 1))}, {}));
  }
  return {};
}

Result<std::uint64_t> reverse_settlements(io::Connection& connection, const std::string& table,
                                          const Runs& versions, const Runs& runs) {
  const std::string made = array_of(versions);
  const std::string list = array_of(runs);
  const std::array<io::Parameter, 3> parameters = {table, made, list};
  // What an undo had put back among the waiting goes again.
  const std::array<io::Parameter, 2> began = {table, made};
  HOMEROOM_TRY(connection.query(
      "delete from homeroom.pending_row as p where p.table_name = $1 and p.began_in = any "
      "($2::bigint[])",
      began));
  HOMEROOM_TRY(connection.query(kReverse, parameters));
  const io::QueryResult back = HOMEROOM_TRY(connection.query(kPutBack, parameters));
  return back.num_affected();
}

Status renew_slots(io::Connection& connection, const Runs& runs) {
  const std::string list = array_of(runs);
  const std::array<io::Parameter, 1> parameters = {list};
  HOMEROOM_TRY(connection.query(kRenewSlots, parameters));
  return {};
}

Status record_undo(io::Connection& connection, const UndoRecord& record) {
  const std::string undo = std::to_string(record.undo_run);
  const std::string list = array_of(record.runs);
  const std::string by = HOMEROOM_TRY(stored_text(record.made_by));
  const std::string reason = HOMEROOM_TRY(stored_text(record.reason));
  const std::string inserted = std::to_string(record.rows.inserted);
  const std::string updated = std::to_string(record.rows.updated);
  const std::string closed = std::to_string(record.rows.closed);
  const std::string seconds = fmt::to_string(record.seconds);
  const std::array<io::Parameter, 9> parameters = {
      undo, list, by, reason, record.engine_version, inserted, updated, closed, seconds};
  HOMEROOM_TRY(connection.query(kRecord, parameters));
  return {};
}

Result<std::vector<std::string>> find_changes_that_stay(io::Connection& connection,
                                                        const Runs& runs) {
  const std::string list = array_of(runs);
  const std::array<io::Parameter, 1> parameters = {list};
  const io::QueryResult rows = HOMEROOM_TRY(
      connection.query("select 'data.' || m.table_name || ': ' || m.description "
                       "from homeroom.migration as m where m.run_id = any ($1::bigint[]) "
                       "order by m.migration_id",
                       parameters));
  std::vector<std::string> changes;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) changes.emplace_back(rows.text(row, 0));
  return changes;
}

}  // namespace homeroom::catalog
