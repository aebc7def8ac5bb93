#include "run/history/verify.h"

#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "io/sha256.h"

namespace homeroom::run {
namespace {

constexpr std::string_view kSendAgain =
    "give the file to `homeroom run` again, or bring the store back from a backup";
constexpr std::string_view kSomebody =
    "somebody changed it outside Homeroom: bring it back from a backup, or undo the run";

constexpr const char* kRuns = R"(
select
    r.run_id,
    r.raw_key,
    r.sha256
from homeroom.run as r
where r.status = 'loaded'
order by r.run_id
)";

constexpr const char* kTables = R"(
select c.relname
from pg_class as c
where c.relnamespace = 'data'::regnamespace
    and c.relkind in ('r', 'p')
    and to_regclass(format('history.%I', c.relname)) is not null
order by c.relname
)";

constexpr const char* kSlots = R"(
select
    s.source || '/' || s.dataset || coalesce(nullif(' ' || s.scope, ' '), ''),
    coalesce(s.current_run, 0),
    coalesce(n.run_id, 0),
    s.revision,
    n.num_runs
from homeroom.slot as s
cross join lateral (
    select
        (array_agg(r.run_id order by v.sequence desc))[1] as run_id,
        count(*) as num_runs
    from homeroom.run as r
    join homeroom.table_version as v on v.run_id = r.run_id and v.cause = 'load'
    where r.slot_id = s.slot_id
        and r.undone_by is null
        and r.gave_way_to is null
) as n
where s.current_run is distinct from n.run_id
    or s.revision <> n.num_runs
order by 1
)";

constexpr const char* kWaiting = R"(
select
    r.run_id,
    r.rows_pending,
    w.num_lines
from homeroom.run as r
cross join lateral (
    select count(distinct p.line) as num_lines
    from homeroom.pending_row as p
    where p.run_id = r.run_id
) as w
where r.status = 'loaded'
    and r.rows_pending <> w.num_lines
order by r.run_id
)";

// Rows that a run has put in, in data or by now in history; rows that an undo put back were put in
// before. Runs whose counts an undo changed are not compared.
constexpr const char* kCounts = R"(
with born as (
    select
        t._run as run_id,
        t._since as version
    from data.{0} as t
    union all
    select
        h._run,
        h._since
    from history.{0} as h
),
put as (
    select
        b.run_id,
        count(*) as num_rows
    from born as b
    where b.version is null
        or not exists (
            select
            from homeroom.table_version as v
            where v.table_name = {1}
                and v.version = b.version
                and v.cause = 'undo'
        )
    group by b.run_id
),
gone as (
    select
        h._superseded_by as run_id,
        count(*) as num_rows
    from history.{0} as h
    group by h._superseded_by
)
select
    t.run_id,
    t.rows_inserted + t.rows_updated,
    coalesce(p.num_rows, 0),
    t.rows_updated + t.rows_closed,
    coalesce(g.num_rows, 0)
from homeroom.run_table as t
join homeroom.run as r on r.run_id = t.run_id and r.kind = 'file'
left join put as p on p.run_id = t.run_id
left join gone as g on g.run_id = t.run_id
where t.table_name = {1}
    and (
        t.rows_inserted + t.rows_updated <> coalesce(p.num_rows, 0)
        or t.rows_updated + t.rows_closed <> coalesce(g.num_rows, 0)
    )
    and not exists (
        select
        from homeroom.settlement as s
        join homeroom.table_version as v on v.table_name = s.table_name and v.version = s.version
        where s.run_id = t.run_id
            and s.table_name = {1}
            and v.cause = 'undo'
    )
order by t.run_id
)";

constexpr const char* kStrangers = R"(
select
    t._run,
    count(*),
    coalesce(max(r.undone_by), 0)
from data.{0} as t
left join homeroom.run as r on r.run_id = t._run
where r.run_id is null
    or r.status <> 'loaded'
    or r.undone_by is not null
group by t._run
order by t._run
)";

class Verifier {
 public:
  Verifier(io::Connection& connection, const io::Store& store)
      : connection_(&connection), store_(&store) {}

  [[nodiscard]] Result<Verification> run() {
    io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(*connection_));
    HOMEROOM_TRY(
        connection_->execute("set transaction isolation level repeatable read, read only"));
    HOMEROOM_TRY(check_slots());
    HOMEROOM_TRY(check_waiting());
    HOMEROOM_TRY(check_tables());
    const io::QueryResult runs = HOMEROOM_TRY(connection_->execute(kRuns));
    HOMEROOM_TRY(transaction.commit());
    HOMEROOM_TRY(check_archive(runs));
    return std::move(found_);
  }

 private:
  void note(std::string_view check, std::string what, std::string_view next) {
    if (++num_found_[std::string(check)] > kMaxFindings) return;
    found_.findings.push_back(
        {.check = std::string(check), .what = std::move(what), .next = std::string(next)});
  }

  [[nodiscard]] Status check_slots();
  [[nodiscard]] Status check_waiting();
  [[nodiscard]] Status check_tables();
  [[nodiscard]] Status check_counts(const std::string& table);
  [[nodiscard]] Status check_strangers(const std::string& table);
  [[nodiscard]] Status check_archive(const io::QueryResult& runs);
  [[nodiscard]] Result<std::string> hash_of(const std::string& key) const;
  [[nodiscard]] bool is_in_archive(std::string key) const;

  io::Connection* connection_;
  const io::Store* store_;
  Verification found_;
  std::map<std::string, std::size_t> num_found_;
};

Status Verifier::check_slots() {
  const io::QueryResult slots = HOMEROOM_TRY(connection_->execute(kSlots));
  for (std::size_t row = 0; row < slots.num_rows(); ++row) {
    note("slots",
         fmt::format("{} says run {}, revision {}; of the runs that count, {} is the newest of {}",
                     slots.text(row, 0), slots.integer(row, 1), slots.integer(row, 3),
                     slots.integer(row, 2), slots.integer(row, 4)),
         kSomebody);
  }
  return {};
}

Status Verifier::check_waiting() {
  const io::QueryResult runs = HOMEROOM_TRY(connection_->execute(kWaiting));
  for (std::size_t row = 0; row < runs.num_rows(); ++row) {
    note("waiting",
         fmt::format("run {} counts {} rows that wait, homeroom.pending_row has {}",
                     runs.integer(row, 0), runs.integer(row, 1), runs.integer(row, 2)),
         kSomebody);
  }
  return {};
}

Status Verifier::check_tables() {
  const io::QueryResult tables = HOMEROOM_TRY(connection_->execute(kTables));
  found_.num_tables = tables.num_rows();
  for (std::size_t row = 0; row < tables.num_rows(); ++row) {
    const std::string table(tables.text(row, 0));
    const io::QueryResult size = HOMEROOM_TRY(connection_->execute(
        fmt::format("select (select count(*) from data.{0}) + (select count(*) from history.{0})",
                    io::quote_identifier(table))));
    found_.num_rows += static_cast<std::uint64_t>(size.integer(0, 0));
    HOMEROOM_TRY(check_counts(table));
    HOMEROOM_TRY(check_strangers(table));
  }
  return {};
}

Status Verifier::check_counts(const std::string& table) {
  const io::QueryResult runs = HOMEROOM_TRY(connection_->execute(
      fmt::format(fmt::runtime(kCounts), io::quote_identifier(table), io::quote_literal(table))));
  for (std::size_t row = 0; row < runs.num_rows(); ++row) {
    const auto number = [&](std::size_t column) { return runs.integer(row, column); };
    if (number(1) != number(2)) {
      note("counts",
           fmt::format("run {} put {} rows into data.{}; data and history have {} of it", number(0),
                       number(1), table, number(2)),
           kSomebody);
    }
    if (number(3) != number(4)) {
      note("history",
           fmt::format("run {} replaced or removed {} rows of data.{}; history has {}", number(0),
                       number(3), table, number(4)),
           kSomebody);
    }
  }
  return {};
}

Status Verifier::check_strangers(const std::string& table) {
  const io::QueryResult runs = HOMEROOM_TRY(
      connection_->execute(fmt::format(fmt::runtime(kStrangers), io::quote_identifier(table))));
  for (std::size_t row = 0; row < runs.num_rows(); ++row) {
    note("rows",
         fmt::format("data.{} has {} rows of run {}, which {}", table, runs.integer(row, 1),
                     runs.integer(row, 0),
                     runs.integer(row, 2) != 0
                         ? fmt::format("run {} took back", runs.integer(row, 2))
                         : std::string("the ledger does not have as loaded")),
         kSomebody);
  }
  return {};
}

Result<std::string> Verifier::hash_of(const std::string& key) const {
  const auto source = HOMEROOM_TRY(store_->read(key));
  io::Sha256 hash;
  std::vector<char> block(std::size_t{256} * 1024);
  while (const std::size_t size = HOMEROOM_TRY(source->read(block))) {
    hash.update({block.data(), size});
  }
  return hash.finish();
}

// A file of an archive is kept with it: raw/sis/export-1a2b3c4d.zip/users.csv.
bool Verifier::is_in_archive(std::string key) const {
  for (std::size_t end = key.rfind('/'); end != std::string::npos; end = key.rfind('/')) {
    key.resize(end);
    if (store_->contains(key)) return true;
  }
  return false;
}

Status Verifier::check_archive(const io::QueryResult& runs) {
  found_.num_runs = runs.num_rows();
  std::map<std::string, std::string> hashes;
  for (std::size_t row = 0; row < runs.num_rows(); ++row) {
    const std::string key(runs.text(row, 1));
    if (!store_->contains(key)) {
      if (!is_in_archive(key)) {
        note("archive", fmt::format("the bytes of run {} are gone: {}", runs.integer(row, 0), key),
             kSendAgain);
      }
      continue;
    }
    if (!hashes.contains(key)) {
      Result<std::string> hash = hash_of(key);
      if (!hash) {
        note("archive",
             fmt::format("the bytes of run {} cannot be read: {}", runs.integer(row, 0),
                         hash.error().message),
             kSendAgain);
        continue;
      }
      hashes.emplace(key, std::move(*hash));
      ++found_.num_objects;
    }
    if (hashes.at(key) == runs.text(row, 2)) continue;
    note("archive",
         fmt::format("the bytes of run {} are not those that were loaded: {}", runs.integer(row, 0),
                     key),
         kSendAgain);
  }
  return {};
}

}  // namespace

Result<Verification> verify(io::Connection& connection, const io::Store& store) {
  return Verifier(connection, store).run();
}

}  // namespace homeroom::run
