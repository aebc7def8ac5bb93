#include "shape/more_columns.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace homeroom::shape {
namespace {

std::string json_of(std::string_view text) {
  std::string out;
  append_json_string(text, out);
  return out;
}

TEST(JsonString, EscapesWhatJsonAndPostgresqlCannotTake) {
  EXPECT_EQ(json_of("plain"), "\"plain\"");
  EXPECT_EQ(json_of("a \"b\" \\ c"), R"("a \"b\" \\ c")");
  EXPECT_EQ(json_of("a\nb\tc\rd"), R"("a\nb\tc\rd")");
  EXPECT_EQ(json_of(std::string_view("\x01\x1f", 2)), "\"\\u0001\\u001f\"");
  EXPECT_EQ(json_of(std::string_view("a\0b", 3)),
            "\"a\xEF\xBF\xBD"
            "b\"");
  EXPECT_EQ(json_of("caf\xC3\xA9"), "\"caf\xC3\xA9\"");
  EXPECT_EQ(json_of("caf\xE9!"), "\"caf\xEF\xBF\xBD!\"");
  EXPECT_EQ(json_of("\xF0\x9F"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(JsonString, IsReadBackByAnotherParserForAllBytes) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  EXPECT_TRUE(nlohmann::json::accept(json_of(all)));
  EXPECT_EQ(nlohmann::json::parse(json_of("x\"\\\n\x02")), "x\"\\\n\x02");
}

TEST(MoreColumns, WritesWhatHasAValueUnderItsHeader) {
  Batch batch;
  const Cell null{.data = "", .size = 0, .state = CellState::kNull};
  const Cell hidden{.data = "*", .size = 1, .state = CellState::kSuppressed};
  batch.columns = {
      {value_cell("1"), null}, {value_cell("\"x\""), null}, {hidden, null}, {null, null}};
  batch.lines = {2, 3};
  const std::vector<std::string> headers = {"A \"q\"", "", "A \"q\"", "Empty"};
  const MoreColumns more(std::array<std::size_t, 4>{0, 1, 2, 3}, headers);
  EXPECT_EQ(more.write(batch, 0).text(), R"({"A \"q\"":"1","column_2":"\"x\"","A \"q\"_2":"*"})");
  EXPECT_EQ(more.write(batch, 1).state, CellState::kNull);
}

}  // namespace
}  // namespace homeroom::shape
