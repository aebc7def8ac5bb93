#include "run/slot_scope.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace homeroom::run {
namespace {

class SlotScopeTest : public testing::Test {
 protected:
  SlotScopeTest() {
    contract_.scope = {"date", "school_id"};
    table_.columns = {{.name = "student_id", .comment = {}},
                      {.name = "school_id", .comment = {}},
                      {.name = "date", .type = SqlType::kDate, .comment = {}}};
  }

  std::string scope_of(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::vector<Cell>> columns(3);
    for (const auto& row : rows) {
      for (std::size_t i = 0; i < 3; ++i) {
        columns[i].push_back(value_cell(row[i]));
        if (row[i].empty()) columns[i].back().state = CellState::kNull;
      }
    }
    shape::ShapedBatch shaped;
    for (const auto& column : columns) shaped.columns.push_back(&column);
    shaped.num_rows = static_cast<RowIndex>(rows.size());
    SlotScope scope(&contract_, table_);
    for (RowIndex row = 0; row < shaped.num_rows; ++row) scope.observe(shaped, row);
    return scope.text();
  }

  contract::Contract contract_;
  TableSchema table_;
};

TEST_F(SlotScopeTest, NamesTheDaysCoveredAndTheOneSchool) {
  EXPECT_EQ(scope_of({{"1", "010", "2025-11-28"}, {"2", "010", "2025-11-03"}}),
            "date=2025-11-03..2025-11-28|school_id=010");
  EXPECT_EQ(scope_of({{"1", "010", "2025-11-03"}}), "date=2025-11-03|school_id=010");
}

TEST_F(SlotScopeTest, SaysSeveralSchoolsWithoutListingThem) {
  EXPECT_EQ(scope_of({{"1", "010", "2025-11-03"}, {"2", "020", "2025-11-03"}}),
            "date=2025-11-03|school_id=*");
}

TEST_F(SlotScopeTest, IsTheSameInWhateverOrderTheRowsStand) {
  const std::vector<std::vector<std::string>> rows = {
      {"1", "010", "2025-11-05"}, {"2", "", "2025-11-04"}, {"3", "010", ""}};
  const std::vector<std::vector<std::string>> turned = {rows[2], rows[1], rows[0]};
  EXPECT_EQ(scope_of(rows), scope_of(turned));
}

TEST_F(SlotScopeTest, IsEmptyForATableOfItsOwn) {
  EXPECT_EQ(SlotScope(nullptr, table_).text(), "");
}

}  // namespace
}  // namespace homeroom::run
