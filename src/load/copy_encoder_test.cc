#include "load/copy_encoder.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "load/read_binary.h"

namespace homeroom::load {
namespace {

std::vector<Cell> column(std::initializer_list<std::string_view> texts) {
  std::vector<Cell> cells;
  for (const std::string_view text : texts) cells.push_back(value_cell(text));
  return cells;
}

TEST(CopyEncoder, WritesRowsAsTheCopyFormatSays) {
  CopyEncoder encoder({{.name = "id", .type = SqlType::kText},
                       {.name = "score", .type = SqlType::kBigint, .has_flag = true}});
  const std::vector<Cell> ids = column({"01", "02"});
  std::vector<Cell> scores = column({"7", "*"});
  scores[1].state = CellState::kSuppressed;
  const std::vector<const std::vector<Cell>*> columns = {&ids, &scores};
  encoder.add_header();
  ASSERT_TRUE(encoder.add_row(columns, 0, 2));
  ASSERT_TRUE(encoder.add_row(columns, 1, 3));
  encoder.add_trailer();
  const auto bytes = encoder.bytes();
  BinaryReader reader({bytes.data(), bytes.size()});
  EXPECT_EQ(reader.take(11), std::string_view("PGCOPY\n\xFF\r\n\0", 11));
  EXPECT_EQ(reader.integer(4), 0);
  EXPECT_EQ(reader.integer(4), 0);
  const auto expect_value = [&](std::string_view value) {
    EXPECT_EQ(reader.integer(4), static_cast<std::int64_t>(value.size()));
    EXPECT_EQ(reader.take(value.size()), value);
  };
  EXPECT_EQ(reader.integer(2), 4);
  expect_value("01");
  expect_value(std::string_view("\0\0\0\0\0\0\0\7", 8));
  expect_value(std::string_view("\0", 1));
  expect_value(std::string_view("\0\0\0\0\0\0\0\2", 8));
  EXPECT_EQ(reader.integer(2), 4);
  expect_value("02");
  EXPECT_EQ(reader.integer(4), -1);
  expect_value("\1");
  expect_value(std::string_view("\0\0\0\0\0\0\0\3", 8));
  EXPECT_EQ(reader.integer(2), -1);
  EXPECT_TRUE(reader.is_at_end());
}

TEST(CopyEncoder, CountsNullsOfEachColumn) {
  CopyEncoder encoder(
      {{.name = "a", .type = SqlType::kText}, {.name = "b", .type = SqlType::kText}});
  const std::vector<Cell> full = column({"x", "y"});
  std::vector<Cell> half = column({"x", ""});
  half[1].state = CellState::kNull;
  const std::vector<const std::vector<Cell>*> columns = {&full, &half};
  ASSERT_TRUE(encoder.add_row(columns, 0, 2));
  ASSERT_TRUE(encoder.add_row(columns, 1, 3));
  EXPECT_EQ(encoder.columns()[0].num_nulls, 0);
  EXPECT_EQ(encoder.columns()[1].num_nulls, 1);
}

TEST(CopyEncoder, ReusesItsBufferAfterClear) {
  CopyEncoder encoder({{.name = "a", .type = SqlType::kText}});
  const std::vector<Cell> cells = {value_cell("x")};
  const std::vector<const std::vector<Cell>*> columns = {&cells};
  ASSERT_TRUE(encoder.add_row(columns, 0, 2));
  const std::string first(encoder.bytes().data(), encoder.bytes().size());
  const char* buffer = encoder.bytes().data();
  encoder.clear();
  EXPECT_TRUE(encoder.bytes().empty());
  ASSERT_TRUE(encoder.add_row(columns, 0, 2));
  EXPECT_EQ(std::string(encoder.bytes().data(), encoder.bytes().size()), first);
  EXPECT_EQ(encoder.bytes().data(), buffer);
}

TEST(CopyEncoder, NamesLineAndColumnOfABrokenPromiseAndNeverTheValue) {
  struct Case {
    CellState state;
    std::string_view message;
  };

  constexpr Case kCases[] = {
      {CellState::kValue, "a cleaned value of column born is no date"},
      {CellState::kBad, "a bad value of column born was not set aside"},
      {CellState::kSuppressed, "column born has no place for a suppressed value"},
  };
  for (const Case& one : kCases) {
    CopyEncoder encoder(
        {{.name = "id", .type = SqlType::kText}, {.name = "born", .type = SqlType::kDate}});
    const std::vector<Cell> ids = column({"01"});
    std::vector<Cell> dates = column({"13/45/2025"});
    dates[0].state = one.state;
    const std::vector<const std::vector<Cell>*> columns = {&ids, &dates};
    const Status added = encoder.add_row(columns, 0, 12);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, ErrorCode::kInternal);
    EXPECT_EQ(added.error().message, one.message);
    EXPECT_EQ(added.error().hint, "this is a defect of Homeroom: please report it");
    EXPECT_EQ(added.error().position.line, 12);
    EXPECT_EQ(added.error().position.column, 2);
  }
}

}  // namespace
}  // namespace homeroom::load
