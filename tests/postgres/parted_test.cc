// Tables that are kept by school year, a part for each.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "district.h"
#include "load/load.h"
#include "migrate/migrate.h"
#include "warehouse.h"

namespace homeroom {
namespace {

using load::LoadResult;
using load::Mode;
using load::Plan;
using testing::ElementsAre;

TableSchema days() {
  TableSchema table = make_schema("days", {"school_year! bigint", "student_id! id", "status text"},
                                  {"school_year", "student_id"});
  table.partition_by = "school_year";
  return table;
}

constexpr const char* kDays =
    "select school_year, student_id, status, _line from data.days order by 1, 2";
constexpr const char* kParts =
    "select c.relname, c.reltuples >= 0, (select count(*) from pg_index as i where i.indrelid = "
    "c.oid and i.indisvalid) from pg_inherits as h join pg_class as c on c.oid = h.inhrelid where "
    "h.inhparent = 'data.days'::regclass order by 1";

std::string counts(const LoadResult& result) {
  return "loaded " + std::to_string(result.lines_loaded) + " unchanged " +
         std::to_string(result.lines_unchanged) + " inserted " +
         std::to_string(result.rows_inserted) + " updated " + std::to_string(result.rows_updated);
}

class PartedTable : public testing::Test {
 protected:
  PartedTable() { warehouse.make_table(days()); }

  // As a large file does that finds the table empty.
  LoadResult fill(const std::vector<TestRow>& rows) {
    io::Transaction transaction = must(io::Transaction::begin(warehouse.connection()));
    load::Loader loader = must(load::Loader::begin(warehouse.connection(), days(), 7, Mode::kUpsert,
                                                   0, load::Place::kTable));
    must(send_rows(loader, 3, rows));
    const LoadResult result = must(loader.merge());
    must(transaction.commit());
    return result;
  }

  std::vector<std::string> parts() {
    std::vector<std::string> names;
    for (const std::string& row : warehouse.rows(kParts)) {
      names.push_back(row.substr(0, row.find('|')));
      EXPECT_EQ(row.substr(row.rfind('|')), "|1") << "the key's index of " << row;
    }
    return names;
  }

  Warehouse warehouse = Warehouse::installed();
};

TEST_F(PartedTable, GetsAPartForEachSchoolYearThatComes) {
  const LoadResult first = warehouse.load(
      days(), {{2, {"2025", "01", "P"}}, {3, {"2026", "01", "A"}}, {4, {"2026", "02", "P"}}});
  EXPECT_EQ(first.plan, Plan::kNewParts);
  EXPECT_EQ(counts(first), "loaded 3 unchanged 0 inserted 3 updated 0");
  EXPECT_THAT(parts(), ElementsAre("days_2025", "days_2026"));
  EXPECT_THAT(warehouse.rows(kDays), ElementsAre("2025|01|P|2", "2026|01|A|3", "2026|02|P|4"));
  EXPECT_EQ(warehouse.value("select count(*) from only data.days"), "0");
}

// The first rows of two parts lie at the same place, each in its own.
TEST_F(PartedTable, ARowIsToldFromTheOneAtTheSamePlaceOfAnotherPart) {
  warehouse.load(days(), {{2, {"2025", "01", "P"}}, {3, {"2026", "01", "P"}}});
  ASSERT_EQ(warehouse.value("select count(distinct ctid) from data.days"), "1");
  EXPECT_EQ(counts(warehouse.load(days(), {{2, {"2025", "01", "A"}}, {3, {"2026", "01", "P"}}})),
            "loaded 1 unchanged 1 inserted 0 updated 1");
  EXPECT_THAT(warehouse.rows(kDays), ElementsAre("2025|01|A|2", "2026|01|P|3"));
  EXPECT_THAT(warehouse.rows("select school_year, status from history.days"),
              ElementsAre("2025|P"));
}

TEST_F(PartedTable, AFileOfAnOldAndANewYearIsMergedAndFilled) {
  warehouse.load(days(), {{2, {"2025", "01", "P"}}, {3, {"2025", "02", "P"}}});
  const LoadResult second = warehouse.load(days(), {{2, {"2025", "01", "A"}},
                                                    {3, {"2025", "02", "P"}},
                                                    {4, {"2026", "02", "P"}},
                                                    {5, {"2026", "02", "A"}}});
  EXPECT_EQ(counts(second), "loaded 3 unchanged 1 inserted 1 updated 1");
  EXPECT_THAT(parts(), ElementsAre("days_2025", "days_2026"));
  EXPECT_THAT(warehouse.rows(kDays), ElementsAre("2025|01|A|2", "2025|02|P|3", "2026|02|A|5"));
}

TEST_F(PartedTable, ALargeFileOfOneYearBecomesItsPart) {
  EXPECT_EQ(counts(fill({{2, {"2026", "01", "P"}}, {3, {"2026", "02", "A"}}})),
            "loaded 2 unchanged 0 inserted 2 updated 0");
  EXPECT_THAT(parts(), ElementsAre("days_2026"));
  EXPECT_THAT(warehouse.rows(kDays), ElementsAre("2026|01|P|2", "2026|02|A|3"));
}

TEST_F(PartedTable, ALargeFileKeepsTheLastLineOfARepeatedKey) {
  EXPECT_EQ(counts(fill({{2, {"2026", "01", "P"}}, {3, {"2026", "01", "A"}}})),
            "loaded 2 unchanged 0 inserted 1 updated 0");
  EXPECT_THAT(parts(), ElementsAre("days_2026"));
  EXPECT_THAT(warehouse.rows(kDays), ElementsAre("2026|01|A|3"));
}

TEST_F(PartedTable, ALargeFileOfTwoYearsFillsTwoParts) {
  EXPECT_EQ(counts(fill({{2, {"2025", "01", "P"}}, {3, {"2026", "01", "P"}}})),
            "loaded 2 unchanged 0 inserted 2 updated 0");
  EXPECT_THAT(parts(), ElementsAre("days_2025", "days_2026"));
  EXPECT_THAT(warehouse.rows(kDays), ElementsAre("2025|01|P|2", "2026|01|P|3"));
  EXPECT_EQ(warehouse.value("select to_regclass('parts.days__filling') is null"), "t");
}

// As after everything was taken back.
TEST_F(PartedTable, ALargeFileFindsPartsThatAreEmpty) {
  warehouse.load(days(), {{2, {"2025", "01", "P"}}});
  warehouse.execute("delete from data.days");
  EXPECT_EQ(
      counts(fill({{2, {"2025", "01", "A"}}, {3, {"2025", "01", "P"}}, {4, {"2026", "01", "P"}}})),
      "loaded 3 unchanged 0 inserted 2 updated 0");
  EXPECT_THAT(warehouse.rows(kDays), ElementsAre("2025|01|P|3", "2026|01|P|4"));
  warehouse.execute("delete from data.days");
  EXPECT_EQ(counts(fill({{2, {"2026", "01", "A"}}})), "loaded 1 unchanged 0 inserted 1 updated 0");
  EXPECT_THAT(parts(), ElementsAre("days_2025", "days_2026"));
  EXPECT_THAT(warehouse.rows(kDays), ElementsAre("2026|01|A|2"));
}

TEST_F(PartedTable, APartThatWasPutAwayIsNotMadeAgain) {
  warehouse.load(days(), {{2, {"2025", "01", "P"}}});
  warehouse.execute("alter table data.days detach partition parts.days_2025");
  io::Transaction transaction = must(io::Transaction::begin(warehouse.connection()));
  load::Loader loader = must(load::Loader::begin(warehouse.connection(), days(), 7, Mode::kUpsert));
  must(send_rows(loader, 3, {{2, {"2025", "02", "P"}}}));
  const auto merged = loader.merge();
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().message,
            "parts.\"days_2025\" is there, but is no part of data.\"days\"");
}

TEST_F(PartedTable, IsReadBackAsItWasMade) {
  const TableSchema table = must(migrate::read_table(warehouse.connection(), "days"));
  EXPECT_EQ(table.key, days().key);
  EXPECT_TRUE(migrate::plan_changes(table, days()).empty());
}

TEST_F(PartedTable, NewColumnsAndTypesReachItsParts) {
  warehouse.load(days(), {{2, {"2025", "01", "1"}}});
  warehouse.execute(
      "alter table data.days add column note text; "
      "alter table data.days alter column status type bigint using status::bigint");
  EXPECT_EQ(warehouse.value("select status from parts.days_2025"), "1");
  EXPECT_EQ(warehouse.value("select count(note) from parts.days_2025"), "0");
}

class PartedAttendance : public testing::Test {
 protected:
  std::int64_t load(const std::string& name, const std::vector<std::string>& rows) {
    const run::FileReport report = district.take(name, attendance(rows));
    EXPECT_EQ(report.status, run::FileStatus::kGood) << report.reason;
    return report.run_id;
  }

  std::vector<std::string> rows() {
    return district.warehouse().rows(
        "select school_year, student_id, status, _line from data.attendance_daily order by 1, 2");
  }

  District district;
};

TEST_F(PartedAttendance, ARunOfTwoYearsIsTakenBackFromBoth) {
  load("sis/att_2025-06-02.csv", {"01,0010,2025-06-02,P"});
  load("sis/att_2025-09-02.csv", {"01,0010,2025-09-02,P"});
  ASSERT_EQ(district.warehouse().value("select count(*) from pg_inherits where inhparent = "
                                       "'data.attendance_daily'::regclass"),
            "2");
  const std::int64_t both =
      load("sis/att_both.csv", {"01,0010,2025-06-02,A", "01,0010,2025-09-02,A"});
  ASSERT_THAT(rows(), ElementsAre("2025|01|absent|2", "2026|01|absent|3"));
  must(district.undo(both, false));
  EXPECT_THAT(rows(), ElementsAre("2025|01|present|2", "2026|01|present|2"));
}

}  // namespace
}  // namespace homeroom
