#include "catalog/decisions.h"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "catalog/stored_text.h"

namespace homeroom::catalog {
namespace {

constexpr std::string_view kSelectRun = R"(
select
    r.run_id,
    to_char(r.started_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    r.source,
    r.dataset,
    r.scope,
    r.path,
    r.raw_key,
    r.sha256,
    r.status,
    r.reason,
    r.dialect,
    q.object_key,
    s.current_run,
    r.rows_read,
    r.rows_quarantined
from homeroom.run as r
left join homeroom.slot as s on s.slot_id = r.slot_id
left join homeroom.quarantine_file as q on q.run_id = r.run_id
)";

constexpr std::string_view kWhereHeld = R"(
where r.status = 'held'
    and not exists (
        select
        from homeroom.run as later
        where later.source = r.source
            and later.path = r.path
            and later.run_id > r.run_id
            and later.undone_by is null
    )
    and not exists (
        select
        from homeroom.run as loaded
        where loaded.sha256 = r.sha256
            and loaded.source = r.source
            and loaded.dataset = r.dataset
            and loaded.status = 'loaded'
            and loaded.run_id > r.run_id
            and loaded.undone_by is null
    )
    and not exists (
        select
        from homeroom.hold_decision as d
        left join homeroom.run as u on u.run_id = d.released_as
        where d.run_id = r.run_id
            and u.undone_by is null
    )
order by r.run_id
)";

constexpr const char* kRecordDecision = R"(
insert into homeroom.hold_decision (run_id, decision, decided_by, released_as)
values ($1, $2, $3, nullif($4, 0))
on conflict (run_id) do update
set decision = excluded.decision,
    decided_by = excluded.decided_by,
    decided_at = excluded.decided_at,
    released_as = excluded.released_as
)";

constexpr const char* kFindRefusal = R"(
select
    d.run_id,
    d.decision,
    d.decided_by,
    to_char(d.decided_at at time zone 'UTC', 'YYYY-MM-DD')
from homeroom.hold_decision as d
join homeroom.run as r on r.run_id = d.run_id
where r.sha256 = $2
    and r.source = $1
order by d.decided_at desc
limit 1
)";

constexpr const char* kRecordCorrection = R"(
with correction as (
    insert into homeroom.correction (
        run_id, kind, path, sha256, made_by, num_fixed, num_quarantined
    )
    values ($1, $2, $3, $4, $5, cardinality($7::bigint[]), $6)
    returning correction_id, run_id
)
insert into homeroom.corrected_row (run_id, line, correction_id)
select
    c.run_id,
    l.line,
    c.correction_id
from correction as c
cross join unnest($7::bigint[]) as l (line)
)";

RunRecord record_of(const io::QueryResult& rows, std::size_t row) {
  const auto text = [&](std::size_t column) { return std::string(rows.text(row, column)); };
  return {.run_id = rows.integer(row, 0),
          .started_at = text(1),
          .source = text(2),
          .dataset = text(3),
          .scope = text(4),
          .path = text(5),
          .raw_key = text(6),
          .sha256 = text(7),
          .status = text(8),
          .reason = text(9),
          .dialect_json = text(10),
          .quarantine_key = text(11),
          .current_run = rows.integer(row, 12),
          .rows_read = static_cast<std::uint64_t>(rows.integer(row, 13)),
          .rows_quarantined = static_cast<std::uint64_t>(rows.integer(row, 14))};
}

Result<std::vector<RunRecord>> select_runs(io::Connection& connection, std::string_view condition,
                                           std::span<const io::Parameter> parameters = {}) {
  const io::QueryResult rows =
      HOMEROOM_TRY(connection.query(std::string(kSelectRun) + std::string(condition), parameters));
  std::vector<RunRecord> runs;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) runs.push_back(record_of(rows, row));
  return runs;
}

Result<std::optional<RunRecord>> select_run(io::Connection& connection, std::string_view condition,
                                            const std::string& value) {
  const std::array<io::Parameter, 1> parameters = {value};
  std::vector<RunRecord> runs = HOMEROOM_TRY(select_runs(connection, condition, parameters));
  if (runs.empty()) return std::nullopt;
  return std::move(runs.front());
}

}  // namespace

Result<std::vector<RunRecord>> find_holds(io::Connection& connection) {
  return select_runs(connection, kWhereHeld);
}

Result<std::vector<RunRecord>> find_quarantines(io::Connection& connection, bool all) {
  return select_runs(connection,
                     all ? "where q.object_key is not null order by r.run_id desc"
                         : "where q.object_key is not null and s.current_run = r.run_id "
                           "order by r.run_id desc");
}

Result<std::vector<RunRecord>> find_standing(io::Connection& connection,
                                             const std::string& dataset) {
  const std::string name = HOMEROOM_TRY(stored_text(dataset));
  const std::array<io::Parameter, 1> parameters = {name};
  return select_runs(connection,
                     "where s.current_run = r.run_id and ($1 = '' or r.dataset = $1) "
                     "order by r.run_id",
                     parameters);
}

Result<std::optional<RunRecord>> find_run(io::Connection& connection, std::int64_t run_id) {
  return select_run(connection, "where r.run_id = $1", std::to_string(run_id));
}

Result<std::optional<RunRecord>> find_run_of_object(io::Connection& connection,
                                                    std::string_view object_name) {
  return select_run(connection,
                    "where q.object_key like 'quarantine/%' and right(q.object_key, "
                    "length($1::text)) = $1::text "
                    "order by (s.current_run = r.run_id) desc nulls last, r.run_id desc limit 1",
                    fmt::format("/{}.csv", object_name));
}

Status record_decision(io::Connection& connection, std::int64_t run_id, const std::string& decision,
                       const std::string& by, std::int64_t released_as) {
  const std::string run = std::to_string(run_id);
  const std::string who = HOMEROOM_TRY(stored_text(by));
  const std::string as = std::to_string(released_as);
  const std::array<io::Parameter, 4> parameters = {run, decision, who, as};
  HOMEROOM_TRY(connection.query(kRecordDecision, parameters));
  return {};
}

Result<std::optional<HoldDecision>> find_refusal(io::Connection& connection,
                                                 const std::string& source,
                                                 const std::string& sha256) {
  const std::array<io::Parameter, 2> parameters = {source, sha256};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kFindRefusal, parameters));
  if (rows.num_rows() == 0 || rows.text(0, 1) != "refused") return std::nullopt;
  return HoldDecision{.run_id = rows.integer(0, 0),
                      .decision = std::string(rows.text(0, 1)),
                      .decided_by = std::string(rows.text(0, 2)),
                      .decided_at = std::string(rows.text(0, 3))};
}

Status record_quarantine(io::Connection& connection, std::int64_t run_id,
                         const std::string& object_key) {
  const std::string run = std::to_string(run_id);
  const std::array<io::Parameter, 2> parameters = {run, object_key};
  HOMEROOM_TRY(connection.query(
      "insert into homeroom.quarantine_file (run_id, object_key) values ($1, $2)", parameters));
  return {};
}

Status record_correction(io::Connection& connection, const CorrectionRecord& record,
                         std::span<const LineNumber> lines) {
  const std::string run = std::to_string(record.run_id);
  const std::string path = HOMEROOM_TRY(stored_text(record.path));
  const std::string by = HOMEROOM_TRY(stored_text(record.made_by));
  const std::string num_quarantined = std::to_string(record.num_quarantined);
  const std::string list = fmt::format("{{{}}}", fmt::join(lines, ","));
  const std::array<io::Parameter, 7> parameters = {run, record.kind,     path, record.sha256,
                                                   by,  num_quarantined, list};
  HOMEROOM_TRY(connection.query(kRecordCorrection, parameters));
  return {};
}

Result<std::vector<LineNumber>> find_corrected_lines(io::Connection& connection,
                                                     std::int64_t run_id) {
  const std::string run = std::to_string(run_id);
  const std::array<io::Parameter, 1> parameters = {run};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(
      "select c.line from homeroom.corrected_row as c where c.run_id = $1 order by c.line",
      parameters));
  std::vector<LineNumber> lines;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    lines.push_back(static_cast<LineNumber>(rows.integer(row, 0)));
  }
  return lines;
}

}  // namespace homeroom::catalog
