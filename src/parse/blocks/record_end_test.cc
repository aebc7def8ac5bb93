#include "parse/blocks/record_end.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "parse/blocks/byte_counts.h"
#include "table/dialect.h"

namespace homeroom::parse {
namespace {

struct EndCase {
  std::string_view whole;  ///< records of the text, to their end
  std::string_view rest;
  std::size_t num_lines = 0;
  Dialect dialect = {};
};

const EndCase kCases[] = {
    {"1,2\n3,4\n", "5,6", 2},
    {"1,\"a\nb\"\n", "2,\"c\n", 2},
    {"", "1,\"a\nb\n", 0},
    {"1,2\n", "\n \r\n", 1},
    {"1,2\n", "\n\"a\n", 1},
    {"1,\"a\nb\n", "c", 2, {.quote = '\0'}},
    {"1,\"a\\\"\n\"\n", "2", 2, {.escape = '\\'}},
    {"1,\"a\\\\\"\n", "2,\"\\\"\n", 1, {.escape = '\\'}},
    {"1,2\r3,4\r", "5\r\n6\r", 2, {.newline = Newline::kCr}},
};

TEST(RecordEnd, StandsBehindTheLastLineEndOutsideQuotesButBeforeBlankLines) {
  for (const EndCase& tried : kCases) {
    const std::string text = std::string(tried.whole) + std::string(tried.rest);
    const RecordEnd end = find_record_end(text, tried.dialect);
    EXPECT_EQ(end.size, tried.whole.size()) << text;
    EXPECT_EQ(end.num_lines, tried.num_lines) << text;
  }
}

TEST(ByteCounts, AreTheSameByEachWay) {
  for (std::size_t size = 0; size < 70'000; size = size * 9 / 8 + 1) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += "ab\"\n,"[(i * i + i / 3) % 5];
    const ByteCounts portable = count_bytes_portable(text, '"');
    const ByteCounts best = count_bytes(text, '"');
    EXPECT_EQ(best.num_quotes, portable.num_quotes);
    EXPECT_EQ(best.num_line_feeds, portable.num_line_feeds);
    EXPECT_EQ(portable.num_quotes, static_cast<std::size_t>(std::ranges::count(text, '"')));
  }
}

}  // namespace
}  // namespace homeroom::parse
