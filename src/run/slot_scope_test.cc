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
    plan_.table.columns = {{.name = "student_id", .comment = {}},
                           {.name = "school_id", .comment = {}},
                           {.name = "date", .type = SqlType::kDate, .comment = {}}};
  }

  std::string scope_of(const std::vector<std::vector<std::string>>& rows) {
    return scope_of(rows, &contract_);
  }

  std::string scope_of(const std::vector<std::vector<std::string>>& rows,
                       const contract::Contract* contract) {
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
    SlotScope scope(contract, plan_);
    for (RowIndex row = 0; row < shaped.num_rows; ++row) scope.observe(shaped, row);
    return scope.text();
  }

  contract::Contract contract_;
  shape::ShapePlan plan_;
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
  EXPECT_EQ(SlotScope(nullptr, plan_).text(), "");
}

TEST_F(SlotScopeTest, IsTheSchoolYearThatTheNameOfAFileWithATableOfItsOwnSays) {
  plan_.table.columns[1].name = "school_year";
  plan_.origins.resize(3);
  EXPECT_EQ(scope_of({{"1", "2025", ""}}, nullptr), "");
  plan_.origins[1].from = shape::ColumnOrigin::From::kConstant;
  EXPECT_EQ(scope_of({{"1", "2025", ""}}, nullptr), "school_year=2025");
}

}  // namespace
}  // namespace homeroom::run
