#include "clean/number_text.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace homeroom::clean {
namespace {

std::string canonical(const std::string& text, int shift = 0) {
  const auto number = read_number(text);
  if (!number) return "none";
  std::string out;
  write_number(*number, shift, out);
  return out;
}

TEST(ReadNumber, UnderstandsMarksThatStandWhereTheyMust) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"12", "12"},
      {"1,234", "1234"},
      {"1,234,567.80", "1234567.80"},
      {"1.234.567,80", "1234567.80"},
      {"1'234.5", "1234.5"},
      {"1 234,5", "1234.5"},
      {"1\xC2\xA0"
       "234",
       "1234"},
      {"12,5", "12.5"},
      {"1234,567", "1234.567"},
      {"0,123", "0.123"},
      {".5", "0.5"},
      {"5.", "5"},
      {"-.5", "-0.5"},
      {"000", "0"},
      {"1.50e-03", "0.00150"},
      {"2E3", "2000"},
  };
  for (const auto& [text, number] : table) EXPECT_EQ(canonical(text), number) << text;
}

TEST(ReadNumber, ReadsNothingIntoOtherTexts) {
  for (const std::string text :
       {"",     "-",     ".",         ",",      "1,23,4",   "1,2345.6", "1,234,",
        "12 5", "1.5.2", "1,234.5,6", "12a",    "0x1F",     "1e",       "1e123",
        "--5",  "+-5",   "5-",        "1,,234", "1.234.56", "\xC2",     "1'23"}) {
    EXPECT_EQ(canonical(text), "none") << text;
  }
  EXPECT_EQ(canonical(std::string(200, '7')), "none");
}

TEST(ReadNumber, TellsWhichNumbersHaveTwoReadings) {
  EXPECT_TRUE(read_number("1,234")->has_two_readings);
  EXPECT_TRUE(read_number("-12,345")->has_two_readings);
  for (const std::string text : {"1,234.5", "1,234,567", "12,34", "0,234", "1.234"}) {
    EXPECT_FALSE(read_number(text)->has_two_readings) << text;
  }
  std::string out;
  write_number(with_decimal_comma(*read_number("1,234")), 0, out);
  EXPECT_EQ(out, "1.234");
}

TEST(WriteNumber, MovesThePointWithoutLosingDigits) {
  EXPECT_EQ(canonical("0.92", 2), "92");
  EXPECT_EQ(canonical("0.9250", 2), "92.50");
  EXPECT_EQ(canonical("1", 2), "100");
  EXPECT_EQ(canonical("0", 2), "0");
  EXPECT_EQ(canonical("-0.001", 2), "-0.1");
  EXPECT_EQ(canonical("5", -3), "0.005");
}

}  // namespace
}  // namespace homeroom::clean
