#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parse/batch_reader.h"
#include "parse/testing.h"

namespace homeroom::parse {
namespace {

using testing::ElementsAre;

struct LimitCase {
  std::string_view text;
  Limits limits;
  std::string_view message;
  std::string_view hint;
  Position position;
};

TEST(Limits, StopsAtALimitAndSaysWhereAndWhatToDo) {
  const LimitCase cases[] = {
      {"a,b\n1,2\n1,123456789\n",
       {.max_field_bytes = 8, .max_record_bytes = 100},
       "a value on line 3 is longer than 8 bytes",
       "check that the file has line ends, the right delimiter, and no open quote, or raise "
       "--max-field-bytes",
       {.line = 3, .column = 0, .byte_offset = 8}},
      {"a,b\n1234567,1234567\n",
       {.max_field_bytes = 8, .max_record_bytes = 10},
       "the row that starts on line 2 is longer than 10 bytes",
       "check that the file has line ends and no open quote, or raise --max-row-bytes",
       {.line = 2, .column = 0, .byte_offset = 4}},
      // What is joined from pieces within the limit.
      {"a,b\n1,\"23456\"789\n",
       {.max_field_bytes = 8, .max_record_bytes = 100},
       "a value on line 2 is longer than 8 bytes",
       "check that the file has line ends, the right delimiter, and no open quote, or raise "
       "--max-field-bytes",
       {.line = 2, .column = 0, .byte_offset = 4}},
      {"a,b\n1,2,3,4\n",
       {.max_columns = 3},
       "line 2 has more than 3 fields",
       "check the delimiter, or raise --max-columns",
       {.line = 2, .column = 0, .byte_offset = 4}},
  };
  for (const LimitCase& tried : cases) {
    TextSource source(tried.text);
    const auto reader = BatchReader::create(source, {}, tried.limits);
    ASSERT_TRUE(reader);
    Batch batch;
    const Result<bool> result = (*reader)->next(batch);
    ASSERT_FALSE(result) << tried.message;
    EXPECT_EQ(result.error().code, ErrorCode::kInvalidInput);
    EXPECT_EQ(result.error().message, tried.message);
    EXPECT_EQ(result.error().hint, tried.hint);
    EXPECT_EQ(result.error().position.line, tried.position.line);
    EXPECT_EQ(result.error().position.byte_offset, tried.position.byte_offset);
  }
}

TEST(Limits, KeepsTheRowsAfterAQuoteThatIsOpenUpToTheFieldLimit) {
  std::string text = "a,b\n1,\"2\n";
  for (int row = 0; row < 1000; ++row) text += "3,4\n";
  const Limits limits{.max_field_bytes = 100, .max_record_bytes = 200};
  const ReadResult result = read_all(text, {}, limits);
  EXPECT_EQ(result.rows.size(), 1001U);
  EXPECT_THAT(result.rows[0], ElementsAre("1", "\"2"));
  EXPECT_EQ(result.log.back(), "issue 2 field 2 unclosed_quote");
}

TEST(Limits, RefusesSettingsThatCannotWork) {
  const std::pair<Limits, std::string_view> limits[] = {
      {{.max_field_bytes = 0}, "max_field_bytes is 0"},
      {{.max_field_bytes = 10, .max_record_bytes = 9}, "max_record_bytes is less"},
      {{.max_record_bytes = 1ULL << 33}, "max_record_bytes is more than 4 GiB"},
      {{.max_columns = 0}, "max_columns is 0"},
      {{.max_cells_per_batch = 0}, "max_cells_per_batch is 0"},
  };
  for (const auto& [tried, message] : limits) {
    const Status status = tried.validate();
    ASSERT_FALSE(status) << message;
    EXPECT_EQ(status.error().code, ErrorCode::kConfig);
    EXPECT_THAT(status.error().message, testing::HasSubstr(message));
    EXPECT_FALSE(status.error().hint.empty());
  }
  TextSource source("a\n");
  for (const Dialect& dialect :
       {Dialect{.delimiter = "\n"}, Dialect{.delimiter = "\""}, Dialect{.quote = '\n'}}) {
    const auto reader = BatchReader::create(source, dialect);
    ASSERT_FALSE(reader);
    EXPECT_EQ(reader.error().code, ErrorCode::kConfig);
    EXPECT_EQ(reader.error().message, "the delimiter holds a line end or the quote character");
  }
}

}  // namespace
}  // namespace homeroom::parse
