// Changes of tables that wait for a person: written down, previewed, made, refused, taken back;
// renames that are proposed; tables that somebody else altered.

#include "migrate/waiting.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/migrate.h"
#include "migrate/preview.h"
#include "migrate/renames.h"
#include "migrate/shape.h"
#include "run/changes/decide.h"
#include "warehouse.h"

namespace homeroom {
namespace {

using migrate::Change;
using migrate::ChangeKind;
using migrate::ColumnSample;
using run::Decision;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TableSchema trips() {
  return make_schema("trips", {"trip! id", "day date", "room text", "minutes bigint"}, {"trip"});
}

const std::vector<TestRow> kTrips = {{2, {"1", "2025-11-03", "A1", "15"}},
                                     {3, {"2", "2025-11-03", "A2", "20"}},
                                     {4, {"3", "2025-11-04", "A1", std::nullopt}}};

Warehouse with_trips() {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(trips());
  warehouse.load(trips(), kTrips);
  return warehouse;
}

std::vector<Change> plan(Warehouse& warehouse, const TableSchema& wanted) {
  return migrate::plan_changes(must(migrate::read_table(warehouse.connection(), wanted.name)),
                               wanted);
}

// The number of the only change that waits.
std::int64_t write_down(Warehouse& warehouse, const std::vector<Change>& changes) {
  const auto ids = must(migrate::record_waiting(warehouse.connection(), 0, "trips", changes));
  EXPECT_EQ(ids.size(), 1U);
  return ids.at(0);
}

Result<migrate::MigrationRecord> decide(Warehouse& warehouse, std::int64_t id, Decision decision) {
  return run::decide_migration(warehouse.connection(), id, decision, "Ada");
}

TEST(WaitingMigration, ChangesTheTypeWhenAPersonSaysSoAndBackAgain) {
  Warehouse warehouse = with_trips();
  TableSchema wanted = trips();
  wanted.columns[1].type = SqlType::kBigint;
  const auto changes = plan(warehouse, wanted);
  const std::int64_t id = write_down(warehouse, changes);
  EXPECT_EQ(write_down(warehouse, changes), id);  // once
  EXPECT_EQ(warehouse.value("select day from data.trips where trip = '1'"), "2025-11-03");
  const auto waiting = must(migrate::find_migrations(warehouse.connection(), "waiting"));
  ASSERT_EQ(waiting.size(), 1U);
  const auto preview = must(migrate::preview_apply(warehouse.connection(), waiting[0]));
  EXPECT_EQ(preview.num_rows, 3U);
  EXPECT_TRUE(preview.rewrites);
  EXPECT_EQ(preview.num_in_way, 0U);

  const auto applied = must(decide(warehouse, id, Decision::kApply));
  EXPECT_EQ(applied.status, "applied");
  EXPECT_EQ(applied.decided_by, "Ada");
  EXPECT_TRUE(applied.seconds);
  EXPECT_THAT(plan(warehouse, wanted), IsEmpty());
  EXPECT_THAT(must(migrate::find_alterations(warehouse.connection(), "trips")), IsEmpty());
  EXPECT_EQ(warehouse.value("select day from data.trips where trip = '1'"), "2025-11-03");

  // A number came since: the way back is closed, and nothing of it is done.
  warehouse.load(wanted, {{2, {"4", "20251105", "A1", "3"}}});
  const auto back = decide(warehouse, id, Decision::kRevert);
  ASSERT_FALSE(back);
  EXPECT_THAT(back.error().message,
              HasSubstr("cannot be done: 1 row of data.trips and its history have a day that is no "
                        "date"));
  warehouse.execute("delete from data.trips where trip = '4'");
  EXPECT_EQ(must(decide(warehouse, id, Decision::kRevert)).status, "reverted");
  EXPECT_EQ(must(migrate::read_table(warehouse.connection(), "trips")).columns[1].type,
            SqlType::kDate);
  EXPECT_FALSE(decide(warehouse, id, Decision::kRevert));
}

TEST(WaitingMigration, MakesAnotherKeyUnlessRowsAreInItsWay) {
  Warehouse warehouse = with_trips();
  TableSchema wanted = trips();
  wanted.key = {"room"};
  const std::int64_t id = write_down(warehouse, plan(warehouse, wanted));
  const auto refused = decide(warehouse, id, Decision::kApply);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "migration " + std::to_string(id) +
                " (the key would change from (trip) to (room)) cannot be done: 2 rows of "
                "data.trips and its history share their (room) with another row");
  EXPECT_EQ(must(migrate::read_table(warehouse.connection(), "trips")).key,
            std::vector<std::string>{"trip"});
  warehouse.execute("update data.trips set room = 'A3' where trip = '3'");
  must(decide(warehouse, id, Decision::kApply));
  EXPECT_EQ(must(migrate::read_table(warehouse.connection(), "trips")).key,
            std::vector<std::string>{"room"});
  EXPECT_THAT(plan(warehouse, wanted), IsEmpty());
  must(decide(warehouse, id, Decision::kRevert));
  EXPECT_EQ(must(migrate::read_table(warehouse.connection(), "trips")).key,
            std::vector<std::string>{"trip"});
}

TEST(WaitingMigration, NarrowsOnlyWhatReadsTheSame) {
  Warehouse warehouse = Warehouse::installed();
  TableSchema wide = trips();
  wide.columns[3].type = SqlType::kText;
  warehouse.make_table(wide);
  warehouse.load(wide,
                 {{2, {"1", std::nullopt, "A1", "15"}}, {3, {"2", std::nullopt, "A1", "007"}}});
  const std::int64_t id = write_down(
      warehouse,
      migrate::plan_narrowing(must(migrate::read_table(warehouse.connection(), "trips")), trips()));
  EXPECT_EQ(warehouse.value("select is_blocking from homeroom.migration where status = 'waiting'"),
            "f");
  ASSERT_FALSE(decide(warehouse, id, Decision::kApply));
  warehouse.execute("update data.trips set minutes = '7' where trip = '2'");
  must(decide(warehouse, id, Decision::kApply));
  EXPECT_EQ(warehouse.value("select sum(minutes) from data.trips"), "22");
}

TEST(WaitingMigration, IsOutOfDateWhenTheTableHasChangedSince) {
  Warehouse warehouse = with_trips();
  TableSchema wanted = trips();
  wanted.columns[1].type = SqlType::kBigint;
  const std::int64_t id = write_down(warehouse, plan(warehouse, wanted));
  wanted.columns[1].type = SqlType::kText;
  warehouse.make_table(wanted);
  const auto applied = decide(warehouse, id, Decision::kApply);
  ASSERT_FALSE(applied);
  EXPECT_THAT(applied.error().message,
              HasSubstr("is out of date: it was written for date, data.trips has text now"));
  EXPECT_EQ(must(decide(warehouse, id, Decision::kRefuse)).status, "refused");
}

TEST(WaitingMigration, AddedColumnsGoBackInOrderAndNotWithTheirValues) {
  Warehouse warehouse = with_trips();
  TableSchema wider = trips();
  wider.columns.push_back(make_column("nurse text"));
  warehouse.make_table(wider);
  TableSchema widest = wider;
  widest.columns.push_back(make_column("bed text"));
  warehouse.make_table(widest);
  warehouse.load(widest, {{2, {"1", "2025-11-03", "A1", "15", "Jo", std::nullopt}}});
  const auto migrations = must(migrate::find_migrations(warehouse.connection(), "applied"));
  ASSERT_EQ(migrations.size(), 3U);
  const auto first = decide(warehouse, migrations[1].id, Decision::kRevert);
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().hint,
            "`homeroom migrate revert " + std::to_string(migrations[2].id) + "` first");
  must(decide(warehouse, migrations[2].id, Decision::kRevert));
  const auto losing = decide(warehouse, migrations[1].id, Decision::kRevert);
  ASSERT_FALSE(losing);
  EXPECT_EQ(losing.error().message,
            "1 row of data.trips and its history have a nurse, which would go");
  must(decide(warehouse, migrations[1].id, Decision::kRevertLosing));
  EXPECT_EQ(must(migrate::read_table(warehouse.connection(), "trips")).columns.size(), 4U);
  EXPECT_FALSE(decide(warehouse, migrations[0].id, Decision::kRevertLosing));  // rows stand in it
}

// What files of the table without `room` and with `place` look like.
std::vector<Change> with_place(Warehouse& warehouse, const std::string& name,
                               const std::vector<std::string>& values) {
  TableSchema wanted = trips();
  wanted.columns[2].name = name;
  std::vector<Change> changes = plan(warehouse, wanted);
  const std::vector<ColumnSample> samples = {{.column = name, .values = values}};
  const TableSchema current = must(migrate::read_table(warehouse.connection(), "trips"));
  EXPECT_TRUE(migrate::may_rename(current, wanted, changes));
  must(migrate::propose_like_columns(warehouse.connection(), current, wanted, samples, changes));
  return changes;
}

TEST(Rename, IsProposedWhenValuesAreAlike) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(trips());
  std::vector<TestRow> rows;
  std::vector<std::string> rooms;
  for (LineNumber line = 2; line < 22; ++line) {
    rooms.push_back("R" + std::to_string(line));
    rows.push_back({line, {std::to_string(line), std::nullopt, rooms.back(), std::nullopt}});
  }
  warehouse.load(trips(), rows);
  const std::vector<std::string> others = {"x", "y"};
  EXPECT_EQ(with_place(warehouse, "place", others)[0].kind, ChangeKind::kAddColumn);
  // Few values of another name say nothing; a word of the name and half of them do.
  const std::vector<std::string> few(rooms.begin(), rooms.begin() + 3);
  EXPECT_EQ(with_place(warehouse, "place", few)[0].kind, ChangeKind::kAddColumn);
  EXPECT_EQ(with_place(warehouse, "room_number", few)[0].kind, ChangeKind::kRenameColumn);
  EXPECT_EQ(with_place(warehouse, "room_number", others)[0].kind, ChangeKind::kAddColumn);

  const auto changes = with_place(warehouse, "place", rooms);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_FALSE(changes[0].is_safe);
  EXPECT_EQ(changes[0].description,
            "rename column room to place: 100 % of its 20 values stand in room, which is gone");
  const std::int64_t id = write_down(warehouse, changes);
  must(decide(warehouse, id, Decision::kRefuse));
  EXPECT_EQ(with_place(warehouse, "place", rooms)[0].kind, ChangeKind::kAddColumn);
  must(decide(warehouse, id, Decision::kApply));  // on second thoughts
  EXPECT_EQ(warehouse.value("select place from data.trips where trip = '2'"), "R2");
  EXPECT_EQ(warehouse.value("select count(place) from history.trips"), "0");
}

TEST(Rename, FollowsTheSynonymsOfAContractAtInstallation) {
  Warehouse warehouse = Warehouse::with_contracts();
  warehouse.make_table(trips());
  TableSchema wanted = trips();
  wanted.columns[2].name = "place";
  const std::vector<TableSchema> tables = {wanted};
  const std::vector<migrate::FormerNames> former = {
      {.table = "trips", .column = "place", .names = {"location", "room"}}};
  must(migrate::install_tables(warehouse.connection(), tables, former));
  EXPECT_EQ(must(migrate::read_table(warehouse.connection(), "trips")).find("place"), nullptr);
  must(migrate::install_tables(warehouse.connection(), tables));
  EXPECT_NE(must(migrate::read_table(warehouse.connection(), "trips")).find("place"), nullptr);
}

TEST(Alterations, AreNoticedAndTold) {
  struct Case {
    std::string sql;
    std::string told;
    bool is_harmless = false;
  };

  const std::vector<Case> cases = {
      {"alter table data.trips drop column room", "column room was dropped"},
      {"alter table data.trips alter column minutes type numeric",
       "column minutes is numeric, it was bigint"},
      {"alter table data.trips alter column day set not null",
       "column day is date not null, it was date"},
      {"alter table data.trips add column note text", "column note was added (text)", true},
      {"alter table data.trips add column note text not null",
       "column note was added (text not null)"},
      {"create index by_day on data.trips (day)", "index by_day was added", true},
      {"create unique index by_day on data.trips (day, trip)", "index by_day was added"},
      {"drop index data.trips__key", "index trips__key was dropped"},
      {"alter table data.trips add constraint late check (minutes < 99)",
       "constraint late was added"},
      {"alter table history.trips drop column day", "history: column day was dropped"},
      {"drop table data.trips cascade", "the table was dropped"},
      {"comment on table data.trips is 'ours'", ""},
      {"analyze data.trips", ""},
  };
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(trips());
  for (const Case& one : cases) {
    io::Transaction transaction = must(io::Transaction::begin(warehouse.connection()));
    warehouse.execute(one.sql);
    const auto found = must(migrate::find_alterations(warehouse.connection(), "trips"));
    EXPECT_EQ(migrate::describe(found), one.told) << one.sql;
    if (one.told.empty()) continue;
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].is_harmless, one.is_harmless) << one.sql;
  }
  EXPECT_THAT(must(migrate::find_alterations(warehouse.connection(), "trips")), IsEmpty());
}

TEST(Alterations, KeepMigrationsAwayUntilAPersonAcceptsThem) {
  Warehouse warehouse = Warehouse::with_contracts();
  warehouse.make_table(trips());
  TableSchema wanted = trips();
  wanted.columns[1].type = SqlType::kBigint;
  const std::int64_t id = write_down(warehouse, plan(warehouse, wanted));
  warehouse.execute("create index by_day on data.trips (day)");
  const auto applied = decide(warehouse, id, Decision::kApply);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().message, "somebody else altered data.trips: index by_day was added");
  // Contracts leave it alone as well.
  TableSchema wider = trips();
  wider.columns.push_back(make_column("nurse text"));
  const std::vector<TableSchema> tables = {wider};
  must(migrate::install_tables(warehouse.connection(), tables));
  EXPECT_EQ(must(migrate::read_table(warehouse.connection(), "trips")).find("nurse"), nullptr);

  EXPECT_EQ(must(run::accept_alterations(warehouse.connection(), "trips", "Ada")).size(), 1U);
  EXPECT_EQ(warehouse.value("select agreed_by from homeroom.table_shape where table_name = "
                            "'trips'"),
            "Ada");
  EXPECT_FALSE(run::accept_alterations(warehouse.connection(), "trips", "Ada"));
  must(decide(warehouse, id, Decision::kApply));
}

TEST(Alterations, OfATableThatCannotBeWrittenAreNotAccepted) {
  Warehouse warehouse = Warehouse::with_contracts();
  warehouse.make_table(trips());
  warehouse.execute("alter table data.trips add column place point");
  const auto accepted = run::accept_alterations(warehouse.connection(), "trips", "Ada");
  ASSERT_FALSE(accepted);
  EXPECT_THAT(accepted.error().message, StartsWith("column place of data.trips has type point"));
  // Nor do they keep the other tables from being made.
  TableSchema other = trips();
  other.name = "walks";
  const std::vector<TableSchema> tables = {trips(), other};
  must(migrate::install_tables(warehouse.connection(), tables));
  EXPECT_EQ(warehouse.value("select to_regclass('data.walks') is not null"), "t");
}

TEST(FitsSql, SaysWhichTextsReadTheSameAsAnotherType) {
  struct Case {
    SqlType type;
    std::string text;
    std::string fits;
  };

  const std::vector<Case> cases = {
      {SqlType::kBigint, "12", "t"},
      {SqlType::kBigint, "-3", "t"},
      {SqlType::kBigint, "007", "f"},
      {SqlType::kBigint, "1.0", "f"},
      {SqlType::kBigint, "12345678901234567890", "f"},
      {SqlType::kNumeric, "1.50", "t"},
      {SqlType::kNumeric, ".5", "f"},
      {SqlType::kDate, "2024-02-29", "t"},
      {SqlType::kDate, "2025-02-29", "f"},
      {SqlType::kDate, "2025-13-01", "f"},
      {SqlType::kDate, "0000-01-01", "f"},
      {SqlType::kDate, "2025-1-1", "f"},
      {SqlType::kDate, "2025-01-01 ", "f"},
      {SqlType::kTimestamptz, "2025-11-03T08:15:00Z", "t"},
      {SqlType::kTimestamptz, "2025-11-31T08:15:00Z", "f"},
      {SqlType::kTimestamptz, "2025-11-03T24:15:00Z", "f"},
      {SqlType::kBoolean, "true", "t"},
      {SqlType::kBoolean, "yes", "f"},
  };
  Warehouse warehouse = Warehouse::empty();
  for (const Case& one : cases) {
    const std::string fits = migrate::fits_sql("v", SqlType::kText, one.type);
    EXPECT_EQ(warehouse.value("select " + fits + " from (values ('" + one.text + "')) as t (v)"),
              one.fits)
        << one.text;
    // What fits can be cast, and only that is: the cast of the migration never fails half-way.
    if (one.fits == "f") continue;
    warehouse.execute("select '" + one.text + "'::" + std::string(to_string(one.type)));
  }
}

}  // namespace
}  // namespace homeroom
