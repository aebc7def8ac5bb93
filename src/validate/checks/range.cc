#include <charconv>
#include <compare>
#include <cstring>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "base/date.h"
#include "base/word.h"
#include "validate/check.h"
#include "validate/decimal.h"

namespace homeroom::validate {
namespace {

using contract::Kind;

constexpr std::size_t kDateSize = 10;  // YYYY-MM-DD, also at the front of a timestamp

// Whole numbers of at most 18 digits, nearly all there are.
std::optional<std::int64_t> parse_short_integer(std::string_view text) {
  constexpr std::size_t kSafeSize = 18;
  std::int64_t number = 0;
  if (text.size() > kSafeSize) return std::nullopt;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

// A declared bound: its text as declared, and as a short whole number where it is one.
struct Bound {
  std::string text;
  std::string reason;
  std::optional<std::int64_t> integer;
};

class NumberRange : public ColumnChecker {
 public:
  NumberRange(std::optional<Bound> minimum, std::optional<Bound> maximum)
      : minimum_(std::move(minimum)), maximum_(std::move(maximum)) {
    if (minimum_) lowest_ = parse_decimal(minimum_->text);
    if (maximum_) highest_ = parse_decimal(maximum_->text);
    has_integer_bounds_ = (!minimum_ || minimum_->integer.has_value()) &&
                          (!maximum_ || maximum_->integer.has_value());
    if (minimum_) lowest_integer_ = minimum_->integer.value_or(lowest_integer_);
    if (maximum_) highest_integer_ = maximum_->integer.value_or(highest_integer_);
  }

  void check(std::span<const Cell> cells, std::vector<RowProblem>& out) override {
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (!cells[row].has_value()) continue;
      const Bound* broken = find_broken(cells[row].text());
      if (broken == nullptr) continue;
      add_problem(out, row, broken->reason);
    }
  }

 private:
  // Text that is no number is the business of `type`.
  [[nodiscard]] const Bound* find_broken(std::string_view text) const {
    if (has_integer_bounds_ && is_surely_within(text)) return nullptr;
    const auto number = parse_decimal(text);
    if (!number) return nullptr;
    if (lowest_ && compare(*number, *lowest_) < 0) return &*minimum_;
    return highest_ && compare(*number, *highest_) > 0 ? &*maximum_ : nullptr;
  }

  // By the digits before the point: strictly between the bounds, what follows cannot matter.
  [[nodiscard]] bool is_surely_within(std::string_view text) const {
    std::int64_t whole = 0;
    if (text.size() < 8 && !text.empty()) {  // nearly always digits alone
      const std::uint64_t digits = load_short_word(text.data(), text.size())
                                   << ((8 - text.size()) * 8);
      const std::uint64_t zeros = spread('0') >> (text.size() * 8);
      if (are_digits(digits | zeros)) {
        whole = number_of_digits(digits | zeros);
        return whole >= lowest_integer_ && whole <= highest_integer_;
      }
    }
    const char* const text_end = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), text_end, whole);
    if (error != std::errc{}) return false;
    if (end == text_end) return whole >= lowest_integer_ && whole <= highest_integer_;
    return whole > lowest_integer_ && whole < highest_integer_;
  }

  std::optional<Bound> minimum_;
  std::optional<Bound> maximum_;
  std::optional<Decimal> lowest_;  // views the bounds' texts
  std::optional<Decimal> highest_;
  bool has_integer_bounds_ = false;
  std::int64_t lowest_integer_ = std::numeric_limits<std::int64_t>::min();
  std::int64_t highest_integer_ = std::numeric_limits<std::int64_t>::max();
};

// Ten bytes that order as their text does.
struct DayText {
  std::uint64_t head = 0;
  std::uint16_t tail = 0;

  explicit DayText(std::string_view day) {
    head = __builtin_bswap64(load_word(day.data()));
    std::memcpy(&tail, day.data() + 8, sizeof tail);
    tail = __builtin_bswap16(tail);
  }

  auto operator<=>(const DayText&) const = default;
};

// ISO dates compare as text.
class DateRange : public ColumnChecker {
  static constexpr std::string_view kEarliest = "0000-00-00";
  static constexpr std::string_view kLatest = "9999-99-99";

 public:
  DateRange(std::optional<Bound> minimum, std::optional<Bound> maximum)
      : minimum_(std::move(minimum)),
        maximum_(std::move(maximum)),
        first_(minimum_ ? minimum_->text : kEarliest),
        last_(maximum_ ? maximum_->text : kLatest) {}

  void check(std::span<const Cell> cells, std::vector<RowProblem>& out) override {
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (!cells[row].has_value() || cells[row].size < kDateSize) continue;
      const DayText day(cells[row].text());
      const Bound* broken = nullptr;
      if (minimum_ && day < first_) broken = &*minimum_;
      if (maximum_ && day > last_) broken = &*maximum_;
      if (broken == nullptr) continue;
      add_problem(out, row, broken->reason);
    }
  }

 private:
  std::optional<Bound> minimum_;
  std::optional<Bound> maximum_;
  DayText first_;
  DayText last_;
};

bool is_date(Kind kind) {
  return kind == Kind::kDate || kind == Kind::kTimestamp;
}

bool is_number(Kind kind) {
  return kind == Kind::kInteger || kind == Kind::kDecimal || kind == Kind::kPercent ||
         kind == Kind::kSchoolYear;
}

Result<std::optional<Bound>> make_bound(const contract::Column& declared,
                                        const std::optional<std::string>& text,
                                        std::string_view name, std::string_view word) {
  if (!text) return std::nullopt;
  const bool is_readable =
      is_date(declared.kind) ? parse_iso_date(*text).has_value() : parse_decimal(*text).has_value();
  if (!is_readable) {
    return fail_declaration(
        declared,
        fmt::format("its {} is not a {}", name, is_date(declared.kind) ? "date" : "number"),
        is_date(declared.kind) ? "write it as YYYY-MM-DD"
                               : "write digits, with a point before decimals");
  }
  return Bound{.text = *text,
               .reason = with_why(fmt::format("is {} {}", word, *text), &declared),
               .integer = parse_short_integer(*text)};
}

Result<std::unique_ptr<ColumnChecker>> bind(const CheckedColumn& column) {
  const contract::Column* declared = column.declared;
  if (declared == nullptr || (!declared->minimum && !declared->maximum)) return nullptr;
  if (!is_date(declared->kind) && !is_number(declared->kind)) {
    return fail_declaration(*declared, "only numbers and dates can have a minimum or maximum",
                            "drop them, or declare the column as a number or a date");
  }
  const bool is_day = is_date(declared->kind);
  auto minimum = HOMEROOM_TRY(
      make_bound(*declared, declared->minimum, "minimum", is_day ? "before" : "below"));
  auto maximum =
      HOMEROOM_TRY(make_bound(*declared, declared->maximum, "maximum", is_day ? "after" : "above"));
  if (is_day) return std::make_unique<DateRange>(std::move(minimum), std::move(maximum));
  return std::make_unique<NumberRange>(std::move(minimum), std::move(maximum));
}

constexpr Example kExamples[] = {
    {.in = "420", .reason = "", .kind = Kind::kInteger, .minimum = "0", .maximum = "420"},
    {.in = "421",
     .reason = "is above 420 (a school day has 420 minutes)",
     .kind = Kind::kInteger,
     .maximum = "420",
     .why = "a school day has 420 minutes"},
    {.in = "-1", .reason = "is below 0", .kind = Kind::kInteger, .minimum = "0"},
    {.in = "99999999999999999999",
     .reason = "is above 420",
     .kind = Kind::kInteger,
     .maximum = "420"},
    {.in = "100.00", .reason = "", .kind = Kind::kPercent, .minimum = "0", .maximum = "100"},
    {.in = "100.0000000000000000001",
     .reason = "is above 100",
     .kind = Kind::kPercent,
     .maximum = "100"},
    {.in = "0.1", .reason = "", .kind = Kind::kDecimal, .minimum = "0.1"},
    {.in = "0.09", .reason = "is below 0.1", .kind = Kind::kDecimal, .minimum = "0.1"},
    {.in = "2026-07-31", .reason = "", .kind = Kind::kDate, .maximum = "2026-07-31"},
    {.in = "2026-08-01",
     .reason = "is after 2026-07-31",
     .kind = Kind::kDate,
     .maximum = "2026-07-31"},
    {.in = "2024-07-31 08:00:00",
     .reason = "is before 2024-08-01",
     .kind = Kind::kTimestamp,
     .minimum = "2024-08-01"},
    {.in = "2026-07-31 23:59:59", .reason = "", .kind = Kind::kTimestamp, .maximum = "2026-07-31"},
};

}  // namespace

extern const Check check_range = {
    .name = "range",
    .summary = "Numbers and dates lie between the declared minimum and maximum, both included",
    .bind_column = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
