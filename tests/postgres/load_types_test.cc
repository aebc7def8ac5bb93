// Every column type keeps the text that went in.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "load/load.h"
#include "warehouse.h"

namespace homeroom {
namespace {

TEST(LoadTypes, GiveBackTheTextThatWentIn) {
  struct Case {
    SqlType type;
    std::string text;
    std::string stored;  // as PostgreSQL shows it; "" when the same
  };

  const std::string long_number(300, '9');
  const std::vector<Case> cases = {
      {SqlType::kText, "0188799", ""},
      {SqlType::kText, "Zoë \"quoted\", 'x' \\N", ""},
      {SqlType::kBigint, "0", ""},
      {SqlType::kBigint, "-9223372036854775808", ""},
      {SqlType::kBigint, "9223372036854775807", ""},
      {SqlType::kNumeric, "0", ""},
      {SqlType::kNumeric, "0.000", ""},
      {SqlType::kNumeric, "-0.5", ""},
      {SqlType::kNumeric, ".5", "0.5"},
      {SqlType::kNumeric, "-0", "0"},
      {SqlType::kNumeric, "92.50", ""},
      {SqlType::kNumeric, "10000", ""},
      {SqlType::kNumeric, "100000000", ""},
      {SqlType::kNumeric, "1234567.89012", ""},
      {SqlType::kNumeric, "0.00000000000000000001", ""},
      {SqlType::kNumeric, "0.0001", ""},
      {SqlType::kNumeric, "1000000000000000000000000000000", ""},
      {SqlType::kNumeric, "-" + long_number + "." + long_number, ""},
      {SqlType::kDate, "0001-01-01", ""},
      {SqlType::kDate, "1999-12-31", ""},
      {SqlType::kDate, "2000-02-29", ""},
      {SqlType::kDate, "9999-12-31", ""},
      {SqlType::kTimestamptz, "2025-11-03T08:15:00Z", "2025-11-03 08:15:00+00"},
      {SqlType::kTimestamptz, "2025-11-03T08:15:00.25+05:30", "2025-11-03 02:45:00.25+00"},
      {SqlType::kTimestamptz, "0001-01-01T00:00:00Z", "0001-01-01 00:00:00+00"},
      {SqlType::kTimestamptz, "1999-12-31 23:59:59.9999999Z", "2000-01-01 00:00:00+00"},
      {SqlType::kTimestamptz, "2025-11-03T08:15", "2025-11-03 08:15:00+00"},
      {SqlType::kBoolean, "true", "t"},
      {SqlType::kBoolean, "false", "f"},
      {SqlType::kJsonb, R"({"Bus": "12", "Élan": null})", R"({"Bus": "12", "Élan": null})"},
  };
  Warehouse warehouse = Warehouse::installed();
  warehouse.execute("set timezone = 'UTC'");
  TableSchema table = make_schema("every_type", {"id! bigint"}, {"id"});
  TestRow row{.line = 2, .cells = {"1"}};
  for (std::size_t i = 0; i < cases.size(); ++i) {
    table.columns.push_back(
        make_column("c" + std::to_string(i) + " " + std::string(to_string(cases[i].type))));
    row.cells.push_back(cases[i].text);
  }
  warehouse.make_table(table);
  EXPECT_EQ(warehouse.load(table, {row}).rows_inserted, 1);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    const std::string& expected = cases[i].stored.empty() ? cases[i].text : cases[i].stored;
    EXPECT_EQ(warehouse.value("select c" + std::to_string(i) + " from data.every_type"), expected);
  }
}

}  // namespace
}  // namespace homeroom
