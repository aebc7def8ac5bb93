#include "clean/cleaner.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "clean/column_run.h"
#include "contract/contract.h"
#include "table/batch.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

ColumnContext declared(Kind kind) {
  ColumnContext context;
  context.kind = kind;
  context.is_declared = true;
  context.profile.date_order = DateOrder::kMonthFirst;
  return context;
}

// Rows of texts as a batch; line 2 is the first.
Batch batch_of(const std::vector<std::vector<std::string_view>>& rows) {
  Batch batch;
  batch.columns.resize(rows[0].size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) batch.columns[i].push_back(value_cell(row[i]));
    batch.lines.push_back(batch.lines.size() + 2);
  }
  return batch;
}

std::string describe(const Cell& cell) {
  return ColumnRun::describe(cell.state, cell.text());
}

// "0 trim 1, 1 date_to_iso 2"
std::string describe(const std::vector<ChangeCount>& counts) {
  std::string text;
  for (const ChangeCount& count : counts) {
    if (!text.empty()) text += ", ";
    text += std::to_string(count.column) + " " + std::string(count.rule) + " " +
            std::to_string(count.count);
  }
  return text;
}

TEST(Cleaner, CountsChangesByColumnAndRule) {
  auto cleaner = Cleaner::create(
                     {declared(Kind::kIdentifier), declared(Kind::kDate), declared(Kind::kInteger)})
                     .value();
  Batch batch = batch_of({{" 0012 ", "9/14/2025", "1,200"},
                          {"0013", "2025-09-15", "7"},
                          {"NULL", " 9/16/2025", ""},
                          {"  ", "", "N/A"}});
  CleanedBatch out;
  cleaner.clean(batch, out);
  EXPECT_EQ(describe(cleaner.change_counts()),
            "0 null_token 1, 0 trim 1, 1 date_to_iso 2, 1 trim 1, 2 integer 1, 2 null_token 1");
  EXPECT_TRUE(out.bad.empty());
  EXPECT_EQ(describe(batch.columns[0][0]), "value 0012");
  EXPECT_EQ(describe(batch.columns[0][3]), "null");
  EXPECT_EQ(describe(batch.columns[1][2]), "value 2025-09-16");
  EXPECT_EQ(describe(batch.columns[2][0]), "value 1200");
  EXPECT_EQ(describe(batch.columns[2][2]), "null");
}

TEST(Cleaner, KeepsTheOriginalsOfColumnsThatChanged) {
  auto cleaner = Cleaner::create({declared(Kind::kIdentifier), declared(Kind::kInteger)}).value();
  Batch batch = batch_of({{"0012", "7"}, {"0013", "1,200"}});
  CleanedBatch out;
  cleaner.clean(batch, out);
  ASSERT_EQ(out.originals.size(), 2U);
  EXPECT_TRUE(out.originals[0].empty());
  ASSERT_EQ(out.originals[1].size(), 2U);
  EXPECT_EQ(out.originals[1][0].text(), "7");
  EXPECT_EQ(out.originals[1][1].text(), "1,200");
}

TEST(Cleaner, ForgetsTheBatchBefore) {
  auto cleaner = Cleaner::create({declared(Kind::kInteger)}).value();
  Batch dirty = batch_of({{"1,200"}, {"x"}});
  Batch clean = batch_of({{"7"}});
  CleanedBatch out;
  cleaner.clean(dirty, out);
  EXPECT_EQ(out.bad.size(), 1U);
  cleaner.clean(clean, out);
  EXPECT_TRUE(out.bad.empty());
  EXPECT_TRUE(out.originals[0].empty());
  EXPECT_EQ(describe(cleaner.change_counts()), "0 integer 1");
}

TEST(Cleaner, ListsBadCellsByRowWithReasonAndTheTextTheyCameWith) {
  auto cleaner = Cleaner::create({declared(Kind::kInteger), declared(Kind::kDate)}).value();
  Batch batch = batch_of({{"7", "13/45/2025"}, {" 8O ", "nodate"}});
  CleanedBatch out;
  cleaner.clean(batch, out);
  ASSERT_EQ(out.bad.size(), 3U);
  EXPECT_EQ(out.bad[0].row, 0U);
  EXPECT_EQ(out.bad[0].column, 1U);
  EXPECT_EQ(out.bad[0].rule, "date_to_iso");
  EXPECT_EQ(out.bad[0].reason, "month 13 is not a month");
  EXPECT_EQ(out.bad[1].row, 1U);
  EXPECT_EQ(out.bad[1].column, 0U);
  EXPECT_EQ(out.bad[1].reason, "not a number");
  EXPECT_EQ(out.bad[2].reason, "not a date");
  EXPECT_EQ(describe(batch.columns[0][1]), "bad");
  EXPECT_EQ(batch.columns[0][1].text(), " 8O ");
}

TEST(Cleaner, SuggestsTheNearestSpelling) {
  const auto contracts = contract::ContractSet::load("").value();
  ColumnContext context = declared(Kind::kEnumeration);
  context.enumeration = contracts.find_enumeration("sex");
  ASSERT_NE(context.enumeration, nullptr);
  auto cleaner = Cleaner::create({context}).value();
  Batch batch = batch_of({{"Femal"}, {"Zebra"}, {"Q"}});
  CleanedBatch out;
  cleaner.clean(batch, out);
  ASSERT_EQ(out.bad.size(), 3U);
  EXPECT_EQ(out.bad[0].reason, "not a known code");
  EXPECT_EQ(out.bad[0].suggestion, "did you mean female?");
  EXPECT_EQ(out.bad[1].suggestion, "");
  EXPECT_EQ(out.bad[2].suggestion, "");
}

TEST(Cleaner, TellsEachChangeInOrderWhenAsked) {
  auto cleaner = Cleaner::create({declared(Kind::kInteger)}, KeepChanges::kYes).value();
  Batch batch = batch_of({{" 1,200 "}, {"7"}});
  CleanedBatch out;
  cleaner.clean(batch, out);
  ASSERT_EQ(out.changes.size(), 2U);
  EXPECT_EQ(out.changes[0].rule, "trim");
  EXPECT_EQ(out.changes[0].before.text(), " 1,200 ");
  EXPECT_EQ(out.changes[1].rule, "integer");
  EXPECT_EQ(out.changes[1].before.text(), "1,200");
}

TEST(Cleaner, ShowsTheFirstValuesThatEachRuleChanges) {
  auto cleaner = Cleaner::create({declared(Kind::kDate)}).value();
  CleanedBatch cleaned;
  std::string shown;
  const auto clean = [&](const std::vector<std::vector<std::string_view>>& rows) {
    Batch batch = batch_of(rows);
    cleaner.clean(batch, cleaned);
    for (const ChangeSample& sample : cleaned.samples) {
      shown += std::string(sample.rule) + " " + std::to_string(sample.row) + " " +
               describe(sample.before) + " -> " + describe(sample.after) + "\n";
    }
  };
  clean({{"9/14/2025"}, {"9/14/2025"}, {"2025-09-15"}, {"13/13/2025"}});
  clean({{"9/16/2025"}, {" 9/17/2025"}});
  clean({{"9/18/2025"}, {" 9/19/2025"}});
  EXPECT_EQ(shown,
            "date_to_iso 0 value 9/14/2025 -> value 2025-09-14\n"
            "date_to_iso 0 value 9/16/2025 -> value 2025-09-16\n"
            "trim 1 value  9/17/2025 -> value 2025-09-17\n"
            "date_to_iso 1 value  9/17/2025 -> value 2025-09-17\n"
            "trim 1 value  9/19/2025 -> value 2025-09-19\n");
}

TEST(Cleaner, LeavesRaggedRowsAsTheyCame) {
  auto cleaner = Cleaner::create({declared(Kind::kInteger)}).value();
  Batch batch = batch_of({{"x"}, {"1,200"}, {"y"}});
  batch.ragged.push_back({.row = 0, .cells = {}, .likely_cause = {}});
  batch.ragged.push_back({.row = 2, .cells = {}, .likely_cause = {}});
  CleanedBatch out;
  cleaner.clean(batch, out);
  EXPECT_TRUE(out.bad.empty());
  EXPECT_EQ(describe(batch.columns[0][0]), "value x");
  EXPECT_EQ(describe(batch.columns[0][1]), "value 1200");
}

TEST(Cleaner, KeepsSuppressedCellsApartFromNulls) {
  ColumnContext context = declared(Kind::kDecimal);
  context.is_suppressible = true;
  auto cleaner = Cleaner::create({context, declared(Kind::kDecimal)}).value();
  Batch batch = batch_of({{"*", "*"}, {"<10", "<10"}, {"-", "-"}});
  CleanedBatch out;
  cleaner.clean(batch, out);
  EXPECT_EQ(describe(batch.columns[0][0]), "suppressed");
  EXPECT_EQ(batch.columns[0][0].text(), "*");
  EXPECT_EQ(describe(batch.columns[0][1]), "suppressed");
  EXPECT_EQ(describe(batch.columns[0][2]), "null");
  EXPECT_EQ(describe(batch.columns[1][0]), "bad");
  EXPECT_EQ(describe(cleaner.change_counts()),
            "0 null_token 1, 0 suppression_mark 2, 1 null_token 1");
}

TEST(Cleaner, ChangesAlmostNothingThatIsNotDeclared) {
  ColumnContext text;
  ColumnContext number;
  number.kind = Kind::kInteger;
  number.is_suppressible = true;
  auto cleaner = Cleaner::create({text, number}).value();
  Batch batch = batch_of({{"07", "7"},
                          {"9/14/2025", "*"},
                          {"a  b", "12"},
                          {"Yes", "1"},
                          {"*", "2"},
                          {" x", " 3"},
                          {"None", "NA"},
                          {"=\"01\"", "=\"4\""}});
  CleanedBatch out;
  cleaner.clean(batch, out);
  EXPECT_EQ(describe(cleaner.change_counts()),
            "0 excel_wrapper 1, 0 null_token 1, 0 trim 1, "
            "1 excel_wrapper 1, 1 null_token 1, 1 suppression_mark 1, 1 trim 1");
  EXPECT_EQ(describe(batch.columns[0][4]), "value *");
  EXPECT_EQ(describe(batch.columns[0][7]), "value 01");
}

// Cells that repeat are answered from memory; that must not show.
TEST(Cleaner, SaysTheSameOfACellHoweverOftenItOccurs) {
  const std::vector<std::string_view> texts = {" 7 ", "1,200", "x", "NULL", "8", "   ", "1.0"};
  std::vector<std::vector<std::string_view>> rows;
  for (std::size_t i = 0; i < 700; ++i) rows.push_back({texts[i * i % texts.size()]});
  auto remembering = Cleaner::create({declared(Kind::kInteger)}).value();
  auto plain = Cleaner::create({declared(Kind::kInteger)}, KeepChanges::kYes).value();
  CleanedBatch out;
  CleanedBatch plain_out;
  for (int round = 0; round < 3; ++round) {
    Batch batch = batch_of(rows);
    Batch plain_batch = batch_of(rows);
    remembering.clean(batch, out);
    plain.clean(plain_batch, plain_out);
    for (std::size_t row = 0; row < rows.size(); ++row) {
      EXPECT_EQ(describe(batch.columns[0][row]), describe(plain_batch.columns[0][row]));
      EXPECT_EQ(out.originals[0][row].text(), rows[row][0]);
    }
    ASSERT_EQ(out.bad.size(), plain_out.bad.size());
    for (std::size_t i = 0; i < out.bad.size(); ++i) {
      EXPECT_EQ(out.bad[i].row, plain_out.bad[i].row);
      EXPECT_EQ(out.bad[i].reason, plain_out.bad[i].reason);
    }
  }
  EXPECT_EQ(describe(remembering.change_counts()), describe(plain.change_counts()));
}

TEST(Cleaner, RefusesRulesThatDoNotExist) {
  ColumnContext context = declared(Kind::kText);
  context.extra_rules = {"trimm"};
  const auto cleaner = Cleaner::create({context});
  ASSERT_FALSE(cleaner.has_value());
  EXPECT_EQ(static_cast<int>(cleaner.error().code), static_cast<int>(ErrorCode::kConfig));
  EXPECT_EQ(cleaner.error().message, "there is no cleaning rule trimm");
  EXPECT_EQ(cleaner.error().hint, "did you mean trim?");
}

TEST(Cleaner, RunsRulesThatAContractAdds) {
  ColumnContext context = declared(Kind::kDecimal);
  context.extra_rules = {"percent"};
  auto cleaner = Cleaner::create({context}).value();
  Batch batch = batch_of({{"85%"}, {"85"}});
  CleanedBatch out;
  cleaner.clean(batch, out);
  EXPECT_EQ(describe(batch.columns[0][0]), "value 85");
  EXPECT_EQ(describe(batch.columns[0][1]), "value 85");
}

}  // namespace
}  // namespace homeroom::clean
