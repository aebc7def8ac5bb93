#include "catalog/ledger.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/failpoint.h"
#include "catalog/stored_text.h"

namespace homeroom::catalog {
namespace {

constexpr const char* kFindCurrent = R"(
select r.run_id
from homeroom.run as r
join homeroom.slot as s on s.slot_id = r.slot_id
where r.sha256 = $1
    and r.source = $2
    and r.dataset = $3
    and r.contracts_hash = $4
    and r.engine_version = $5
    and r.undone_by is null
    and not exists (
        select
        from homeroom.run as newer
        where newer.run_id = r.gave_way_to
            and newer.undone_by is not null
    )
    and (
        s.current_run = r.run_id
        or exists (
            select
            from homeroom.arrival as a
            where a.source = r.source
                and a.path = $6
                and a.sha256 = r.sha256
                and a.modified_at = $7
                and a.run_id = r.run_id
                and not exists (
                    select
                    from homeroom.arrival as later
                    where later.source = a.source
                        and later.path = a.path
                        and later.sequence > a.sequence
                )
        )
    )
order by r.run_id desc
limit 1
)";

constexpr const char* kRecordArrival = R"(
insert into homeroom.arrival as a (source, path, sha256, modified_at, run_id)
values ($1, $2, $3, $4, $5)
on conflict (source, path, sha256) do update
set run_id = excluded.run_id,
    modified_at = coalesce(nullif(excluded.modified_at, ''), a.modified_at),
    num_arrivals = a.num_arrivals + 1,
    sequence = default,
    last_arrived_at = excluded.last_arrived_at
)";

constexpr const char* kFindKnown = R"(
select
    r.dataset,
    r.contract_version,
    r.contracts_hash
from homeroom.run as r
where r.sha256 = $2
    and r.source = $1
    and r.engine_version = $3
    and r.read_by = $4
    and r.status = 'loaded'
order by r.run_id desc
limit 1
)";

constexpr const char* kRecordRun = R"(
insert into homeroom.run (
    run_id, source, dataset, scope, path, raw_key, sha256, size_bytes, status, reason,
    rows_read, rows_loaded, rows_unchanged, rows_duplicate, rows_quarantined, rows_pending,
    rows_skipped, rows_inserted, rows_updated, rows_closed, num_issues,
    dialect, contract_version, contracts_hash, engine_version, seconds,
    started_at, finished_at, slot_id
)
select
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
    $11, $12, $13, $14, $15, $16,
    $17, $18, $19, $20, $21,
    $22, $23, $24, $25, $26,
    clock_timestamp() - make_interval(secs => $26::double precision), clock_timestamp(),
    (
        select s.slot_id
        from homeroom.slot as s
        where s.source = $2
            and s.dataset = $3
            and s.scope = $4
            and $9 = 'loaded'
    )
)";

constexpr const char* kRecordChanges = R"(
insert into homeroom.change (run_id, column_name, rule, num_values)
select
    $1,
    c.column_name,
    c.rule,
    sum(c.num_values)
from json_to_recordset($2) as c (column_name text, rule text, num_values bigint)
group by c.column_name, c.rule
having sum(c.num_values) > 0
)";

constexpr const char* kRecordIssues = R"(
insert into homeroom.issue (
    run_id, issue_no, line, field, column_name, rule, severity, message, suggestion
)
select
    $1,
    i.issue_no,
    i.line,
    i.field,
    i.column_name,
    i.rule,
    i.severity,
    i.message,
    i.suggestion
from json_to_recordset($2) as i (
    issue_no integer,
    line bigint,
    field integer,
    column_name text,
    rule text,
    severity text,
    message text,
    suggestion text
)
)";

constexpr const char* kRecordDataset = R"(
insert into homeroom.dataset as d (dataset, title, first_run, last_run)
values ($1, $2, $3, $3)
on conflict (dataset) do update
set title = excluded.title,
    last_run = excluded.last_run
)";

constexpr const char* kRecordSchema = R"(
insert into homeroom.schema_version (dataset, version, columns, contract_version, run_id)
select
    $1,
    coalesce(max(v.version), 0) + 1,
    $2::jsonb,
    $3,
    $4
from homeroom.schema_version as v
where v.dataset = $1
having coalesce((array_agg(v.columns order by v.version desc))[1] <> $2::jsonb, true)
)";

constexpr const char* kSettle = R"(
update homeroom.run
set rows_loaded = rows_loaded + $2,
    rows_unchanged = rows_unchanged + $3,
    rows_duplicate = rows_duplicate + $4,
    rows_quarantined = rows_quarantined + $5,
    rows_pending = rows_pending + $6,
    rows_skipped = rows_skipped + $7,
    rows_inserted = rows_inserted + $8,
    rows_updated = rows_updated + $9,
    rows_closed = rows_closed + $10
where run_id = $1
)";

// Kept beside, with the version of the table that it is of, so that an undo can reverse it.
constexpr const char* kRecordSettlement = R"(
insert into homeroom.settlement (
    run_id, loaded, unchanged, duplicate, quarantined, pending, skipped, inserted, updated, closed,
    table_name, version
)
select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, coalesce(homeroom.newest_version($11), 0)
)";

constexpr const char* kAddToTable = R"(
insert into homeroom.run_table as t (run_id, table_name, rows_inserted, rows_updated, rows_closed)
values ($1, $2, $3, $4, $5)
on conflict (run_id, table_name) do update
set rows_inserted = t.rows_inserted + excluded.rows_inserted,
    rows_updated = t.rows_updated + excluded.rows_updated,
    rows_closed = t.rows_closed + excluded.rows_closed
)";

// Values of a statement, kept while it runs.
class Values {
 public:
  Status add(std::string_view text) {
    texts_.push_back(HOMEROOM_TRY(stored_text(text)));
    return {};
  }

  template <class Number>
    requires std::is_arithmetic_v<Number>
  void add(Number number) {
    texts_.push_back(fmt::to_string(number));
  }

  Result<io::QueryResult> run(io::Connection& connection, const char* sql) const {
    const std::vector<io::Parameter> parameters(texts_.begin(), texts_.end());
    return connection.query(sql, parameters);
  }

 private:
  std::vector<std::string> texts_;
};

template <class... Text>
Status add_all(Values& values, const Text&... texts) {
  Status done;
  ((done = done ? values.add(std::string_view(texts)) : done), ...);
  return done;
}

Result<std::string> issues_json(std::span<const Issue> issues) {
  nlohmann::json array = nlohmann::json::array();
  for (const Issue& issue : issues) {
    array.push_back({{"issue_no", array.size() + 1},
                     {"line", issue.line},
                     {"field", issue.field},
                     {"column_name", HOMEROOM_TRY(stored_text(issue.column))},
                     {"rule", HOMEROOM_TRY(stored_text(issue.rule))},
                     {"severity", to_string(issue.severity)},
                     {"message", HOMEROOM_TRY(stored_text(issue.message))},
                     {"suggestion", HOMEROOM_TRY(stored_text(issue.suggestion))}});
  }
  return array.dump();
}

Result<std::string> changes_json(std::span<const ChangeRecord> changes) {
  nlohmann::json array = nlohmann::json::array();
  for (const ChangeRecord& change : changes) {
    array.push_back({{"column_name", HOMEROOM_TRY(stored_text(change.column))},
                     {"rule", HOMEROOM_TRY(stored_text(change.rule))},
                     {"num_values", change.count}});
  }
  return array.dump();
}

Result<std::string> columns_json(const TableSchema& table) {
  nlohmann::json array = nlohmann::json::array();
  for (const TableColumn& column : table.columns) {
    array.push_back({{"name", HOMEROOM_TRY(stored_text(column.name))},
                     {"type", to_string(column.type)},
                     {"required", column.is_required},
                     {"identifier", column.is_identifier},
                     {"suppressible", column.is_suppressible}});
  }
  return array.dump();
}

}  // namespace

Result<std::optional<std::int64_t>> Ledger::find_current(const FileRecord& file,
                                                         const std::string& source,
                                                         const std::string& dataset) {
  Values values;
  HOMEROOM_TRY(add_all(values, file.sha256, source, dataset, file.contracts_hash,
                       file.engine_version, file.path, file.modified_at));
  const io::QueryResult rows = HOMEROOM_TRY(values.run(*connection_, kFindCurrent));
  if (rows.num_rows() == 0) return std::nullopt;
  return rows.integer(0, 0);
}

Status Ledger::record_arrival(std::int64_t run_id, const std::string& source,
                              const FileRecord& file) {
  Values values;
  HOMEROOM_TRY(add_all(values, source, file.path, file.sha256, file.modified_at));
  values.add(run_id);
  HOMEROOM_TRY(values.run(*connection_, kRecordArrival));
  return {};
}

Result<std::int64_t> Ledger::next_run_id() {
  const io::QueryResult rows = HOMEROOM_TRY(
      connection_->execute("select nextval(pg_get_serial_sequence('homeroom.run', 'run_id'))"));
  return rows.integer(0, 0);
}

Status Ledger::lock_table(const std::string& table) {
  Values values;
  HOMEROOM_TRY(values.add(std::string_view(table)));
  HOMEROOM_TRY(values.run(*connection_,
                          "select pg_advisory_xact_lock(hashtextextended($1, 4873190265511))"));
  return {};
}

Status Ledger::share_table(const std::string& table) {
  Values values;
  HOMEROOM_TRY(values.add(std::string_view(table)));
  HOMEROOM_TRY(values.run(
      *connection_, "select pg_advisory_xact_lock_shared(hashtextextended($1, 4873190265511))"));
  return {};
}

Result<bool> Ledger::has_loaded(const std::string& source, const std::string& dataset) {
  Values values;
  HOMEROOM_TRY(add_all(values, source, dataset));
  const io::QueryResult rows = HOMEROOM_TRY(
      values.run(*connection_,
                 "select exists (select from homeroom.slot as s where s.source = $1 and "
                 "s.dataset = $2 and s.current_run is not null)"));
  return rows.text(0, 0) == "t";
}

Result<std::optional<KnownBytes>> Ledger::find_known(const std::string& source,
                                                     const std::string& sha256,
                                                     const std::string& engine_version,
                                                     const std::string& read_by) {
  Values values;
  HOMEROOM_TRY(add_all(values, source, sha256, engine_version, read_by));
  const io::QueryResult rows = HOMEROOM_TRY(values.run(*connection_, kFindKnown));
  if (rows.num_rows() == 0) return std::nullopt;
  return KnownBytes{.dataset = std::string(rows.text(0, 0)),
                    .contract_version = std::string(rows.text(0, 1)),
                    .contracts_hash = std::string(rows.text(0, 2))};
}

Status Ledger::record_read_by(std::int64_t run_id, const std::string& read_by) {
  Values values;
  values.add(run_id);
  HOMEROOM_TRY(values.add(std::string_view(read_by)));
  HOMEROOM_TRY(values.run(*connection_, "update homeroom.run set read_by = $2 where run_id = $1"));
  return {};
}

Result<bool> Ledger::has_bytes(const std::string& sha256) {
  Values values;
  HOMEROOM_TRY(values.add(std::string_view(sha256)));
  const io::QueryResult rows = HOMEROOM_TRY(values.run(
      *connection_, "select exists (select from homeroom.run as r where r.sha256 = $1)"));
  return rows.text(0, 0) == "t";
}

Result<bool> Ledger::has_file_of_size(std::uint64_t size_bytes) {
  Values values;
  values.add(size_bytes);
  const io::QueryResult rows = HOMEROOM_TRY(values.run(
      *connection_, "select exists (select from homeroom.run as r where r.size_bytes = $1)"));
  return rows.text(0, 0) == "t";
}

Status Ledger::settle(std::int64_t run_id, SettledFrom from, const std::string& table,
                      const RowCounts& to, const TableRowCounts& rows) {
  const std::uint64_t moved =
      to.loaded + to.unchanged + to.duplicate + to.quarantined + to.pending + to.skipped;
  const auto change = [&](std::uint64_t gained, bool is_source) {
    return static_cast<std::int64_t>(gained) - static_cast<std::int64_t>(is_source ? moved : 0);
  };
  Values values;
  values.add(run_id);
  values.add(to.loaded);
  values.add(to.unchanged);
  values.add(to.duplicate);
  values.add(change(to.quarantined, from == SettledFrom::kQuarantined));
  values.add(change(to.pending, from == SettledFrom::kPending));
  for (const std::uint64_t count : {to.skipped, rows.inserted, rows.updated, rows.closed}) {
    values.add(count);
  }
  HOMEROOM_TRY(values.run(*connection_, kSettle));
  HOMEROOM_TRY(values.add(std::string_view(table)));
  HOMEROOM_TRY(values.run(*connection_, kRecordSettlement));
  if (rows.inserted + rows.updated + rows.closed == 0) return {};
  Values touched;
  touched.add(run_id);
  HOMEROOM_TRY(touched.add(std::string_view(table)));
  for (const std::uint64_t count : {rows.inserted, rows.updated, rows.closed}) touched.add(count);
  HOMEROOM_TRY(touched.run(*connection_, kAddToTable));
  return {};
}

Result<std::int64_t> Ledger::claim_slot(std::int64_t run_id, const Slot& slot) {
  Values values;
  HOMEROOM_TRY(add_all(values, slot.source, slot.dataset, slot.scope));
  Values with_run = values;
  with_run.add(run_id);
  const io::QueryResult inserted = HOMEROOM_TRY(with_run.run(
      *connection_,
      "insert into homeroom.slot (source, dataset, scope, current_run) values ($1, $2, $3, $4) "
      "on conflict (source, dataset, scope) do nothing"));
  if (inserted.num_affected() == 1) return 0;
  const io::QueryResult before = HOMEROOM_TRY(
      values.run(*connection_,
                 "select s.current_run from homeroom.slot as s "
                 "where s.source = $1 and s.dataset = $2 and s.scope = $3 for update"));
  HOMEROOM_TRY(with_run.run(*connection_,
                            "update homeroom.slot set current_run = $4, revision = revision + 1 "
                            "where source = $1 and dataset = $2 and scope = $3"));
  return before.integer(0, 0);
}

Status Ledger::return_slot(std::int64_t previous_run, const Slot& slot) {
  Values values;
  HOMEROOM_TRY(add_all(values, slot.source, slot.dataset, slot.scope));
  values.add(previous_run);
  HOMEROOM_TRY(values.run(*connection_,
                          "update homeroom.slot set current_run = $4, revision = revision - 1 "
                          "where source = $1 and dataset = $2 and scope = $3"));
  return {};
}

Status Ledger::record_run(std::int64_t run_id, const Slot& slot, const FileRecord& file,
                          const std::string& status, const std::string& reason,
                          const RowCounts& rows, const TableRowCounts& table_rows,
                          std::span<const ChangeRecord> changes, std::span<const Issue> issues,
                          std::uint64_t num_issues, double seconds) {
  HOMEROOM_FAILPOINT("ledger_insert");
  Values values;
  values.add(run_id);
  HOMEROOM_TRY(
      add_all(values, slot.source, slot.dataset, slot.scope, file.path, file.raw_key, file.sha256));
  values.add(file.size_bytes);
  HOMEROOM_TRY(add_all(values, status, reason));
  for (const std::uint64_t count :
       {rows.read, rows.loaded, rows.unchanged, rows.duplicate, rows.quarantined, rows.pending,
        rows.skipped, table_rows.inserted, table_rows.updated, table_rows.closed, num_issues}) {
    values.add(count);
  }
  HOMEROOM_TRY(add_all(values, file.dialect_json.empty() ? "null" : file.dialect_json,
                       file.contract_version, file.contracts_hash, file.engine_version));
  values.add(seconds);
  HOMEROOM_TRY(values.run(*connection_, kRecordRun));
  if (!file.is_cut_off && !file.sha256.empty()) {
    HOMEROOM_TRY(record_arrival(run_id, slot.source, file));
  }
  const std::string run = std::to_string(run_id);
  if (!changes.empty()) {
    const std::string json = HOMEROOM_TRY(changes_json(changes));
    const std::array<io::Parameter, 2> parameters = {run, json};
    HOMEROOM_TRY(connection_->query(kRecordChanges, parameters));
  }
  if (!issues.empty()) {
    const std::string json = HOMEROOM_TRY(issues_json(issues));
    const std::array<io::Parameter, 2> parameters = {run, json};
    HOMEROOM_TRY(connection_->query(kRecordIssues, parameters));
  }
  return {};
}

Status Ledger::record_table(std::int64_t run_id, const std::string& table,
                            const TableRowCounts& rows) {
  Values values;
  values.add(run_id);
  HOMEROOM_TRY(values.add(std::string_view(table)));
  for (const std::uint64_t count : {rows.inserted, rows.updated, rows.closed}) values.add(count);
  HOMEROOM_TRY(values.run(*connection_,
                          "insert into homeroom.run_table (run_id, table_name, rows_inserted, "
                          "rows_updated, rows_closed) values ($1, $2, $3, $4, $5)"));
  return {};
}

Status Ledger::record_schema(std::int64_t run_id, const TableSchema& table,
                             const std::string& contract_version) {
  Values dataset;
  HOMEROOM_TRY(add_all(dataset, table.name, table.comment));
  dataset.add(run_id);
  HOMEROOM_TRY(dataset.run(*connection_, kRecordDataset));
  const std::string columns = HOMEROOM_TRY(columns_json(table));
  Values version;
  HOMEROOM_TRY(add_all(version, table.name, columns, contract_version));
  version.add(run_id);
  HOMEROOM_TRY(version.run(*connection_, kRecordSchema));
  return {};
}

}  // namespace homeroom::catalog
