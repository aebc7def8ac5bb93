#pragma once

// The way back, for tests and fuzzing: PostgreSQL's binary form -> canonical text. Written from
// the format's description, not from the encoder.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/date.h"
#include "table/schema.h"

namespace homeroom::load {

/// Reads integers in network byte order off the front of bytes.
class BinaryReader {
 public:
  explicit BinaryReader(std::string_view bytes) : bytes_(bytes) {}

  [[nodiscard]] std::int64_t integer(std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      value = value << 8U | static_cast<unsigned char>(bytes_.at(i));
    }
    bytes_.remove_prefix(size);
    const std::uint64_t sign = std::uint64_t{1} << (size * 8 - 1);
    return static_cast<std::int64_t>((value ^ sign) - sign);
  }

  [[nodiscard]] std::string_view take(std::size_t size) {
    const std::string_view taken = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return taken;
  }

  [[nodiscard]] bool is_at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
};

inline std::string read_numeric(std::string_view bytes) {
  BinaryReader reader(bytes);
  const std::int64_t num_groups = reader.integer(2) & 0xFFFF;  // the one that has no sign
  const std::int64_t weight = reader.integer(2);
  const bool is_negative = reader.integer(2) != 0;
  const std::int64_t scale = reader.integer(2);
  std::string whole;
  std::string fraction;
  // Groups that are not stored are zero: between the point and the first, after the last.
  for (std::int64_t power = -1; power > weight; --power) fraction += "0000";
  for (std::int64_t i = 0; i < num_groups; ++i) {
    const std::string group = fmt::format("{:04}", reader.integer(2));
    (weight - i >= 0 ? whole : fraction) += group;
  }
  for (std::int64_t power = weight - num_groups; power >= 0; --power) whole += "0000";
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size()));
  if (whole.empty()) whole = "0";
  fraction.resize(static_cast<std::size_t>(scale), '0');
  return (is_negative ? "-" : "") + whole + (scale > 0 ? "." + fraction : "");
}

inline std::string iso_date(std::int64_t days_since_2000) {
  std::string text(10, '0');
  write_iso_date(to_civil_date(static_cast<DayNumber>(days_since_2000 + 10957)), text.data());
  return text;
}

inline std::string read_timestamp(std::string_view bytes) {
  constexpr std::int64_t kMicrosPerDay = 86'400'000'000;
  const std::int64_t micros = BinaryReader(bytes).integer(8);
  std::int64_t days = micros / kMicrosPerDay;
  std::int64_t rest = micros % kMicrosPerDay;
  if (rest < 0) {
    --days;
    rest += kMicrosPerDay;
  }
  const std::int64_t seconds = rest / 1'000'000;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:06}Z", iso_date(days), seconds / 3600,
                     seconds / 60 % 60, seconds % 60, rest % 1'000'000);
}

inline std::string read_binary(SqlType type, std::string_view bytes) {
  switch (type) {
    case SqlType::kText:
      return std::string(bytes);
    case SqlType::kBigint:
      return std::to_string(BinaryReader(bytes).integer(8));
    case SqlType::kNumeric:
      return read_numeric(bytes);
    case SqlType::kDate:
      return iso_date(BinaryReader(bytes).integer(4));
    case SqlType::kTimestamptz:
      return read_timestamp(bytes);
    case SqlType::kBoolean:
      return bytes.at(0) == '\1' ? "true" : "false";
    case SqlType::kJsonb:
      return std::string(bytes.substr(1));
  }
  return {};
}

}  // namespace homeroom::load
