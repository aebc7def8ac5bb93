
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parse/testing.h"
#include "table/dialect.h"

namespace homeroom::parse {
namespace {

using testing::ElementsAre;

Dialect fixed(std::uint32_t line_length) {
  return {.header_lines = 0,
          .layout = {{.name = "id", .start = 1, .length = 3},
                     {.name = "name", .start = 4, .length = 5},
                     {.name = "count", .start = 9, .length = 2}},
          .line_length = line_length};
}

TEST(FixedWidthReader, CutsColumnsByTheirCharacters) {
  for (const std::size_t piece : {1UL, 7UL, 1000UL}) {
    const ReadResult result = read_all("001Ann  12\n002Zo\u00EB   7\r\n\n  3B o 120", fixed(10), {},
                                       Kernel::kBest, piece);
    EXPECT_THAT(result.header, ElementsAre("id", "name", "count"));
    EXPECT_THAT(result.log, ElementsAre("1 [001] [Ann] [12]", "2 [002] [Zo\u00EB] [7]",
                                        "4 [3] [B o 1] [20]", "skipped 3 blank"));
  }
}

TEST(FixedWidthReader, SetsLinesAsideThatDoNotFitTheLayout) {
  const ReadResult result = read_all("001Ann  12\n003Bo   1\n004Carl 123\n", fixed(10));
  EXPECT_THAT(
      result.log,
      ElementsAre("1 [001] [Ann] [12]",
                  "ragged 2 (the line has 9 characters, the others have 10) [003Bo   1]",
                  "ragged 3 (the line has 11 characters, its layout ends at 10) [004Carl 123]"));
}

TEST(FixedWidthReader, TakesShortLinesWhereLengthsVary) {
  const ReadResult result = read_all("001Ann  12\n002\n003Caro\n", fixed(0));
  EXPECT_THAT(result.log, ElementsAre("1 [001] [Ann] [12]", "2 [002] [] []", "3 [003] [Caro] []"));
}

TEST(FixedWidthReader, PassesOverTheLinesAboveTheRows) {
  Dialect dialect = fixed(0);
  dialect.preamble_lines = 1;
  dialect.header_lines = 1;
  const ReadResult result = read_all("Report\nid name count\n001Ann  12\n", dialect);
  EXPECT_THAT(result.log, ElementsAre("3 [001] [Ann] [12]", "skipped 1 title", "skipped 2 title"));
}

TEST(FixedWidthReader, ReadsFilesLongerThanABlock) {
  std::string text;
  for (int row = 0; row < 100'000; ++row)
    text += fmt::format("{:03}{:<5}{:>2}\n", row % 1000, row, row % 100);
  const ReadResult result = read_all(text, fixed(10), {}, Kernel::kBest, 100'000);
  ASSERT_EQ(result.rows.size(), 100'000U);
  EXPECT_EQ(result.log[99'998], "99999 [998] [99998] [98]");
  EXPECT_EQ(result.log.size(), 100'000U);
}

TEST(FixedWidthReader, RefusesALineWithoutEnd) {
  const ReadResult result = read_all(std::string(5000, 'x'), fixed(0),
                                     {.max_field_bytes = 100, .max_record_bytes = 1000});
  EXPECT_THAT(result.log, ElementsAre("error: the row that starts on line 1 is longer than 1,000 "
                                      "bytes (line 1, byte 0)"));
}

}  // namespace
}  // namespace homeroom::parse
