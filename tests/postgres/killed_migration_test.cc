// A migration whose session dies at any of its statements leaves the old table or the new one.

#include <stdexcept>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/migrate.h"
#include "migrate/waiting.h"
#include "run/changes/decide.h"
#include "warehouse.h"

namespace homeroom {
namespace {

// Ends the session at its n-th event: before and after each DDL statement, at each row written to
// the ledger's tables of migrations, and once more while it commits.
constexpr const char* kKiller[] = {
    R"(
create schema if not exists test;
grant usage on schema test to public;
create or replace function test.die_at_event() returns void language plpgsql security definer as $$
declare
    n integer := coalesce(nullif(current_setting('test.event', true), ''), '0')::integer + 1;
begin
    perform set_config('test.event', n::text, false);
    if n = coalesce(nullif(current_setting('test.die_at', true), ''), '0')::integer then
        perform pg_terminate_backend(pg_backend_pid());
        perform pg_sleep(5);
    end if;
end $$;
create or replace function test.die_at_ddl() returns event_trigger language plpgsql as
    $$ begin perform test.die_at_event(); end $$;
create or replace function test.die_at_row() returns trigger language plpgsql as
    $$ begin perform test.die_at_event(); return null; end $$;
grant execute on all functions in schema test to public;
create trigger zz_die after insert or update on homeroom.migration
    for each row execute function test.die_at_row();
create trigger zz_die after insert or update or delete on homeroom.table_shape
    for each row execute function test.die_at_row();
create constraint trigger zz_die_in_commit after insert or update on homeroom.migration
    deferrable initially deferred for each row execute function test.die_at_row();
)",
    "create event trigger zz_die_before on ddl_command_start execute function test.die_at_ddl()",
    "create event trigger zz_die_after on ddl_command_end execute function test.die_at_ddl()"};

// The functions stay: a session may still know the event triggers that call them.
constexpr const char* kUnkill[] = {"drop event trigger zz_die_before",
                                   "drop event trigger zz_die_after",
                                   "drop trigger zz_die on homeroom.migration",
                                   "drop trigger zz_die_in_commit on homeroom.migration",
                                   "drop trigger zz_die on homeroom.table_shape"};

constexpr const char* kWholeShape = R"(
select coalesce(string_agg(concat_ws(' ', s.place, s.part, s.name, s.definition), E'\n'
    order by s.place, s.part, s.name), 'no table')
    || E'\nrows ' || (select count(*) from homeroom.migration as m where m.status = 'applied')
    || ' ' || (select count(*) from homeroom.table_shape)
from homeroom.read_shape('trips') as s
)";

TableSchema trips() {
  return make_schema("trips", {"trip! id", "day date", "room text", "minutes bigint"}, {"trip"});
}

TableSchema changed_trips() {
  TableSchema table = trips();
  table.columns[0].is_required = false;
  table.columns[1].type = SqlType::kText;
  table.columns[3].is_suppressible = true;
  table.columns.push_back(make_column("nurse? numeric"));
  return table;
}

// As a load does it.
Status fit(io::Connection& session, const TableSchema& wanted) {
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(session));
  const TableSchema current = HOMEROOM_TRY(migrate::read_table(session, wanted.name));
  const std::int64_t run_id = HOMEROOM_TRY(catalog::Ledger(session).next_run_id());
  HOMEROOM_TRY(
      migrate::apply_changes(session, run_id, wanted, migrate::plan_changes(current, wanted)));
  HOMEROOM_TRY(session.execute("update homeroom.migration set run_id = null"));
  return transaction.commit();
}

// Runs `change` on a session that dies at its n-th event, for n = 1, 2, ... until it lives; the
// table is the old one each time, and then the new one. Returns how often it died.
template <class ChangeTable>
int kill_at_each(Warehouse& warehouse, const ChangeTable& change) {
  const std::string before = warehouse.value(kWholeShape);
  for (const char* sql : kKiller) warehouse.execute(sql);
  int num_deaths = 0;
  for (bool lives = false; !lives;) {
    io::Connection session = warehouse.connect();
    must(session.execute("select set_config('test.die_at', '" + std::to_string(num_deaths + 1) +
                         "', false)"));
    lives = change(session).has_value();
    if (lives) break;
    ++num_deaths;
    const std::string state(session.last_sqlstate());
    if (state != "57P01" && state != "08006") throw std::runtime_error("it failed: " + state);
    EXPECT_EQ(warehouse.value(kWholeShape), before) << "killed at event " << num_deaths;
    EXPECT_EQ(warehouse.value("select count(*) from homeroom.find_alterations('trips')"), "0");
    if (num_deaths > 200) throw std::runtime_error("it never lives");
  }
  for (const char* sql : kUnkill) warehouse.execute(sql);
  EXPECT_NE(warehouse.value(kWholeShape), before);
  EXPECT_EQ(warehouse.value("select count(*) from homeroom.find_alterations('trips')"), "0");
  return num_deaths;
}

TEST(KilledMigration, OfALoadLeavesTheOldTableOrTheNewOne) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(trips());
  warehouse.load(trips(), {{2, {"1", "2025-11-03", "A1", "15"}}});
  const int num_deaths = kill_at_each(
      warehouse, [](io::Connection& session) { return fit(session, changed_trips()); });
  // Four changes with their statements, the ledger's rows, the commit.
  EXPECT_GT(num_deaths, 30);
  EXPECT_EQ(warehouse.value("select day, nurse_suppressed from data.trips"), "2025-11-03|f");
}

TEST(KilledMigration, ThatMakesTheTableLeavesNoneOrAllOfIt) {
  Warehouse warehouse = Warehouse::installed();
  const int num_deaths =
      kill_at_each(warehouse, [](io::Connection& session) { return fit(session, trips()); });
  EXPECT_GT(num_deaths, 10);
}

class KilledDecision : public testing::TestWithParam<migrate::ChangeKind> {};

TEST_P(KilledDecision, LeavesTheOldTableOrTheNewOne) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(trips());
  warehouse.load(trips(), {{2, {"1", "2025-11-03", "A1", "15"}}});
  TableSchema wanted = trips();
  if (GetParam() == migrate::ChangeKind::kChangeKey) {
    wanted.columns.push_back(make_column("bed id"));
    wanted.key = {"trip", "bed"};
  } else {
    wanted.columns[1].type = SqlType::kBigint;
  }
  const TableSchema current = must(migrate::read_table(warehouse.connection(), "trips"));
  const auto ids = must(migrate::record_waiting(warehouse.connection(), 0, "trips",
                                                migrate::plan_changes(current, wanted)));
  ASSERT_EQ(ids.size(), 1U);
  const auto decide = [&](run::Decision decision) {
    return [&ids, decision](io::Connection& session) -> Status {
      HOMEROOM_TRY(run::decide_migration(session, ids[0], decision, "Ada"));
      return {};
    };
  };
  EXPECT_GT(kill_at_each(warehouse, decide(run::Decision::kApply)), 5);
  warehouse.execute(
      "drop function test.die_at_event, test.die_at_ddl, test.die_at_row "
      "cascade");
  EXPECT_GT(kill_at_each(warehouse, decide(run::Decision::kRevert)), 5);
}

INSTANTIATE_TEST_SUITE_P(Kinds, KilledDecision,
                         testing::Values(migrate::ChangeKind::kChangeKey,
                                         migrate::ChangeKind::kChangeType),
                         [](const auto& one) { return std::string(to_string(one.param)); });

}  // namespace
}  // namespace homeroom
