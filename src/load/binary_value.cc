#include "load/binary_value.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>

#include "base/date.h"

namespace homeroom::load {
namespace {

constexpr std::int32_t kPostgresEpoch = 10957;  // 2000-01-01 in days since 1970-01-01
constexpr std::int64_t kMicrosPerSecond = 1'000'000;
constexpr std::int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

template <class Unsigned>
char* write_big_endian(Unsigned value, char* out) {
  for (int shift = (static_cast<int>(sizeof value) - 1) * 8; shift >= 0; shift -= 8) {
    *out++ = static_cast<char>(static_cast<unsigned char>(value >> shift));
  }
  return out;
}

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

bool all_digits(std::string_view text) {
  return std::ranges::all_of(text, is_digit);
}

char* write_text(std::string_view text, char* out) {
  if (text.empty()) return out;
  if (std::memchr(text.data(), '\0', text.size()) != nullptr) return nullptr;
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* write_bigint(std::string_view text, char* out) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return nullptr;
  return write_int64(value, out);
}

char* write_boolean(std::string_view text, char* out) {
  if (text != "true" && text != "false") return nullptr;
  *out++ = text == "true" ? '\1' : '\0';
  return out;
}

char* write_date(std::string_view text, char* out) {
  const std::optional<CivilDate> date = parse_iso_date(text);
  if (!date || date->year < 1) return nullptr;
  return write_int32(to_day_number(*date) - kPostgresEpoch, out);
}

// A number with a fixed count of digits within limits; -1 when it is none.
int read_fixed(std::string_view text, std::size_t at, std::size_t length, int limit) {
  if (at + length > text.size() || !all_digits(text.substr(at, length))) return -1;
  int value = 0;
  for (std::size_t i = at; i < at + length; ++i) value = value * 10 + (text[i] - '0');
  return value <= limit ? value : -1;
}

// ".123456", rounded; moves `text` past it.
std::int64_t take_micros(std::string_view& text) {
  if (text.size() < 2 || text[0] != '.' || !is_digit(text[1])) return 0;
  text.remove_prefix(1);
  std::int64_t micros = 0;
  std::size_t digits = 0;
  bool rounds_up = false;
  for (; digits < text.size() && is_digit(text[digits]); ++digits) {
    if (digits < 6) micros = micros * 10 + (text[digits] - '0');
    if (digits == 6) rounds_up = text[digits] >= '5';
  }
  for (std::size_t i = digits; i < 6; ++i) micros *= 10;
  text.remove_prefix(digits);
  return micros + (rounds_up ? 1 : 0);
}

// "Z", "+05:30", "-0800", "+01", "" as seconds east of UTC; nothing for anything else.
std::optional<int> read_offset(std::string_view text) {
  if (text.empty() || text == "Z" || text == "z") return 0;
  if (text[0] != '+' && text[0] != '-') return std::nullopt;
  const int hours = read_fixed(text, 1, 2, 15);
  int minutes = 0;
  if (text.size() == 5) minutes = read_fixed(text, 3, 2, 59);
  if (text.size() == 6) minutes = text[3] == ':' ? read_fixed(text, 4, 2, 59) : -1;
  if (hours < 0 || minutes < 0 || text.size() > 6 || text.size() == 4) return std::nullopt;
  const int seconds = hours * 3600 + minutes * 60;
  return text[0] == '-' ? -seconds : seconds;
}

char* write_timestamp(std::string_view text, char* out) {
  constexpr std::size_t kMinutesEnd = 16;  // YYYY-MM-DDTHH:MM
  if (text.size() < kMinutesEnd) return nullptr;
  const std::optional<CivilDate> date = parse_iso_date(text.substr(0, 10));
  const bool has_separators =
      (text[10] == 'T' || text[10] == 't' || text[10] == ' ') && text[13] == ':';
  const int hour = read_fixed(text, 11, 2, 23);
  const int minute = read_fixed(text, 14, 2, 59);
  if (!date || date->year < 1 || !has_separators || hour < 0 || minute < 0) return nullptr;
  std::string_view rest = text.substr(kMinutesEnd);
  int second = 0;
  std::int64_t micros = 0;
  if (!rest.empty() && rest[0] == ':') {
    second = read_fixed(rest, 1, 2, 60);
    if (second < 0) return nullptr;
    rest.remove_prefix(3);
    micros = take_micros(rest);
  }
  const std::optional<int> offset = read_offset(rest);
  if (!offset) return nullptr;
  const std::int64_t days = to_day_number(*date) - kPostgresEpoch;
  const std::int64_t seconds = hour * 3600 + minute * 60 + second - *offset;
  return write_int64(days * kMicrosPerDay + seconds * kMicrosPerSecond + micros, out);
}

// [-]digits[.digits], taken apart.
struct Decimal {
  bool is_negative = false;
  std::string_view whole;     // without leading zeros
  std::string_view fraction;  // as given
};

std::optional<Decimal> read_decimal(std::string_view text) {
  constexpr std::size_t kMaxWhole = 131'072;
  constexpr std::size_t kMaxFraction = 16'383;
  Decimal number;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    number.is_negative = text[0] == '-';
    text.remove_prefix(1);
  }
  const std::size_t point = text.find('.');
  number.whole = text.substr(0, point);
  if (point != std::string_view::npos) number.fraction = text.substr(point + 1);
  if (number.whole.empty() && number.fraction.empty()) return std::nullopt;
  if (!all_digits(number.whole) || !all_digits(number.fraction)) return std::nullopt;
  number.whole.remove_prefix(std::min(number.whole.find_first_not_of('0'), number.whole.size()));
  if (number.whole.size() > kMaxWhole || number.fraction.size() > kMaxFraction) {
    return std::nullopt;
  }
  return number;
}

// Writes digits in groups of four, the last one filled up with zeros; the first group has
// `first` digits.
char* write_groups(std::string_view digits, std::size_t first, char* out) {
  std::size_t at = 0;
  std::size_t length = first;
  while (at < digits.size()) {
    int group = 0;
    for (std::size_t i = at; i < at + length; ++i) {
      group = group * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    }
    out = write_int16(group, out);
    at += length;
    length = 4;
  }
  return out;
}

// Digits to the base 10,000: count, weight of the first, sign, digits shown after the point.
char* write_numeric(std::string_view text, char* out) {
  constexpr std::size_t kHeaderBytes = 8;
  constexpr int kNegative = 0x4000;
  const std::optional<Decimal> number = read_decimal(text);
  if (!number) return nullptr;
  char* digits = out + kHeaderBytes;
  const std::size_t odd = number->whole.size() % 4;
  char* end = write_groups(number->whole, odd == 0 ? 4 : odd, digits);
  int weight = static_cast<int>((end - digits) / 2) - 1;
  end = write_groups(number->fraction, 4, end);
  const auto is_zero = [](const char* group) { return group[0] == 0 && group[1] == 0; };
  const char* first = digits;
  for (; first < end && is_zero(first); first += 2) --weight;
  while (first < end && is_zero(end - 2)) end -= 2;
  const std::size_t size = static_cast<std::size_t>(end - first);
  if (first != digits) std::memmove(digits, first, size);
  if (size == 0) weight = 0;
  char* header = write_int16(static_cast<int>(size / 2), out);
  header = write_int16(weight, header);
  header = write_int16(number->is_negative && size > 0 ? kNegative : 0, header);
  header = write_int16(static_cast<int>(number->fraction.size()), header);
  return header + size;
}

char* write_jsonb(std::string_view text, char* out) {
  constexpr char kVersion = 1;
  *out++ = kVersion;
  return write_text(text, out);
}

}  // namespace

char* write_int16(int value, char* out) {
  return write_big_endian(static_cast<std::uint16_t>(value), out);
}

char* write_int32(std::int32_t value, char* out) {
  return write_big_endian(static_cast<std::uint32_t>(value), out);
}

char* write_int64(std::int64_t value, char* out) {
  return write_big_endian(static_cast<std::uint64_t>(value), out);
}

char* write_binary(SqlType type, std::string_view text, char* out) {
  switch (type) {
    case SqlType::kText:
      return write_text(text, out);
    case SqlType::kBigint:
      return write_bigint(text, out);
    case SqlType::kNumeric:
      return write_numeric(text, out);
    case SqlType::kDate:
      return write_date(text, out);
    case SqlType::kTimestamptz:
      return write_timestamp(text, out);
    case SqlType::kBoolean:
      return write_boolean(text, out);
    case SqlType::kJsonb:
      return write_jsonb(text, out);
  }
  return nullptr;
}

}  // namespace homeroom::load
