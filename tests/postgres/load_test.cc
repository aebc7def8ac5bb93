// Rows into tables: every case of the merge.

#include "load/load.h"

#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "warehouse.h"

namespace homeroom {
namespace {

using load::LoadResult;
using load::Mode;
using testing::ElementsAre;

TableSchema marks() {
  return make_schema("marks", {"student_id! id", "term text", "points? numeric", "note text"},
                     {"student_id", "term"});
}

std::string counts(const LoadResult& result) {
  return "loaded " + std::to_string(result.lines_loaded) + " unchanged " +
         std::to_string(result.lines_unchanged) + " inserted " +
         std::to_string(result.rows_inserted) + " updated " + std::to_string(result.rows_updated) +
         " closed " + std::to_string(result.rows_closed);
}

constexpr const char* kMarks =
    "select student_id, term, points, points_suppressed, note, _line from data.marks "
    "order by student_id, term";

TEST(Upsert, CountsWhatIsNewChangedAndUnchanged) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  EXPECT_EQ(counts(warehouse.load(marks(), {{2, {"01", "Q1", "90", "a"}},
                                            {3, {"02", "Q1", "80", "b"}},
                                            {4, {"03", "Q1", std::nullopt, std::nullopt}}})),
            "loaded 3 unchanged 0 inserted 3 updated 0 closed 0");
  EXPECT_EQ(counts(warehouse.load(marks(), {{2, {"01", "Q1", "90.0", "a"}},
                                            {3, {"02", "Q1", "81", "b"}},
                                            {4, {"03", "Q1", std::nullopt, std::nullopt}},
                                            {5, {"04", "Q1", "70", "c"}}})),
            "loaded 2 unchanged 2 inserted 1 updated 1 closed 0");
  EXPECT_THAT(warehouse.rows(kMarks),
              ElementsAre("01|Q1|90|f|a|2", "02|Q1|81|f|b|3", "03|Q1|~|f|~|4", "04|Q1|70|f|c|5"));
}

TEST(Upsert, KeepsWhatItReplacedWithTheRunThatDidIt) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  warehouse.load(marks(), {{2, {"01", "Q1", "90", "a"}}});
  const std::int64_t first = warehouse.last_run();
  warehouse.load(marks(), {{7, {"01", "Q1", "91", "a"}}});
  EXPECT_EQ(warehouse.value("select student_id, points, _run, _line, _superseded_by "
                            "from history.marks"),
            "01|90|" + std::to_string(first) + "|2|" + std::to_string(warehouse.last_run()));
  EXPECT_EQ(warehouse.value("select _run from data.marks"), std::to_string(warehouse.last_run()));
}

TEST(Upsert, DoesNotRewriteRowsThatStayTheSame) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  warehouse.load(marks(), {{2, {"01", "Q1", "90", "a"}}});
  const std::string before = warehouse.value("select ctid, xmin, _run from data.marks");
  EXPECT_EQ(counts(warehouse.load(marks(), {{9, {"01", "Q1", "90", "a"}}})),
            "loaded 0 unchanged 1 inserted 0 updated 0 closed 0");
  EXPECT_EQ(warehouse.value("select ctid, xmin, _run from data.marks"), before);
}

TEST(Upsert, TakesNullForEqualToNullInAKey) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  warehouse.load(marks(), {{2, {"01", std::nullopt, "90", "a"}}, {3, {"01", "Q2", "80", "b"}}});
  // Term given in some rows, in none, and a file without the column.
  EXPECT_EQ(counts(warehouse.load(marks(), {{2, {"01", std::nullopt, "91", "a"}},
                                            {3, {"01", "Q2", "80", "b"}},
                                            {4, {"01", "Q1", "70", "c"}}})),
            "loaded 2 unchanged 1 inserted 1 updated 1 closed 0");
  EXPECT_EQ(counts(warehouse.load(marks(), {{2, {"01", std::nullopt, "92", "a"}}})),
            "loaded 1 unchanged 0 inserted 0 updated 1 closed 0");
  TableSchema without_term = marks();
  without_term.columns.erase(without_term.columns.begin() + 1);
  EXPECT_EQ(counts(warehouse.load(without_term, {{2, {"01", "93", "a"}}, {3, {"02", "5", "d"}}})),
            "loaded 2 unchanged 0 inserted 1 updated 1 closed 0");
  EXPECT_THAT(warehouse.rows(kMarks),
              ElementsAre("01|Q1|70|f|c|4", "01|Q2|80|f|b|3", "01|~|93|f|a|2", "02|~|5|f|d|3"));
}

TEST(Upsert, LeavesStoredWhatTheFileHasNoColumnFor) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  warehouse.load(marks(), {{2, {"01", "Q1", "*", "keep me"}}});
  TableSchema narrow = marks();
  narrow.columns.resize(2);
  EXPECT_EQ(counts(warehouse.load(narrow, {{2, {"01", "Q1"}}, {3, {"02", "Q1"}}})),
            "loaded 1 unchanged 1 inserted 1 updated 0 closed 0");
  TableSchema notes = marks();
  notes.columns.erase(notes.columns.begin() + 2);
  EXPECT_EQ(counts(warehouse.load(notes, {{5, {"01", "Q1", "new"}}})),
            "loaded 1 unchanged 0 inserted 0 updated 1 closed 0");
  EXPECT_THAT(warehouse.rows(kMarks), ElementsAre("01|Q1|~|t|new|5", "02|Q1|~|f|~|3"));
}

TEST(Upsert, TellsSuppressedFromNullAndFromAValue) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  warehouse.load(marks(), {{2, {"01", "Q1", "*", "a"}}, {3, {"02", "Q1", std::nullopt, "a"}}});
  EXPECT_THAT(warehouse.rows(kMarks), ElementsAre("01|Q1|~|t|a|2", "02|Q1|~|f|a|3"));
  EXPECT_EQ(counts(warehouse.load(
                marks(), {{2, {"01", "Q1", std::nullopt, "a"}}, {3, {"02", "Q1", "*", "a"}}})),
            "loaded 2 unchanged 0 inserted 0 updated 2 closed 0");
  EXPECT_THAT(warehouse.rows(kMarks), ElementsAre("01|Q1|~|f|a|2", "02|Q1|~|t|a|3"));
}

TEST(Upsert, CountsRowsOfOneKeyOnceAndEachLineWithIt) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  EXPECT_EQ(counts(warehouse.load(marks(), {{2, {"01", "Q1", "90", "a"}},
                                            {3, {"01", "Q1", "90", "a"}},
                                            {4, {"02", "Q1", "80", "b"}}})),
            "loaded 3 unchanged 0 inserted 2 updated 0 closed 0");
  // Several rows of one line, lines out of order, one key twice.
  EXPECT_EQ(counts(warehouse.load(marks(), {{9, {"01", "Q1", "90", "a"}},
                                            {4, {"03", "Q1", "1", "c"}},
                                            {9, {"03", "Q2", "1", "c"}},
                                            {5, {"02", "Q1", "80", "b"}},
                                            {4, {"03", "Q1", "1", "c"}}})),
            "loaded 2 unchanged 1 inserted 2 updated 0 closed 0");
}

TEST(Upsert, FillsAnEmptyTableWithManyRowsAndMakesItsIndexesAfterwards) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  warehouse.execute("create index by_note on data.marks (note)");
  const std::string indexes =
      "select indexdef from pg_indexes where schemaname = 'data' order by 1";
  const auto before = warehouse.rows(indexes);
  std::vector<TestRow> rows;
  for (int i = 0; i < 30'000; ++i) {
    rows.push_back({static_cast<LineNumber>(i + 2), {std::to_string(i), "Q1", "1", "n"}});
  }
  EXPECT_EQ(counts(warehouse.load(marks(), rows)),
            "loaded 30000 unchanged 0 inserted 30000 updated 0 closed 0");
  EXPECT_EQ(warehouse.rows(indexes), before);
  // The same with a key that repeats: it cannot be found out but by trying.
  warehouse.execute("truncate data.marks");
  rows.push_back({40'000, {"7", "Q1", "2", "n"}});
  EXPECT_EQ(counts(warehouse.load(marks(), rows)),
            "loaded 30001 unchanged 0 inserted 30000 updated 0 closed 0");
  EXPECT_EQ(warehouse.value("select points, _line from data.marks where student_id = '7'"),
            "2|40000");
  EXPECT_EQ(warehouse.rows(indexes), before);
}

TEST(Upsert, SendsMoreThanOneBufferInOneCopy) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  std::vector<TestRow> rows;
  const std::string note(2000, 'n');
  for (int i = 0; i < 3000; ++i) {
    rows.push_back({static_cast<LineNumber>(i + 2), {std::to_string(i), "Q1", "1", note}});
  }
  EXPECT_EQ(warehouse.load(marks(), rows).rows_inserted, 3000);
  EXPECT_EQ(warehouse.load(marks(), rows).lines_unchanged, 3000);
  EXPECT_EQ(warehouse.value("select count(*), count(distinct student_id) from data.marks"),
            "3000|3000");
}

// "Ruiz, Ana Maria" does not part: what another file said of the parts stands, until the name
// itself is another.
TEST(Upsert, KeepsStoredPartsOfAValueThatDoesNotPart) {
  Warehouse warehouse = Warehouse::installed();
  const TableSchema names =
      make_schema("names", {"student_id! id", "full_name text", "first_name text"}, {"student_id"});
  warehouse.make_table(names);
  TableSchema given = names;
  given.columns = {names.columns[0], names.columns[2]};
  TableSchema parted = names;
  parted.columns[2].part_of = "full_name";
  const std::string stored = "select full_name, first_name from data.names";
  warehouse.load(given, {{2, {"01", "Ana"}}});
  EXPECT_EQ(warehouse.load(parted, {{2, {"01", "Ruiz, Ana Maria", std::nullopt}}}).rows_updated, 1);
  EXPECT_EQ(warehouse.value(stored), "Ruiz, Ana Maria|Ana");
  EXPECT_EQ(warehouse.load(parted, {{2, {"01", "Ruiz, Ana Maria", std::nullopt}}}).lines_unchanged,
            1);
  warehouse.load(parted, {{2, {"01", "Vega, Ines Ana", std::nullopt}}});
  EXPECT_EQ(warehouse.value(stored), "Vega, Ines Ana|~");
  warehouse.load(parted, {{2, {"01", "Vega, Ines", "Ines"}}});
  EXPECT_EQ(warehouse.value(stored), "Vega, Ines|Ines");
}

TEST(Upsert, RefusesAFileWithoutAnyColumnOfTheKey) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  TableSchema notes = marks();
  notes.columns = {notes.columns[3]};
  const io::Transaction transaction = must(io::Transaction::begin(warehouse.connection()));
  auto loader = must(load::Loader::begin(warehouse.connection(), notes, 1, Mode::kUpsert));
  must(send_rows(loader, 1, {{2, {"a"}}}));
  const auto merged = loader.merge();
  ASSERT_FALSE(merged);
  EXPECT_EQ(merged.error().code, ErrorCode::kContract);
  EXPECT_EQ(merged.error().message, "the file has no column of the key of data.marks");
}

TableSchema routes() {
  return make_schema("routes", {"bus text", "stop text", "riders? numeric"}, {});
}

constexpr const char* kRoutes = "select bus, stop, riders, _line from data.routes order by _line";

TEST(Replace, TakesOutTheSlotsEarlierRowsAndKeepsEqualOnes) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(routes());
  EXPECT_EQ(counts(warehouse.load(routes(),
                                  {{2, {"1", "Elm", "5"}},
                                   {3, {"1", "Elm", "5"}},
                                   {4, {"2", "Oak", std::nullopt}},
                                   {5, {"3", "", "*"}}},
                                  Mode::kReplace)),
            "loaded 4 unchanged 0 inserted 4 updated 0 closed 0");
  // One of the two equal rows is gone, one row changed, two stayed.
  EXPECT_EQ(counts(warehouse.load(
                routes(), {{2, {"1", "Elm", "5"}}, {3, {"2", "Oak", "7"}}, {4, {"3", "", "*"}}},
                Mode::kReplace)),
            "loaded 1 unchanged 2 inserted 1 updated 0 closed 2");
  EXPECT_THAT(warehouse.rows("select bus, stop, riders, riders_suppressed from data.routes "
                             "order by bus"),
              ElementsAre("1|Elm|5|f", "2|Oak|7|f", "3|~|~|t"));
  EXPECT_EQ(warehouse.value("select count(*) from history.routes where _superseded_by = " +
                            std::to_string(warehouse.last_run())),
            "2");
  // The third revision still finds the rows that the first one wrote.
  EXPECT_EQ(counts(warehouse.load(routes(), {{2, {"9", "Ash", "1"}}}, Mode::kReplace)),
            "loaded 1 unchanged 0 inserted 1 updated 0 closed 3");
  EXPECT_THAT(warehouse.rows(kRoutes), ElementsAre("9|Ash|1|2"));
}

TEST(Replace, LeavesTheRowsOfOtherSlots) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(routes());
  const catalog::Slot north{.source = "north", .dataset = {}, .scope = {}};
  const catalog::Slot south{.source = "south", .dataset = {}, .scope = {}};
  warehouse.load(routes(), {{2, {"1", "Elm", "5"}}}, Mode::kReplace, north);
  warehouse.load(routes(), {{2, {"1", "Elm", "5"}}}, Mode::kReplace, south);
  EXPECT_EQ(counts(warehouse.load(routes(), {{2, {"7", "Fir", "5"}}}, Mode::kReplace, south)),
            "loaded 1 unchanged 0 inserted 1 updated 0 closed 1");
  EXPECT_THAT(warehouse.rows("select bus from data.routes order by bus"), ElementsAre("1", "7"));
}

TEST(Replace, ComparesColumnsThatTheFileLacksAsNull) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(routes());
  warehouse.load(routes(), {{2, {"1", "Elm", "5"}}, {3, {"2", "Oak", std::nullopt}}},
                 Mode::kReplace);
  TableSchema narrow = routes();
  narrow.columns.resize(2);
  EXPECT_EQ(counts(warehouse.load(narrow, {{2, {"1", "Elm"}}, {3, {"2", "Oak"}}}, Mode::kReplace)),
            "loaded 1 unchanged 1 inserted 1 updated 0 closed 1");
}

// Loads into the empty table itself.
LoadResult fill(Warehouse& warehouse, const TableSchema& table, const std::vector<TestRow>& rows) {
  io::Transaction transaction = must(io::Transaction::begin(warehouse.connection()));
  auto loader = must(
      load::Loader::begin(warehouse.connection(), table, 7, Mode::kUpsert, 0, load::Place::kTable));
  must(send_rows(loader, table.columns.size(), rows));
  const LoadResult result = must(loader.merge());
  must(transaction.commit());
  return result;
}

constexpr const char* kIndexes =
    "select count(*) from pg_indexes where tablename = 'marks' and indexdef like '%NULLS NOT "
    "DISTINCT%'";

TEST(InPlace, FillsAnEmptyTableAndMakesItsIndexesAgain) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  EXPECT_EQ(counts(fill(warehouse, marks(),
                        {{2, {"01", "Q1", "*", "a"}}, {3, {"02", "Q1", std::nullopt, "b"}}})),
            "loaded 2 unchanged 0 inserted 2 updated 0 closed 0");
  EXPECT_THAT(warehouse.rows(kMarks), ElementsAre("01|Q1|~|t|a|2", "02|Q1|~|f|b|3"));
  EXPECT_EQ(warehouse.value("select distinct _run from data.marks"), "7");
  EXPECT_EQ(warehouse.value(kIndexes), "1");
}

TEST(InPlace, KeepsTheLastLineOfARepeatedKey) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  EXPECT_EQ(counts(fill(warehouse, marks(),
                        {{2, {"01", std::nullopt, "1", "a"}},
                         {3, {"02", "Q1", "2", "b"}},
                         {4, {"01", std::nullopt, "3", "c"}}})),
            "loaded 3 unchanged 0 inserted 2 updated 0 closed 0");
  EXPECT_THAT(warehouse.rows(kMarks), ElementsAre("01|~|3|f|c|4", "02|Q1|2|f|b|3"));
  EXPECT_EQ(warehouse.value(kIndexes), "1");
}

TEST(InPlace, GivesWayToAReaderWhoKeepsTheTable) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  io::Connection reader = warehouse.connect();
  const io::Transaction reading = must(io::Transaction::begin(reader));
  must(reader.execute("select from data.marks"));
  EXPECT_EQ(fill(warehouse, marks(), {{2, {"01", "Q1", "1", "a"}}}).rows_inserted, 1);
  EXPECT_THAT(warehouse.rows(kMarks), ElementsAre("01|Q1|1|f|a|2"));
  EXPECT_EQ(warehouse.value(kIndexes), "1");
}

TEST(InPlace, AFileWithoutRowsLeavesTheTableAsItWas) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  EXPECT_EQ(fill(warehouse, marks(), {}).rows_inserted, 0);
  EXPECT_EQ(warehouse.value(kIndexes), "1");
}

// Many blocks go by the sender's thread; an error of the server comes back to who adds rows.
TEST(InPlace, TellsThatTheServerWentAwayWhileRowsWereSent) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  io::Connection own = warehouse.connect();
  io::Transaction transaction = must(io::Transaction::begin(own));
  const std::string pid = must(own.execute("select pg_backend_pid()")).text(0, 0).data();
  auto loader = must(load::Loader::begin(own, marks(), 7, Mode::kUpsert, 0, load::Place::kTable));
  const std::vector<TestRow> rows(600, {2, {"01", "Q1", "1", std::string(4000, 'x')}});
  must(send_rows(loader, 4, rows));
  warehouse.execute("select pg_terminate_backend(" + pid + ", 5000)");
  Status sent;
  for (int i = 0; i < 20 && sent; ++i) sent = send_rows(loader, 4, rows);
  if (sent) sent = loader.finish();
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kDatabase);
}

TEST(AnyMode, AFileWithoutRowsChangesNothing) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(routes());
  warehouse.load(routes(), {{2, {"1", "Elm", "5"}}}, Mode::kReplace);
  EXPECT_EQ(counts(warehouse.load(routes(), {}, Mode::kReplace)),
            "loaded 0 unchanged 0 inserted 0 updated 0 closed 0");
  EXPECT_EQ(warehouse.value("select count(*) from data.routes"), "1");
}

TEST(Loader, NamesLineAndColumnOfABrokenPromiseAndNoValue) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  auto loader = must(load::Loader::begin(warehouse.connection(), marks(), 1, Mode::kUpsert));
  const Status sent = send_rows(loader, 4, {{17, {"01", "Q1", "ninety", "a"}}});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().code, ErrorCode::kInternal);
  EXPECT_EQ(sent.error().message, "a cleaned value of column points is no numeric");
  EXPECT_EQ(sent.error().position.line, 17);
  EXPECT_EQ(sent.error().position.column, 3);
}

TEST(Loader, RefusesToLoseASuppressedValue) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  auto loader = must(load::Loader::begin(warehouse.connection(), marks(), 1, Mode::kUpsert));
  const Status sent = send_rows(loader, 4, {{3, {"01", "Q1", "1", "*"}}});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().message, "column note has no place for a suppressed value");
}

TEST(Loader, LeavesNothingBehindWhenTheTransactionIsUndone) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(marks());
  {
    io::Transaction transaction = must(io::Transaction::begin(warehouse.connection()));
    auto loader = must(load::Loader::begin(warehouse.connection(), marks(), 1, Mode::kUpsert));
    must(send_rows(loader, 4, {{2, {"01", "Q1", "1", "a"}}}));
    must(loader.merge());
  }
  {
    io::Transaction transaction = must(io::Transaction::begin(warehouse.connection()));
    auto loader = must(load::Loader::begin(warehouse.connection(), marks(), 1, Mode::kUpsert));
    std::vector<TestRow> rows(600, {2, {"01", "Q1", "1", std::string(4000, 'x')}});
    must(send_rows(loader, 4, rows));  // given up in the middle of the COPY
  }
  EXPECT_EQ(warehouse.value("select count(*) from data.marks"), "0");
  EXPECT_EQ(warehouse.value("select count(*) from pg_class where relpersistence = 't'"), "0");
  EXPECT_EQ(warehouse.load(marks(), {{2, {"01", "Q1", "1", "a"}}}).rows_inserted, 1);
}

TEST(Loader, FollowsATableThatIsWiderThanTheFile) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(make_schema("wide", {"id! bigint", "amount text", "day text"}, {"id"}));
  const TableSchema file =
      make_schema("wide", {"id! bigint", "amount numeric", "day date"}, {"id"});
  warehouse.load(file, {{2, {"1", "2.50", "2025-11-03"}}});
  EXPECT_EQ(counts(warehouse.load(file, {{2, {"1", "2.50", "2025-11-03"}}})),
            "loaded 0 unchanged 1 inserted 0 updated 0 closed 0");
  EXPECT_EQ(warehouse.value("select amount, day from data.wide"), "2.50|2025-11-03");
}

TEST(Loader, QuotesNamesThatLookLikeSql) {
  Warehouse warehouse = Warehouse::installed();
  const std::string longest(63, 'x');  // its flag's name has to be cut
  TableSchema table =
      make_schema("order; drop table x --\"'", {"select text", "a\"b id"}, {"a\"b"});
  table.columns.push_back(make_column(longest + "? numeric"));
  table.columns.back().comment = "it's";
  warehouse.make_table(table);
  warehouse.load(table, {{2, {"1", "k", "*"}}});
  EXPECT_EQ(counts(warehouse.load(table, {{2, {"2", "k", "5"}}})),
            "loaded 1 unchanged 0 inserted 0 updated 1 closed 0");
}

TEST(Loader, LoadsOfOneSlotAtTheSameTimeHappenOneAfterTheOther) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.make_table(routes());
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    io::Connection connection = warehouse.connect("homeroom_loader");
    threads.emplace_back([own = std::move(connection), i]() mutable {
      catalog::Ledger ledger(own);
      io::Transaction transaction = must(io::Transaction::begin(own));
      const std::int64_t run = must(ledger.next_run_id());
      const catalog::Slot slot{.source = "s", .dataset = "routes", .scope = ""};
      const std::int64_t previous = must(ledger.claim_slot(run, slot));
      auto loader = must(load::Loader::begin(own, routes(), run, Mode::kReplace, previous));
      must(send_rows(loader, 3, {{2, {std::to_string(i), "Elm", "1"}}, {3, {"x", "Oak", "1"}}}));
      const LoadResult result = must(loader.merge());
      must(ledger.record_run(
          run, slot, make_file("routes.csv", std::to_string(i)), "loaded", "",
          {.read = 2, .loaded = result.lines_loaded, .unchanged = result.lines_unchanged},
          {.inserted = result.rows_inserted, .closed = result.rows_closed}, {}, {}, 0, 0.1));
      must(transaction.commit());
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(warehouse.value("select count(*) from data.routes"), "2");
  EXPECT_EQ(warehouse.value("select revision from homeroom.slot"), "4");
  EXPECT_EQ(warehouse.value("select s.current_run = t._run from homeroom.slot as s, data.routes "
                            "as t where t.stop = 'Elm'"),
            "t");
  EXPECT_EQ(warehouse.value("select sum(rows_inserted) - sum(rows_closed) from homeroom.run"), "2");
}

}  // namespace
}  // namespace homeroom
