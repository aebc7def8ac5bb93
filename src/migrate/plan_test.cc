#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/migrate.h"

namespace homeroom::migrate {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TableColumn make_column(std::string name, SqlType type) {
  TableColumn column;
  column.name = std::move(name);
  column.type = type;
  return column;
}

TableSchema make_table(std::vector<TableColumn> columns, std::vector<std::string> key) {
  TableSchema table;
  table.name = "visits";
  table.columns = std::move(columns);
  table.key = std::move(key);
  return table;
}

TEST(PlanChanges, MakesATableThatIsNotThere) {
  TableSchema wanted =
      make_table({make_column("id", SqlType::kText), make_column("kind", SqlType::kText),
                  make_column("minutes", SqlType::kBigint)},
                 {"id"});
  wanted.columns[0].is_required = true;
  wanted.columns[1].is_identifier = true;
  wanted.columns[2].is_suppressible = true;
  wanted.columns[2].comment = "The nurse's minutes";
  wanted.comment = "Visits";
  const auto changes = plan_changes(make_table({}, {}), wanted);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].kind, ChangeKind::kCreateTable);
  EXPECT_TRUE(changes[0].is_safe);
  EXPECT_EQ(changes[0].description, "create table data.visits (3 columns)");
  EXPECT_EQ(changes[0].sql, R"(create table data."visits" (
    "id" text collate "C" not null,
    "kind" text collate "C",
    "minutes" bigint,
    "minutes_suppressed" boolean not null default false,
    _run bigint not null,
    _line bigint not null,
    _since bigint
);
create unique index "visits__key" on data."visits" ("id") nulls not distinct;
comment on table data."visits" is 'Visits';
comment on column data."visits"."minutes" is 'The nurse''s minutes';
comment on column data."visits"."minutes_suppressed" is 'A value exists and was hidden by whoever made the file';
comment on column data."visits"._run is 'Run that wrote the row';
comment on column data."visits"._line is 'Line of the run''s file';
comment on column data."visits"._since is 'Version of the table that put the row here; null: that of its run''s own load';
create table history."visits" (
    "id" text collate "C",
    "kind" text collate "C",
    "minutes" bigint,
    "minutes_suppressed" boolean not null default false,
    _run bigint not null,
    _line bigint not null,
    _since bigint,
    _superseded_by bigint not null,
    _superseded_at timestamptz not null default now(),
    _until bigint
);
create index on history."visits" (_superseded_by);
create index on history."visits" ("id");
comment on table history."visits" is 'Rows of data.visits that a run replaced or removed, as they stood before';
)");
  EXPECT_EQ(changes[0].reverse_sql,
            "drop function if exists as_of.\"visits\";\ndrop table history.\"visits\";\n"
            "drop table data.\"visits\";\n");
}

TEST(PlanChanges, FollowsTheTypesTheWayValuesCanGo) {
  struct Case {
    SqlType current;
    SqlType wanted;
    std::string change;  // "" for none
  };

  const std::vector<Case> cases = {
      {SqlType::kBigint, SqlType::kBigint, ""},
      {SqlType::kBigint, SqlType::kNumeric, "widen column c from bigint to numeric"},
      {SqlType::kBigint, SqlType::kText, "widen column c from bigint to text"},
      {SqlType::kDate, SqlType::kText, "widen column c from date to text"},
      {SqlType::kBoolean, SqlType::kText, "widen column c from boolean to text"},
      {SqlType::kJsonb, SqlType::kText, "widen column c from jsonb to text"},
      {SqlType::kNumeric, SqlType::kBigint, ""},
      {SqlType::kText, SqlType::kDate, ""},
      {SqlType::kDate, SqlType::kTimestamptz,
       "column c would change from date to text: timestamptz does not fit it"},
      {SqlType::kBoolean, SqlType::kBigint,
       "column c would change from boolean to text: bigint does not fit it"},
      {SqlType::kNumeric, SqlType::kDate,
       "column c would change from numeric to text: date does not fit it"},
  };
  for (const Case& one : cases) {
    const auto changes = plan_changes(make_table({make_column("c", one.current)}, {}),
                                      make_table({make_column("c", one.wanted)}, {}));
    if (one.change.empty()) {
      EXPECT_THAT(changes, IsEmpty());
      continue;
    }
    ASSERT_EQ(changes.size(), 1U);
    EXPECT_EQ(changes[0].description, one.change);
    const bool widens = one.change.starts_with("widen");
    EXPECT_EQ(changes[0].kind, widens ? ChangeKind::kWidenColumn : ChangeKind::kChangeType);
    EXPECT_EQ(changes[0].is_safe, widens);
    EXPECT_EQ(changes[0].from_state, to_string(one.current));
    EXPECT_THAT(changes[0].sql, HasSubstr(widens ? to_string(one.wanted) : "type text using"));
    EXPECT_THAT(changes[0].reverse_sql, HasSubstr(fmt::format("type {}", to_string(one.current))));
  }
}

TEST(PlanChanges, LeavesColumnsThatOnlyTheTableHas) {
  EXPECT_THAT(
      plan_changes(
          make_table({make_column("a", SqlType::kText), make_column("b", SqlType::kDate)}, {"a"}),
          make_table({make_column("a", SqlType::kText)}, {"a"})),
      IsEmpty());
}

TEST(PlanChanges, RelaxesButNeverTightensNotNull) {
  TableColumn required = make_column("c", SqlType::kText);
  required.is_required = true;
  const TableColumn optional = make_column("c", SqlType::kText);
  const auto changes = plan_changes(make_table({required}, {}), make_table({optional}, {}));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].kind, ChangeKind::kRelaxNotNull);
  EXPECT_EQ(changes[0].sql, "alter table data.\"visits\" alter column \"c\" drop not null;\n");
  EXPECT_THAT(plan_changes(make_table({optional}, {}), make_table({required}, {})), IsEmpty());
}

TEST(PlanChanges, LetsNoRequiredColumnVanishWithoutAPerson) {
  TableColumn required = make_column("c", SqlType::kText);
  required.is_required = true;
  const auto changes = plan_changes(make_table({make_column("a", SqlType::kText), required}, {}),
                                    make_table({make_column("a", SqlType::kText)}, {}));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_FALSE(changes[0].is_safe);
  EXPECT_EQ(changes[0].kind, ChangeKind::kRelaxNotNull);
  EXPECT_EQ(changes[0].description, "column c must have a value and is gone: let it be empty");
}

TEST(PlanNarrowing, ProposesTheTypeThatTheContractStates) {
  const auto current =
      make_table({make_column("a", SqlType::kText), make_column("b", SqlType::kNumeric)}, {"a"});
  const auto wanted =
      make_table({make_column("a", SqlType::kText), make_column("b", SqlType::kBigint)}, {"a"});
  const auto changes = plan_narrowing(current, wanted);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_FALSE(changes[0].is_safe);
  EXPECT_EQ(changes[0].description, "narrow column b from numeric to bigint");
  EXPECT_THAT(plan_narrowing(wanted, current), IsEmpty());
}

TEST(PlanChanges, WritesAnotherKeyDownAndDoesNotMakeIt) {
  const std::vector<TableColumn> columns = {make_column("a", SqlType::kText),
                                            make_column("b", SqlType::kText)};

  struct Case {
    std::vector<std::string> current;
    std::vector<std::string> wanted;
    std::string description;
  };

  const std::vector<Case> cases = {
      {{"a"}, {"a", "b"}, "the key would change from (a) to (a, b)"},
      {{"a", "b"}, {"b", "a"}, "the key would change from (a, b) to (b, a)"},
      {{}, {"a"}, "the key would change from none to (a)"},
      {{"a"}, {}, "the key would change from (a) to none"},
      {{"a"}, {"x"}, "key column x is in no file of this table"},
  };
  for (const Case& one : cases) {
    const auto changes =
        plan_changes(make_table(columns, one.current), make_table(columns, one.wanted));
    ASSERT_EQ(changes.size(), 1U);
    const bool is_possible = one.wanted != std::vector<std::string>{"x"};
    EXPECT_EQ(changes[0].kind, is_possible ? ChangeKind::kChangeKey : ChangeKind::kConflict);
    EXPECT_EQ(changes[0].sql.empty(), !is_possible);
    EXPECT_FALSE(changes[0].is_safe);
    EXPECT_EQ(changes[0].description, one.description);
  }
}

TEST(PlanChanges, WritesTheWholeOfAKeyThatNeedsANewColumn) {
  const auto changes = plan_changes(
      make_table({make_column("a", SqlType::kText)}, {"a"}),
      make_table({make_column("a", SqlType::kText), make_column("b", SqlType::kBigint)},
                 {"a", "b"}));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].sql, R"(drop index data."visits__key";
alter table data."visits" alter column "a" type text collate "C";
alter table history."visits" alter column "a" type text collate "C";
alter table data."visits" add column "b" bigint;
alter table history."visits" add column if not exists "b" bigint;
create unique index "visits__key" on data."visits" ("a", "b") nulls not distinct;
)");
  EXPECT_EQ(changes[0].reverse_sql, R"(drop index if exists data."visits__key";
create unique index "visits__key" on data."visits" ("a") nulls not distinct;
)");
}

TEST(PlanChanges, StopsBeforePostgresqlsLimitOfColumns) {
  std::vector<TableColumn> columns;
  for (int i = 0; i < 1594; ++i) {
    columns.push_back(make_column("c" + std::to_string(i), SqlType::kText));
  }
  EXPECT_EQ(plan_changes(make_table({}, {}), make_table(columns, {}))[0].kind,
            ChangeKind::kCreateTable);
  columns.back().is_suppressible = true;
  const auto changes = plan_changes(make_table({}, {}), make_table(columns, {}));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].kind, ChangeKind::kConflict);
  EXPECT_EQ(changes[0].description, "the table would have 1,595 columns, 1,594 are possible");
}

TEST(PlanChanges, QuotesEveryName) {
  TableSchema wanted = make_table({make_column("a\"; drop table x; --", SqlType::kText)}, {});
  wanted.name = "t\"; drop schema data; --";
  const auto changes = plan_changes(make_table({}, {}), wanted);
  EXPECT_THAT(changes[0].sql, HasSubstr("data.\"t\"\"; drop schema data; --\" ("));
  EXPECT_THAT(changes[0].sql, HasSubstr("\"a\"\"; drop table x; --\" text"));
}

}  // namespace
}  // namespace homeroom::migrate
