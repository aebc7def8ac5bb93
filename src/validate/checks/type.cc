#include <algorithm>
#include <charconv>
#include <optional>

#include "base/date.h"
#include "base/word.h"
#include "validate/check.h"
#include "validate/decimal.h"

namespace homeroom::validate {
namespace {

constexpr std::size_t kDateSize = 10;  // YYYY-MM-DD
constexpr std::size_t kTimeSize = 8;   // HH:MM:SS

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

// At most eight digits: nearly all whole numbers there are.
bool is_short_number(std::string_view text) {
  if (text.empty() || text.size() > 8) return false;
  if (text.size() == 8) return are_digits(load_word(text.data()));
  return are_digits(load_short_word(text.data(), text.size()) | (spread('0') << (text.size() * 8)));
}

bool is_bigint(std::string_view text) {
  if (is_short_number(text)) return true;
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stopped == end;
}

bool is_numeric(std::string_view text) {
  constexpr std::size_t kMaxWhole = 131072;  // PostgreSQL 15 manual, table 8.2
  constexpr std::size_t kMaxFraction = 16383;
  if (is_short_number(text)) return true;
  const auto number = parse_decimal(text);
  return number && number->whole.size() <= kMaxWhole && number->fraction.size() <= kMaxFraction;
}

bool is_date(std::string_view text) {
  return is_iso_date(text);
}

bool is_boolean(std::string_view text) {
  return text == "true" || text == "false";
}

// The number of two digits at `text`, or 99.
int two_digits(std::string_view text) {
  if (!is_digit(text[0]) || !is_digit(text[1])) return 99;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

// HH:MM:SS; a second of 60 is left to whoever reads clocks.
bool is_time(std::string_view text) {
  return two_digits(text) < 24 && text[2] == ':' && two_digits(text.substr(3)) < 60 &&
         text[5] == ':' && two_digits(text.substr(6)) < 60;
}

// "", "Z", "+HH", "+HHMM" or "+HH:MM"; PostgreSQL takes less than 16 hours.
bool is_zone(std::string_view text) {
  if (text.empty() || text == "Z") return true;
  const bool has_colon = text.size() == 6;
  const bool is_size = text.size() == 3 || text.size() == 5 || has_colon;
  if (!is_size || (text[0] != '+' && text[0] != '-') || two_digits(text.substr(1)) > 15) {
    return false;
  }
  if (text.size() == 3) return true;
  return (!has_colon || text[3] == ':') && two_digits(text.substr(text.size() - 2)) < 60;
}

// YYYY-MM-DD, blank or T, HH:MM:SS, a fraction or none, a zone or none.
bool is_timestamp(std::string_view text) {
  constexpr std::size_t kSize = kDateSize + 1 + kTimeSize;
  if (text.size() < kSize || !is_date(text.substr(0, kDateSize))) return false;
  if (text[kDateSize] != ' ' && text[kDateSize] != 'T') return false;
  if (!is_time(text.substr(kDateSize + 1, kTimeSize))) return false;
  text.remove_prefix(kSize);
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const auto end = std::ranges::find_if_not(text, is_digit);
    if (end == text.begin()) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
  }
  return is_zone(text);
}

template <bool (*IsOfType)(std::string_view)>
class TypeChecker : public ColumnChecker {
 public:
  explicit TypeChecker(std::string reason) : reason_(std::move(reason)) {}

  void check(std::span<const Cell> cells, std::vector<RowProblem>& out) override {
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (!cells[row].has_value() || IsOfType(cells[row].text())) continue;
      add_problem(out, row, reason_);
    }
  }

 private:
  std::string reason_;
};

template <bool (*IsOfType)(std::string_view)>
std::unique_ptr<ColumnChecker> make_checker(const char* reason, const CheckedColumn& column) {
  return std::make_unique<TypeChecker<IsOfType>>(with_why(reason, column.declared));
}

Result<std::unique_ptr<ColumnChecker>> bind(const CheckedColumn& column) {
  switch (column.table->type) {
    case SqlType::kBigint:
      return make_checker<is_bigint>("is not a whole number of at most 64 bits", column);
    case SqlType::kNumeric:
      return make_checker<is_numeric>("is not a number", column);
    case SqlType::kDate:
      return make_checker<is_date>("is not a day written YYYY-MM-DD", column);
    case SqlType::kTimestamptz:
      return make_checker<is_timestamp>("is not a time written YYYY-MM-DD HH:MM:SS", column);
    case SqlType::kBoolean:
      return make_checker<is_boolean>("is neither true nor false", column);
    case SqlType::kText:
    case SqlType::kJsonb:  // made by shape, never read from a file
      return nullptr;
  }
  return nullptr;
}

using contract::Kind;
constexpr const char* kNoInteger = "is not a whole number of at most 64 bits";
constexpr const char* kNoTime = "is not a time written YYYY-MM-DD HH:MM:SS";
constexpr Example kExamples[] = {
    {.in = "-42", .reason = "", .kind = Kind::kInteger},
    {.in = "9223372036854775807", .reason = "", .kind = Kind::kInteger},
    {.in = "9223372036854775808", .reason = kNoInteger, .kind = Kind::kInteger},
    {.in = "4.5", .reason = kNoInteger, .kind = Kind::kInteger},
    {.in = "4.50", .reason = "", .kind = Kind::kDecimal},
    {.in = "4,5", .reason = "is not a number", .kind = Kind::kDecimal},
    {.in = "1e9", .reason = "is not a number", .kind = Kind::kDecimal},
    {.in = "2024-02-29", .reason = "", .kind = Kind::kDate},
    {.in = "2025-02-29",
     .reason = "is not a day written YYYY-MM-DD (counted by day)",
     .kind = Kind::kDate,
     .why = "counted by day"},
    {.in = "2025-09-11 07:12:33", .reason = "", .kind = Kind::kTimestamp},
    {.in = "2025-09-11T07:12:33.5+05:30", .reason = "", .kind = Kind::kTimestamp},
    {.in = "2025-09-11T07:12:33Z", .reason = "", .kind = Kind::kTimestamp},
    {.in = "2025-09-11 24:12:33", .reason = kNoTime, .kind = Kind::kTimestamp},
    {.in = "2025-09-11 07:12:33.", .reason = kNoTime, .kind = Kind::kTimestamp},
    {.in = "2025-09-11 07:12:33+16", .reason = kNoTime, .kind = Kind::kTimestamp},
    {.in = "2025-09-11 07:12:33 EST", .reason = kNoTime, .kind = Kind::kTimestamp},
    {.in = "true", .reason = "", .kind = Kind::kBoolean},
    {.in = "yes", .reason = "is neither true nor false", .kind = Kind::kBoolean},
    {.in = "anything", .reason = "", .kind = Kind::kText},
};

}  // namespace

extern const Check check_type = {
    .name = "type",
    .summary = "A value can be stored as its column's type",
    .bind_column = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
