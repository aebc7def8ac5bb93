#include "table/csv_writer.h"

#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace homeroom {
namespace {

class StringSink : public ByteSink {
 public:
  Status write(std::span<const char> bytes) override {
    text.append(bytes.data(), bytes.size());
    return {};
  }

  std::string text;
};

std::string written(const std::vector<std::vector<std::string>>& records) {
  StringSink sink;
  CsvWriter csv(sink);
  for (const auto& record : records) {
    for (const auto& field : record) csv.field(field);
    EXPECT_TRUE(csv.end_record().has_value());
  }
  EXPECT_TRUE(csv.finish().has_value());
  return sink.text;
}

TEST(CsvWriter, QuotesOnlyWhereTheFormatNeedsIt) {
  EXPECT_EQ(written({{"a", "b c", " d "}}), "a,b c, d \n");
  EXPECT_EQ(written({{"a,b", "say \"no\"", "two\nlines"}}),
            "\"a,b\",\"say \"\"no\"\"\",\"two\nlines\"\n");
  EXPECT_EQ(written({{"", ""}, {"x"}}), ",\nx\n");
}

TEST(CsvWriter, WritesOneEmptyFieldSoThatItIsNotABlankLine) {
  EXPECT_EQ(written({{""}, {""}}), "\"\"\n\"\"\n");
}

TEST(CsvWriter, QuotesOneBlankFieldSoThatItIsNotABlankLine) {
  EXPECT_EQ(written({{" "}, {"\t "}, {" a"}, {" ", ""}}), "\" \"\n\"\t \"\n a\n ,\n");
}

TEST(CsvWriter, QuotesAFirstFieldThatBeginsLikeAByteOrderMark) {
  EXPECT_EQ(written({{"\xEF\xBB\xBFid", "\xEF\xBB\xBF"}, {"\xEF\xBB\xBF", "1"}}),
            "\"\xEF\xBB\xBFid\",\xEF\xBB\xBF\n\xEF\xBB\xBF,1\n");
}

TEST(CsvWriter, TakesAFieldLargerThanItsBuffer) {
  const std::string large(3'000'000, '"');
  const std::string text = written({{"a"}, {large, "b"}, {""}});
  EXPECT_EQ(text.size(), 2 + 2 + 2 * large.size() + 3 + 3);
  EXPECT_TRUE(text.ends_with(",b\n\"\"\n"));
}

}  // namespace
}  // namespace homeroom
