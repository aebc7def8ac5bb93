// What the ledger promises: counts that add up, slots and revisions, what was seen before.

#include "catalog/ledger.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "warehouse.h"

namespace homeroom {
namespace {

using catalog::ChangeRecord;
using catalog::FileRecord;
using catalog::Ledger;
using catalog::RowCounts;
using catalog::Slot;
using testing::ElementsAre;

FileRecord file_of(const std::string& path, const std::string& bytes,
                   const std::string& modified_at = "1") {
  FileRecord file = make_file(path, bytes);
  file.modified_at = modified_at;
  return file;
}

const Slot kSlot{.source = "sis", .dataset = "students", .scope = ""};

// Takes the file in as the slot's next revision.
std::int64_t take_in(Warehouse& warehouse, const FileRecord& file, const Slot& slot = kSlot) {
  Ledger ledger(warehouse.connection());
  io::Transaction transaction = must(io::Transaction::begin(warehouse.connection()));
  const std::int64_t run = must(ledger.next_run_id());
  must(ledger.claim_slot(run, slot));
  must(ledger.record_run(run, slot, file, "loaded", "", {.read = 1, .loaded = 1}, {.inserted = 1},
                         {}, {}, 0, 0.5));
  must(transaction.commit());
  return run;
}

std::optional<std::int64_t> current(Warehouse& warehouse, const FileRecord& file) {
  return must(Ledger(warehouse.connection()).find_current(file, kSlot.source, kSlot.dataset));
}

TEST(RecordRun, IsRefusedByTheDatabaseWhenCountsDoNotAddUp) {
  struct Case {
    RowCounts rows;
    std::string constraint;
  };

  const std::vector<Case> cases = {
      {{.read = 5, .loaded = 4}, "run_every_row_answers"},
      {{.read = 0, .unchanged = 1}, "run_every_row_answers"},
      {{.read = 7,
        .loaded = 1,
        .unchanged = 1,
        .duplicate = 1,
        .quarantined = 1,
        .pending = 1,
        .skipped = 1},
       "run_every_row_answers"},
  };
  Warehouse warehouse = Warehouse::installed();
  Ledger ledger(warehouse.connection());
  for (const Case& one : cases) {
    const Status recorded =
        ledger.record_run(must(ledger.next_run_id()), kSlot, file_of("a.csv", "A"), "held", "why",
                          one.rows, {}, {}, {}, 0, 0.1);
    ASSERT_FALSE(recorded);
    EXPECT_EQ(recorded.error().code, ErrorCode::kDatabase);
    EXPECT_THAT(recorded.error().message + recorded.error().detail,
                testing::HasSubstr(one.constraint));
  }
  EXPECT_EQ(warehouse.value("select count(*) from homeroom.run"), "0");
}

TEST(RecordRun, KeepsCountsChangesAndIssues) {
  Warehouse warehouse = Warehouse::installed();
  Ledger ledger(warehouse.connection());
  const std::int64_t run = must(ledger.next_run_id());
  const std::vector<ChangeRecord> changes = {
      {"date", "date_to_iso", 4}, {"date", "date_to_iso", 2}, {"name", "trim", 0}};
  const std::vector<Issue> issues = {{.line = 7,
                                      .field = 2,
                                      .column = "d\xFF"
                                                "ate",
                                      .rule = "date",
                                      .severity = Severity::kError,
                                      .message = std::string("month 13\0!", 10),
                                      .suggestion = "x"},
                                     {.line = 0,
                                      .field = 0,
                                      .column = "",
                                      .rule = "drift",
                                      .severity = Severity::kInfo,
                                      .message = "new column",
                                      .suggestion = ""}};
  must(ledger.record_run(run, kSlot, file_of("d\xE9j\xE0.csv", "A"), "refused", "no table",
                         {.read = 21,
                          .loaded = 1,
                          .unchanged = 2,
                          .duplicate = 3,
                          .quarantined = 4,
                          .pending = 5,
                          .skipped = 6},
                         {}, changes, issues, 40, 1.5));
  EXPECT_EQ(warehouse.value("select status, reason, rows_read, rows_skipped, num_issues, seconds, "
                            "slot_id, dialect->>'delimiter', path from homeroom.run"),
            "refused|no table|21|6|40|1.5|~|,|d\xEF\xBF\xBDj\xEF\xBF\xBD.csv");
  EXPECT_THAT(warehouse.rows("select column_name, rule, num_values from homeroom.change"),
              ElementsAre("date|date_to_iso|6"));
  EXPECT_THAT(warehouse.rows("select issue_no, line, field, column_name, severity, message "
                             "from homeroom.issue order by issue_no"),
              ElementsAre("1|7|2|d\xEF\xBF\xBD"
                          "ate|error|month 13\xEF\xBF\xBD!",
                          "2|0|0||info|new column"));
}

TEST(FindCurrent, KnowsTheSameBytesUnderAnyName) {
  Warehouse warehouse = Warehouse::installed();
  EXPECT_EQ(current(warehouse, file_of("a.csv", "A")), std::nullopt);
  const std::int64_t run = take_in(warehouse, file_of("a.csv", "A"));
  EXPECT_EQ(current(warehouse, file_of("a.csv", "A")), run);
  EXPECT_EQ(current(warehouse, file_of("copy of a.csv", "A", "9")), run);
  EXPECT_EQ(current(warehouse, file_of("a.csv", "B")), std::nullopt);
}

TEST(FindCurrent, LetsBytesInAgainWhenContractOrProgramChanged) {
  Warehouse warehouse = Warehouse::installed();
  take_in(warehouse, file_of("a.csv", "A"));
  FileRecord file = file_of("a.csv", "A");
  file.contracts_hash = "c2";
  EXPECT_EQ(current(warehouse, file), std::nullopt);
  file = file_of("a.csv", "A");
  file.engine_version = "0.2.0";
  EXPECT_EQ(current(warehouse, file), std::nullopt);
}

TEST(FindCurrent, EndsWithTheFirstBytesWhenTheyComeBack) {
  Warehouse warehouse = Warehouse::installed();
  const std::int64_t first = take_in(warehouse, file_of("a.csv", "A"));
  const std::int64_t second = take_in(warehouse, file_of("a.csv", "B", "2"));
  EXPECT_EQ(current(warehouse, file_of("a.csv", "A", "3")), std::nullopt);
  EXPECT_EQ(current(warehouse, file_of("a.csv", "A", "1")), std::nullopt);
  const std::int64_t third = take_in(warehouse, file_of("a.csv", "A", "3"));
  EXPECT_EQ(current(warehouse, file_of("a.csv", "A", "3")), third);
  EXPECT_EQ(current(warehouse, file_of("a.csv", "B", "2")), std::nullopt);
  EXPECT_LT(first, second);
  EXPECT_EQ(warehouse.value("select current_run, revision from homeroom.slot"),
            std::to_string(third) + "|3");
}

// A folder with two revisions of one slot is read again: nothing arrived.
TEST(FindCurrent, KnowsTheOlderRevisionThatOnlyLiesThereStill) {
  Warehouse warehouse = Warehouse::installed();
  const std::int64_t first = take_in(warehouse, file_of("monday.csv", "A"));
  const std::int64_t second = take_in(warehouse, file_of("tuesday.csv", "B"));
  EXPECT_EQ(current(warehouse, file_of("monday.csv", "A")), first);
  EXPECT_EQ(current(warehouse, file_of("tuesday.csv", "B")), second);
  // Put there once more, or under another name, it is new.
  EXPECT_EQ(current(warehouse, file_of("monday.csv", "A", "5")), std::nullopt);
  EXPECT_EQ(current(warehouse, file_of("wednesday.csv", "A")), std::nullopt);
}

TEST(FindCurrent, KnowsTheOlderRevisionAlsoWhenItsLatestTakingInBrokeOff) {
  Warehouse warehouse = Warehouse::installed();
  const std::int64_t older = take_in(warehouse, file_of("monday.csv", "A"));
  take_in(warehouse, file_of("tuesday.csv", "B"));
  FileRecord cut_off = file_of("monday.csv", "A");
  cut_off.is_cut_off = true;
  FileRecord unread = file_of("monday.csv", "");
  unread.sha256.clear();
  Ledger ledger(warehouse.connection());
  for (const FileRecord& file : {cut_off, unread}) {
    io::Transaction transaction = must(io::Transaction::begin(warehouse.connection()));
    must(ledger.record_run(must(ledger.next_run_id()), kSlot, file, "held", "lost", {}, {}, {}, {},
                           0, 0.5));
    must(transaction.commit());
  }
  EXPECT_EQ(current(warehouse, file_of("monday.csv", "A")), older);
}

TEST(FindCurrent, KeepsSourcesAndScopesApart) {
  Warehouse warehouse = Warehouse::installed();
  take_in(warehouse, file_of("a.csv", "A"), {.source = "lms", .dataset = "students", .scope = ""});
  EXPECT_EQ(current(warehouse, file_of("a.csv", "A")), std::nullopt);
  const std::int64_t north = take_in(warehouse, file_of("n.csv", "E"),
                                     {.source = "sis", .dataset = "students", .scope = "north"});
  const std::int64_t south = take_in(warehouse, file_of("s.csv", "E2"),
                                     {.source = "sis", .dataset = "students", .scope = "south"});
  EXPECT_EQ(current(warehouse, file_of("n.csv", "E")), north);
  EXPECT_EQ(current(warehouse, file_of("s.csv", "E2")), south);
}

TEST(RecordArrival, CountsHowOftenBytesCame) {
  Warehouse warehouse = Warehouse::installed();
  Ledger ledger(warehouse.connection());
  const std::int64_t run = take_in(warehouse, file_of("a.csv", "A"));
  must(ledger.record_arrival(run, "sis", file_of("a.csv", "A")));
  must(ledger.record_arrival(run, "sis", file_of("b.csv", "A")));
  EXPECT_THAT(warehouse.rows("select path, num_arrivals from homeroom.arrival order by path"),
              ElementsAre("a.csv|2", "b.csv|1"));
}

TEST(ClaimSlot, TellsWhichRunWasCurrentBefore) {
  Warehouse warehouse = Warehouse::installed();
  Ledger ledger(warehouse.connection());
  const std::int64_t first = take_in(warehouse, file_of("a.csv", "A"));
  {
    io::Transaction transaction = must(io::Transaction::begin(warehouse.connection()));
    EXPECT_EQ(must(ledger.claim_slot(first + 1, kSlot)), first);
  }
  EXPECT_EQ(warehouse.value("select current_run, revision from homeroom.slot"),
            std::to_string(first) + "|1");
}

TEST(ClaimSlot, NeedsARunThatIsRecordedInTheSameTransaction) {
  Warehouse warehouse = Warehouse::installed();
  io::Transaction transaction = must(io::Transaction::begin(warehouse.connection()));
  EXPECT_EQ(must(Ledger(warehouse.connection()).claim_slot(77, kSlot)), 0);
  const Status committed = transaction.commit();
  ASSERT_FALSE(committed);
  EXPECT_THAT(committed.error().message + committed.error().detail,
              testing::HasSubstr("slot_current_run"));
}

TEST(RecordSchema, MakesAVersionOnlyWhenTheColumnsDiffer) {
  Warehouse warehouse = Warehouse::installed();
  Ledger ledger(warehouse.connection());
  const std::int64_t run = take_in(warehouse, file_of("a.csv", "A"));
  TableSchema table = make_schema("students", {"student_id! id", "name text"}, {"student_id"});
  must(ledger.record_schema(run, table, "1.0.0"));
  must(ledger.record_schema(run, table, "1.0.1"));
  table.columns[1].type = SqlType::kDate;
  must(ledger.record_schema(run, table, "1.1.0"));
  EXPECT_THAT(warehouse.rows("select version, contract_version, columns->1->>'type' "
                             "from homeroom.schema_version order by version"),
              ElementsAre("1|1.0.0|text", "2|1.1.0|date"));
}

TEST(RecordTable, KeepsWhatARunDidToEachTable) {
  Warehouse warehouse = Warehouse::installed();
  Ledger ledger(warehouse.connection());
  const std::int64_t run = take_in(warehouse, file_of("a.csv", "A"));
  must(ledger.record_table(run, "students", {.inserted = 3, .updated = 2, .closed = 1}));
  EXPECT_EQ(warehouse.value("select table_name, rows_inserted, rows_updated, rows_closed "
                            "from homeroom.run_table"),
            "students|3|2|1");
}

TEST(RecentRuns, ShowsTheNewestFirst) {
  Warehouse warehouse = Warehouse::installed();
  take_in(warehouse, file_of("a.csv", "A"));
  const std::int64_t second = take_in(warehouse, file_of("b.csv", "B"));
  const auto runs = must(catalog::recent_runs(warehouse.connection(), 1));
  ASSERT_EQ(runs.size(), 1);
  EXPECT_EQ(runs[0].run_id, second);
  EXPECT_EQ(runs[0].path, "b.csv");
  EXPECT_EQ(runs[0].status, "loaded");
  EXPECT_EQ(runs[0].rows.loaded, 1);
  EXPECT_DOUBLE_EQ(runs[0].seconds, 0.5);
  EXPECT_THAT(runs[0].started_at, testing::MatchesRegex("[0-9-]{10}T[0-9:]{8}Z"));
}

TEST(FindOrigins, LeadsFromARowToItsFileAndLine) {
  Warehouse warehouse = Warehouse::installed();
  const TableSchema table =
      make_schema("visits", {"school_year! bigint", "student_id! id", "day date", "note text"},
                  {"school_year", "student_id", "day"});
  warehouse.make_table(table);
  warehouse.load(table,
                 {{2, {"2026", "01", "2025-11-03", "a"}}, {3, {"2026", "01", std::nullopt, "b"}}});
  const std::vector<std::string> dated = {"2026", "01", "2025-11-03"};
  const auto origins = must(catalog::find_origins(warehouse.connection(), "visits", dated));
  ASSERT_EQ(origins.size(), 1);
  EXPECT_EQ(origins[0].run_id, warehouse.last_run());
  EXPECT_EQ(origins[0].line, 2);
  EXPECT_EQ(origins[0].path, "test.csv");
  EXPECT_EQ(origins[0].dataset, "visits");
  const std::vector<std::string> undated = {"2026", "01", ""};
  EXPECT_EQ(must(catalog::find_origins(warehouse.connection(), "visits", undated)).at(0).line, 3);
  const std::vector<std::string> no_number = {"x", "01", "no date"};
  EXPECT_TRUE(must(catalog::find_origins(warehouse.connection(), "visits", no_number)).empty());
}

TEST(FindOrigins, SaysWhichTableOrKeyWasMeant) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(make_schema("visits", {"id! id", "day date"}, {"id", "day"}));
  warehouse.make_table(make_schema("routes", {"bus text"}, {}));
  const std::vector<std::string> one = {"01"};
  auto found = catalog::find_origins(warehouse.connection(), "vists", one);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, ErrorCode::kContract);
  EXPECT_EQ(found.error().message, "there is no table data.vists");
  EXPECT_EQ(found.error().hint, "did you mean visits?");
  found = catalog::find_origins(warehouse.connection(), "visits", one);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "data.visits is asked by 2 values, 1 given");
  EXPECT_EQ(found.error().hint, "give id, day, in this order; \"\" for none");
  const TableSchema routes = make_schema("routes", {"bus text"}, {});
  warehouse.load(routes, {{5, {"12"}}}, load::Mode::kReplace);
  const std::vector<std::string> line = {"5"};
  EXPECT_EQ(must(catalog::find_origins(warehouse.connection(), "routes", line)).size(), 1);
}

}  // namespace
}  // namespace homeroom
