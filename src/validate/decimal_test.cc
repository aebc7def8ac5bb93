#include "validate/decimal.h"

#include <cstdint>
#include <random>
#include <string>

#include <gtest/gtest.h>

namespace homeroom::validate {
namespace {

std::strong_ordering compare_texts(const std::string& left, const std::string& right) {
  return compare(parse_decimal(left).value(), parse_decimal(right).value());
}

TEST(ParseDecimal, ReadsDigitsWithSignAndPointAndNothingElse) {
  for (const char* text : {"0", "-0", "007", "12.50", "-0.0001", "99999999999999999999999999"}) {
    EXPECT_TRUE(parse_decimal(text).has_value()) << text;
  }
  for (const char* text : {"", "-", "+1", ".5", "5.", "1e3", "1,000", " 1", "1 ", "0x10", "--1",
                           "1.2.3", "NaN", "١"}) {
    EXPECT_FALSE(parse_decimal(text).has_value()) << text;
  }
}

TEST(ParseDecimal, DropsZerosThatSayNothing) {
  const auto number = parse_decimal("-007.5000").value();
  EXPECT_TRUE(number.is_negative);
  EXPECT_EQ(number.whole, "7");
  EXPECT_EQ(number.fraction, "5");
  EXPECT_FALSE(parse_decimal("-0.00").value().is_negative);
}

TEST(CompareDecimal, OrdersByValueNotByText) {
  const char* ascending[] = {"-1000", "-99.5", "-99.49", "-1",
                             "-0.5",  "-0.05", "0",      "0.0099",
                             "0.01",  "0.1",   "1.0",    "1.01",
                             "9",     "10",    "100",    "100.0000000000000000000000000000001"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      EXPECT_EQ(compare_texts(ascending[i], ascending[j]), i <=> j)
          << ascending[i] << " " << ascending[j];
    }
  }
}

// The same numbers in every run.
std::mt19937 seeded(unsigned seed) {
  return std::mt19937(seed);
}

// Property: numbers with three decimals order as the whole numbers a thousand times as large.
TEST(CompareDecimal, AgreesWithIntegerArithmetic) {
  std::mt19937 random = seeded(1);
  std::uniform_int_distribution<std::int64_t> thousandths(-20'000, 20'000);
  const auto write = [](std::int64_t number) {
    const std::int64_t size = number < 0 ? -number : number;
    const std::string digits = std::to_string(1000 + size % 1000).substr(1);
    return (number < 0 ? "-" : "") + std::to_string(size / 1000) + "." + digits;
  };
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t left = thousandths(random);
    const std::int64_t right = thousandths(random);
    ASSERT_EQ(compare_texts(write(left), write(right)), left <=> right) << left << " " << right;
  }
}

}  // namespace
}  // namespace homeroom::validate
