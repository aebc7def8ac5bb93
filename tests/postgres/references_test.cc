// Rows that name rows of other tables: judged where they are staged, kept, loaded later.

#include "load/references.h"  // IWYU pragma: keep: complete types of what the loader gives

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "load/pending.h"
#include "warehouse.h"

namespace homeroom {
namespace {

using load::Loader;
using load::Mode;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TableSchema people() {
  return make_schema("people", {"person_id! id", "state_id id"}, {"person_id"});
}

TableSchema notes() {
  return make_schema("notes", {"note_id! id", "person_id id", "state_id id", "points? numeric"},
                     {"note_id", "person_id"});
}

Reference to_people(std::vector<ReferencePath> paths) {
  Reference reference;
  reference.table = "people";
  reference.paths = std::move(paths);
  return reference;
}

const Reference kByEither =
    to_people({{{"person_id"}, {"person_id"}}, {{"state_id"}, {"state_id"}}});

class References : public testing::Test {
 protected:
  References() : warehouse(Warehouse::installed()) {
    warehouse.make_table(people());
    warehouse.make_table(notes());
  }

  void load_people(const std::vector<TestRow>& rows) { warehouse.load(people(), rows); }

  /// Stages rows of notes as run `run_id`, which the ledger need not know for what is tried here.
  Loader stage(std::int64_t run_id, const std::vector<TestRow>& rows) {
    Loader loader = must(Loader::begin(warehouse.connection(), notes(), run_id, Mode::kUpsert));
    must(send_rows(loader, notes().columns.size(), rows));
    return loader;
  }

  Warehouse warehouse;
};

TEST_F(References, AreKnownByOneOfTheirPathsAndNotJudgedWithoutAValue) {
  load_people({{2, {"01", "S1"}}, {3, {"02", std::nullopt}}});
  auto transaction = must(io::Transaction::begin(warehouse.connection()));
  Loader loader = stage(99, {{2, {"a", "01", std::nullopt, "1"}},
                             {3, {"b", "03", std::nullopt, "1"}},
                             {4, {"c", std::nullopt, "S1", "1"}},
                             {5, {"d", "03", "S1", "1"}},
                             {6, {"e", "03", "S9", "1"}},
                             {7, {"f", std::nullopt, std::nullopt, "1"}}});
  const Reference both = to_people({{{"person_id", "state_id"}, {"person_id", "state_id"}}});
  const std::vector<Reference> references = {kByEither, both};
  const auto counts = must(loader.judge(references));
  ASSERT_THAT(counts, SizeIs(2));
  EXPECT_TRUE(counts[0].is_judged);
  EXPECT_EQ(counts[0].num_lines, 5);
  EXPECT_THAT(counts[0].first_unknown, ElementsAre(3, 6));
  EXPECT_EQ(counts[1].num_lines, 2);
  EXPECT_THAT(counts[1].first_unknown, ElementsAre(5, 6));
}

TEST_F(References, AreNotJudgedByAnEmptyTable) {
  auto transaction = must(io::Transaction::begin(warehouse.connection()));
  Loader loader = stage(99, {{2, {"a", "01", std::nullopt, "1"}}});
  const auto counts = must(loader.judge(std::vector{kByEither}));
  EXPECT_FALSE(counts[0].is_judged);
  EXPECT_EQ(counts[0].num_unknown, 0);
}

TEST_F(References, RowsWaitWithEveryValueAndComeBackAsTheyWere) {
  load_people({{2, {"01", "S1"}}});
  // The run that keeps them has to stand in the ledger.
  warehouse.load(notes(), {{2, {"a", "01", std::nullopt, "1"}}});
  const std::int64_t run = warehouse.last_run();
  {
    auto transaction = must(io::Transaction::begin(warehouse.connection()));
    Loader loader = stage(run, {{3, {"b", "02", std::nullopt, "12345678901234567890.10"}},
                                {4, {"c", "02", "S2", "*"}},
                                {5, {"d", "01", std::nullopt, std::nullopt}}});
    const std::vector<Reference> references = {kByEither};
    must(loader.judge(references));
    EXPECT_EQ(must(loader.keep_unknown(references, std::vector<std::size_t>{0})), 2);
    EXPECT_EQ(must(loader.merge()).rows_inserted, 1);
    must(transaction.commit());
  }
  EXPECT_THAT(warehouse.rows("select line, key, waits_for from homeroom.pending_row order by line"),
              ElementsAre("3|[\"b\", \"02\"]|{people}", "4|[\"c\", \"02\"]|{people}"));
  load_people({{2, {"02", std::nullopt}}});
  {
    auto transaction = must(io::Transaction::begin(warehouse.connection()));
    warehouse.execute("set local role homeroom_owner");
    EXPECT_THAT(must(load::find_waiting_tables(warehouse.connection(), "people")),
                ElementsAre("notes"));
    const auto settled = must(
        load::load_ready(warehouse.connection(), notes(), Mode::kUpsert, std::vector{kByEither}));
    ASSERT_THAT(settled, SizeIs(1));
    EXPECT_EQ(settled[0].run_id, run);
    EXPECT_EQ(settled[0].result.lines_loaded, 2);
    must(transaction.commit());
  }
  EXPECT_THAT(
      warehouse.rows("select note_id, state_id, points, points_suppressed, _line "
                     "from data.notes order by note_id"),
      ElementsAre("a|~|1|f|2", "b|~|12345678901234567890.10|f|3", "c|S2|~|t|4", "d|~|~|f|5"));
  EXPECT_THAT(warehouse.rows("select from homeroom.pending_row"), IsEmpty());
}

TEST_F(References, ALateRowDoesNotReplaceANewerOne) {
  load_people({{2, {"01", "S1"}}});
  warehouse.load(notes(), {{2, {"a", "01", std::nullopt, "5"}}});
  auto transaction = must(io::Transaction::begin(warehouse.connection()));
  Loader loader = stage(warehouse.last_run() - 1, {{9, {"a", "01", std::nullopt, "4"}},
                                                   {10, {"b", "01", std::nullopt, "4"}}});
  EXPECT_EQ(must(loader.drop_outdated()), 1);
  EXPECT_EQ(must(loader.merge()).rows_inserted, 1);
  EXPECT_EQ(warehouse.value("select points from data.notes where note_id = 'a'"), "5");
}

}  // namespace
}  // namespace homeroom
