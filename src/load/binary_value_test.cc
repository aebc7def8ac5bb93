#include "load/binary_value.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "load/read_binary.h"

namespace homeroom::load {
namespace {

// Bytes as hex; "none" when the text is not of the type.
std::string encode(SqlType type, std::string_view text) {
  std::vector<char> out(text.size() + kValueOverheadBytes);
  const char* end = write_binary(type, text, out.data());
  if (end == nullptr) return "none";
  std::string hex;
  for (const char* byte = out.data(); byte != end; ++byte) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    hex += kDigits[static_cast<unsigned char>(*byte) >> 4U];
    hex += kDigits[static_cast<unsigned char>(*byte) & 0xFU];
  }
  return hex;
}

// Bytes as PostgreSQL sends them itself: select numeric_send(...), date_send(...), ...
TEST(WriteBinary, WritesWhatPostgresqlSends) {
  struct Case {
    SqlType type;
    std::string_view text;
    std::string_view hex;
  };

  constexpr Case kCases[] = {
      {SqlType::kText, "", ""},
      {SqlType::kText, "Zoë", "5a6fc3ab"},
      {SqlType::kBigint, "0", "0000000000000000"},
      {SqlType::kBigint, "-1", "ffffffffffffffff"},
      {SqlType::kBigint, "9223372036854775807", "7fffffffffffffff"},
      {SqlType::kNumeric, "0", "0000000000000000"},
      {SqlType::kNumeric, "0.00", "0000000000000002"},
      {SqlType::kNumeric, "-0", "0000000000000000"},
      {SqlType::kNumeric, "1", "00010000000000000001"},
      {SqlType::kNumeric, "-0.5", "0001ffff400000011388"},
      {SqlType::kNumeric, "92.5", "0002000000000001005c1388"},
      {SqlType::kNumeric, "92.50", "0002000000000002005c1388"},
      {SqlType::kNumeric, "10000", "00010001000000000001"},
      {SqlType::kNumeric, "0.0001", "0001ffff000000040001"},
      {SqlType::kNumeric, "0.00001", "0001fffe0000000503e8"},
      {SqlType::kNumeric, "12345678.9", "000300010000000104d2162e2328"},
      {SqlType::kNumeric, "100000000.0000", "00010002000000040001"},
      {SqlType::kDate, "2000-01-01", "00000000"},
      {SqlType::kDate, "1999-12-31", "ffffffff"},
      {SqlType::kDate, "0001-01-01", "fff4dbf9"},
      {SqlType::kDate, "9999-12-31", "002c95d3"},
      {SqlType::kTimestamptz, "2000-01-01T00:00:00Z", "0000000000000000"},
      {SqlType::kTimestamptz, "2000-01-01T00:00:00.000001Z", "0000000000000001"},
      {SqlType::kTimestamptz, "2000-01-01T01:00:00+01:00", "0000000000000000"},
      {SqlType::kTimestamptz, "1999-12-31T23:00:00-0100", "0000000000000000"},
      {SqlType::kBoolean, "true", "01"},
      {SqlType::kBoolean, "false", "00"},
      {SqlType::kJsonb, "{}", "017b7d"},
  };
  for (const Case& one : kCases) {
    EXPECT_EQ(encode(one.type, one.text), one.hex) << to_string(one.type) << " " << one.text;
  }
}

TEST(WriteBinary, RefusesWhatIsNotOfTheType) {
  struct Case {
    SqlType type;
    std::string_view text;
  };

  constexpr Case kCases[] = {
      {SqlType::kText, std::string_view("a\0b", 3)},
      {SqlType::kBigint, ""},
      {SqlType::kBigint, "1.0"},
      {SqlType::kBigint, " 1"},
      {SqlType::kBigint, "9223372036854775808"},
      {SqlType::kNumeric, ""},
      {SqlType::kNumeric, "."},
      {SqlType::kNumeric, "-"},
      {SqlType::kNumeric, "1e5"},
      {SqlType::kNumeric, "1.2.3"},
      {SqlType::kNumeric, "1,000"},
      {SqlType::kNumeric, "NaN"},
      {SqlType::kDate, "2025-02-29"},
      {SqlType::kDate, "0000-01-01"},
      {SqlType::kDate, "11/03/2025"},
      {SqlType::kDate, "2025-11-03T00:00"},
      {SqlType::kTimestamptz, "2025-11-03"},
      {SqlType::kTimestamptz, "2025-11-03T24:00:00Z"},
      {SqlType::kTimestamptz, "2025-11-03T08:60:00Z"},
      {SqlType::kTimestamptz, "2025-11-03T08:00:61Z"},
      {SqlType::kTimestamptz, "2025-11-03T08:00:00+1"},
      {SqlType::kTimestamptz, "2025-11-03T08:00:00+16:00"},
      {SqlType::kTimestamptz, "2025-11-03T08:00:00.Z"},
      {SqlType::kTimestamptz, "2025-11-03T08:00:00Zulu"},
      {SqlType::kBoolean, "yes"},
      {SqlType::kBoolean, ""},
      {SqlType::kJsonb, std::string_view("\0", 1)},
  };
  for (const Case& one : kCases) {
    EXPECT_EQ(encode(one.type, one.text), "none") << to_string(one.type) << " " << one.text;
  }
  EXPECT_EQ(encode(SqlType::kNumeric, std::string(131'073, '9')), "none");
  EXPECT_EQ(encode(SqlType::kNumeric, "0." + std::string(16'384, '9')), "none");
}

TEST(WriteBinary, IsUndoneByReadingItsBytes) {
  struct Case {
    SqlType type;
    std::string text;
  };

  const std::vector<Case> cases = {
      {SqlType::kNumeric, "0"},
      {SqlType::kNumeric, "-1234567890123456789012345678901234567890.12345678901234567890"},
      {SqlType::kNumeric, "1" + std::string(1000, '0')},
      {SqlType::kNumeric, "0." + std::string(1000, '0') + "1"},
      {SqlType::kNumeric, std::string(131'072, '9')},
      {SqlType::kDate, "0001-01-01"},
      {SqlType::kDate, "2024-02-29"},
      {SqlType::kDate, "9999-12-31"},
      {SqlType::kTimestamptz, "0001-01-01T00:00:00.000000Z"},
      {SqlType::kTimestamptz, "9999-12-31T23:59:59.999999Z"},
      {SqlType::kBigint, "-9223372036854775808"},
  };
  for (const Case& one : cases) {
    std::vector<char> out(one.text.size() + kValueOverheadBytes);
    const char* end = write_binary(one.type, one.text, out.data());
    ASSERT_NE(end, nullptr) << one.text;
    EXPECT_TRUE(read_binary(one.type, {out.data(), end}) == one.text) << one.text.substr(0, 50);
  }
}

TEST(WriteBinary, NeverWritesPastTheBytesItAsksFor) {
  for (std::size_t digits = 1; digits < 64; ++digits) {
    for (std::size_t point = 0; point <= digits; ++point) {
      std::string text(digits, '9');
      text.insert(point, ".");
      std::vector<char> out(text.size() + kValueOverheadBytes);
      const char* end = write_binary(SqlType::kNumeric, text, out.data());
      ASSERT_NE(end, nullptr);
      // A length before and a flag after each value are part of the promise.
      EXPECT_LE(static_cast<std::size_t>(end - out.data()) + 9, out.size()) << text;
    }
  }
}

}  // namespace
}  // namespace homeroom::load
