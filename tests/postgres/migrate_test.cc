// Tables that follow their files: made, grown, widened, with their history, their views and a
// record of each step.

#include "migrate/migrate.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "warehouse.h"

namespace homeroom {
namespace {

using migrate::ChangeKind;
using testing::ElementsAre;
using testing::IsEmpty;

TableSchema visits() {
  TableSchema table = make_schema("visits",
                                  {"student_id! id", "day! date", "kind text", "minutes? bigint",
                                   "at timestamptz", "is_late boolean", "more jsonb"},
                                  {"student_id", "day", "kind"});
  table.columns[2].comment = "What it was, the nurse's word";
  return table;
}

std::vector<migrate::Change> plan(Warehouse& warehouse, const TableSchema& wanted) {
  return migrate::plan_changes(must(migrate::read_table(warehouse.connection(), wanted.name)),
                               wanted);
}

TEST(ReadTable, GivesBackWhatWasMade) {
  Warehouse warehouse = Warehouse::installed();
  EXPECT_THAT(must(migrate::read_table(warehouse.connection(), "visits")).columns, IsEmpty());
  warehouse.make_table(visits());
  const TableSchema table = must(migrate::read_table(warehouse.connection(), "visits"));
  TableSchema expected = visits();
  expected.columns[2].is_identifier = true;  // part of the key: compared byte by byte
  EXPECT_EQ(table.columns, expected.columns);
  EXPECT_EQ(table.key, expected.key);
  EXPECT_EQ(table.comment, expected.comment);
  EXPECT_THAT(plan(warehouse, visits()), IsEmpty());
}

TEST(ReadTable, LeavesATableOfOthersAlone) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.execute("create table data.theirs (a integer)");
  auto table = migrate::read_table(warehouse.connection(), "theirs");
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, ErrorCode::kContract);
  EXPECT_EQ(table.error().message, "data.theirs is no table that Homeroom made");
  warehouse.make_table(visits());
  warehouse.execute("alter table data.visits add column place point");
  table = migrate::read_table(warehouse.connection(), "visits");
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().message,
            "column place of data.visits has type point, which Homeroom does not write");
}

TEST(ApplyChanges, AddsColumnsAndKeepsTheRows) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(visits());
  warehouse.load(visits(), {{2, {"01", "2025-11-03", "nurse", "15", std::nullopt, "true", "{}"}}});
  TableSchema wider = visits();
  wider.columns.push_back(make_column("room! text"));
  wider.columns.push_back(make_column("cost? numeric"));
  const auto changes = plan(warehouse, wider);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_EQ(changes[0].description, "add column room (text)");
  EXPECT_EQ(changes[1].description, "add column cost (numeric)");
  warehouse.make_table(wider);
  EXPECT_EQ(warehouse.value("select kind, room, cost, cost_suppressed from data.visits"),
            "nurse|~|~|f");
  EXPECT_THAT(plan(warehouse, wider), IsEmpty());
  // History has them too: the next change of the row is kept in full.
  warehouse.load(wider,
                 {{2, {"01", "2025-11-03", "nurse", "16", std::nullopt, "true", "{}", "4", "*"}}});
  EXPECT_EQ(warehouse.value("select minutes, room, cost_suppressed from history.visits"), "15|~|f");
}

TEST(ApplyChanges, WidensColumnsAndKeepsTheirValues) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.execute("set timezone = 'America/Chicago'");
  warehouse.make_table(visits());
  warehouse.load(
      visits(),
      {{2,
        {"01", "2025-11-03", "nurse", "15", "2025-11-03T08:15:00.250Z", "true", R"({"a": 1})"}}});
  TableSchema wider = visits();
  wider.columns[3].type = SqlType::kNumeric;
  wider.columns[4].type = SqlType::kText;
  wider.columns[5].type = SqlType::kText;
  wider.columns[6].type = SqlType::kText;
  const auto changes = plan(warehouse, wider);
  ASSERT_EQ(changes.size(), 4U);
  EXPECT_EQ(changes[0].description, "widen column minutes from bigint to numeric");
  warehouse.make_table(wider);
  EXPECT_EQ(warehouse.value("select minutes, at, is_late, more from data.visits"),
            R"(15|2025-11-03T08:15:00.25Z|true|{"a": 1})");
  EXPECT_EQ(warehouse.value("select count(*) from pg_attribute as d join pg_attribute as h on "
                            "h.attrelid = 'history.visits'::regclass and h.attname = d.attname "
                            "and h.atttypid <> d.atttypid where d.attrelid = "
                            "'data.visits'::regclass and d.attnum > 0"),
            "0");
  // A file as before still fits, and is the same.
  EXPECT_THAT(plan(warehouse, visits()), IsEmpty());
  EXPECT_EQ(warehouse
                .load(visits(), {{2,
                                  {"01", "2025-11-03", "nurse", "15", "2025-11-03T08:15:00.25Z",
                                   "true", R"({"a": 1})"}}})
                .lines_unchanged,
            1);
}

TEST(ApplyChanges, CanBeTakenBackByItsOwnReverse) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(visits());
  const auto before = must(migrate::read_table(warehouse.connection(), "visits"));
  TableSchema wider = visits();
  wider.columns.erase(wider.columns.begin() + 5);
  wider.columns[1].is_required = false;
  wider.columns[3].type = SqlType::kNumeric;
  wider.columns[4].is_suppressible = true;
  wider.columns.push_back(make_column("room text"));
  warehouse.make_table(wider);
  EXPECT_THAT(warehouse.rows("select description from homeroom.migration order by migration_id"),
              ElementsAre("create table data.visits (7 columns)", "let column day be empty",
                          "widen column minutes from bigint to numeric",
                          "add column at_suppressed (boolean)", "add column room (text)"));
  for (const std::string& sql : warehouse.rows("select reverse_sql from homeroom.migration "
                                               "where migration_id > 1 order by 1 desc")) {
    warehouse.execute(sql);
  }
  const auto after = must(migrate::read_table(warehouse.connection(), "visits"));
  EXPECT_EQ(after.columns, before.columns);
  warehouse.execute(
      warehouse.value("select reverse_sql from homeroom.migration where "
                      "migration_id = 1"));
  EXPECT_EQ(warehouse.value("select count(*) from pg_class where relname like 'visits%'"), "0");
}

TEST(ApplyChanges, WaitsForNobodyForEver) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(visits());
  io::Connection other = warehouse.connect();
  must(other.execute("begin; lock table data.visits in access share mode"));
  TableSchema wider = visits();
  wider.columns.push_back(make_column("room text"));
  auto changes = plan(warehouse, wider);
  // The same wait, in less time.
  changes[0].sql = "set local lock_timeout = '50ms'; " + changes[0].sql;
  io::Transaction transaction = must(io::Transaction::begin(warehouse.connection()));
  const auto applied = migrate::apply_changes(warehouse.connection(), 1, wider, changes);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().message, "data.visits could not be changed: others were using it");
  EXPECT_EQ(applied.error().hint, "wait until long queries on it are done, then do the same again");
}

TEST(ApplyChanges, MakesViewsOnAWidenedColumnAgainWithWhatWasGranted) {
  Warehouse warehouse = Warehouse::with_contracts();
  warehouse.execute("grant select on report.chronic_absence_by_school to pg_monitor");
  const auto grants = warehouse.rows(
      "select oid::regclass, relacl from pg_class where "
      "relnamespace = 'report'::regnamespace order by relname");
  TableSchema table = must(migrate::read_table(warehouse.connection(), "attendance_daily"));
  for (TableColumn& column : table.columns) {
    if (column.name == "minutes_absent") column.type = SqlType::kNumeric;
  }
  const auto changes = plan(warehouse, table);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].kind, ChangeKind::kWidenColumn);
  warehouse.make_table(table);
  EXPECT_EQ(warehouse.rows("select oid::regclass, relacl from pg_class where relnamespace = "
                           "'report'::regnamespace order by relname"),
            grants);
}

TEST(ApplyViews, SaysSoWhenAViewOfSomeoneElseStandsOnOurs) {
  Warehouse warehouse = Warehouse::with_contracts();
  warehouse.execute(
      "create view public.mine as select school_id from "
      "report.attendance_rate_by_school; update homeroom.engine_migration set "
      "sha256 = 'old' where name = 'report.attendance_rate_by_school'");
  const Status applied = migrate::apply_views(warehouse.connection());
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().message,
            "the report views cannot be renewed: other views stand on them");
  EXPECT_EQ(applied.error().hint, "drop public.mine and make them again afterwards");
  warehouse.execute("drop view public.mine");
  must(migrate::apply_views(warehouse.connection()));
  EXPECT_NE(warehouse.value("select sha256 from homeroom.engine_migration where name = "
                            "'report.attendance_rate_by_school'"),
            "old");
}

TEST(InstallTables, FollowsTheContractsWhereThatIsSafe) {
  Warehouse warehouse = Warehouse::with_contracts();
  TableSchema table = must(migrate::read_table(warehouse.connection(), "schools"));
  table.columns.push_back(make_column("mascot text"));
  table.columns[1].comment = "Name as on the door";
  TableSchema conflicting = must(migrate::read_table(warehouse.connection(), "calendar"));
  conflicting.key = {"date"};
  const std::vector<TableSchema> wanted = {table, conflicting};
  must(migrate::install_tables(warehouse.connection(), wanted));
  EXPECT_EQ(warehouse.value("select run_id, description from homeroom.migration where table_name "
                            "= 'schools' order by migration_id desc limit 1"),
            "~|add column mascot (text)");
  EXPECT_EQ(warehouse.value("select col_description('data.schools'::regclass, 2)"),
            "Name as on the door");
  EXPECT_EQ(must(migrate::read_table(warehouse.connection(), "calendar")).key.size(), 3U);
}

}  // namespace
}  // namespace homeroom
