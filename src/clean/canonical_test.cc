#include "clean/canonical.h"

#include <string>

#include <gtest/gtest.h>

namespace homeroom::clean {
namespace {

TEST(IsCanonicalInteger, TakesWhatPrintsBackTheSame) {
  for (const std::string text : {"0", "7", "-7", "12345678", "123456789012345678",
                                 "9223372036854775807", "-9223372036854775808"}) {
    EXPECT_TRUE(is_canonical_integer(text)) << text;
  }
  for (const std::string text :
       {"", "-", "-0", "007", "+7", "1.0", "1e3", "12a", "1234567a", "9223372036854775808",
        "-9223372036854775809", "18446744073709551616"}) {
    EXPECT_FALSE(is_canonical_integer(text)) << text;
  }
}

TEST(IsCanonicalDecimal, KeepsTheScale) {
  for (const std::string text : {"0", "12.50", "-0.5", "0.00", "12345678901234567890.123"}) {
    EXPECT_TRUE(is_canonical_decimal(text)) << text;
  }
  for (const std::string text :
       {"", ".", ".5", "5.", "00.5", "-0", "-0.00", "1.2.3", "1,5", "+1.5", "1e5", "1.5 "}) {
    EXPECT_FALSE(is_canonical_decimal(text)) << text;
  }
}

TEST(IsCanonicalDate, TakesOnlyDaysThatExist) {
  for (const std::string text : {"2025-09-11", "2024-02-29", "0001-01-01", "9999-12-31"}) {
    EXPECT_TRUE(is_canonical_date(text)) << text;
  }
  for (const std::string text :
       {"2025-02-29", "2025-13-01", "2025-00-10", "2025-01-00", "0000-01-01", "2025/09/11",
        "2025-9-11", "2025-09-111", "20a5-09-11", "2025-09-1x", "2025-09x11"}) {
    EXPECT_FALSE(is_canonical_date(text)) << text;
  }
}

TEST(IsCanonicalTimestamp, TakesUtcAndLocalTimes) {
  for (const std::string text : {"2025-09-11 13:05:00", "2025-09-11T13:05:00Z",
                                 "2025-09-11 13:05:00.5", "2025-09-11T13:05:00.123456Z"}) {
    EXPECT_TRUE(is_canonical_timestamp(text)) << text;
  }
  for (const std::string text :
       {"2025-09-11T13:05:00", "2025-09-11 13:05:00Z", "2025-09-11 13:05", "2025-09-11 24:00:00",
        "2025-09-11 13:60:00", "2025-09-11 13:05:00.", "2025-09-11 13:05:00.1234567",
        "2025-09-11T13:05:00+00:00"}) {
    EXPECT_FALSE(is_canonical_timestamp(text)) << text;
  }
}

TEST(IsAllDigits, LooksAtEveryByte) {
  for (std::size_t size = 1; size < 30; ++size) {
    std::string text(size, '7');
    EXPECT_TRUE(is_all_digits(text)) << size;
    for (std::size_t at = 0; at < size; ++at) {
      for (const char c : {'/', ':', 'a', '\0', '\xB7'}) {
        text[at] = c;
        EXPECT_FALSE(is_all_digits(text)) << size << " " << at;
      }
      text[at] = '7';
    }
  }
  EXPECT_FALSE(is_all_digits(""));
}

}  // namespace
}  // namespace homeroom::clean
