#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/date.h"
#include "validate/check.h"
#include "validate/decimal.h"

namespace homeroom::validate {
namespace {

using contract::Kind;

constexpr std::size_t kDateSize = 10;  // YYYY-MM-DD, also at the front of a timestamp

struct Bound {
  std::string text;
  std::string reason;
};

class ExclusiveRange : public ColumnChecker {
 public:
  ExclusiveRange(std::optional<Bound> low, std::optional<Bound> high, bool is_date)
      : low_(std::move(low)), high_(std::move(high)), is_date_(is_date) {}

  void check(std::span<const Cell> cells, std::vector<RowProblem>& out) override {
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (!cells[row].has_value()) continue;
      const std::string_view text = cells[row].text();
      if (low_ && order(text, low_->text) <= 0) {
        add_problem(out, row, low_->reason);
      } else if (high_ && order(high_->text, text) <= 0) {
        add_problem(out, row, high_->reason);
      }
    }
  }

 private:
  // Text that is no number or date is the business of `type`.
  [[nodiscard]] std::strong_ordering order(std::string_view left, std::string_view right) const {
    if (is_date_) return left.substr(0, kDateSize).compare(right.substr(0, kDateSize)) <=> 0;
    const auto first = parse_decimal(left);
    const auto second = parse_decimal(right);
    return first && second ? compare(*first, *second) : std::strong_ordering::greater;
  }

  std::optional<Bound> low_;
  std::optional<Bound> high_;
  bool is_date_;
};

bool is_date(Kind kind) {
  return kind == Kind::kDate || kind == Kind::kTimestamp;
}

Result<std::optional<Bound>> make_bound(const contract::Column& declared,
                                        const std::optional<std::string>& text,
                                        std::string_view name, std::string_view word) {
  if (!text) return std::nullopt;
  const bool is_readable =
      is_date(declared.kind) ? parse_iso_date(*text).has_value() : parse_decimal(*text).has_value();
  if (!is_readable) {
    return fail_declaration(declared, fmt::format("its {} cannot be compared with", name),
                            "write digits, with a point before decimals; of a date YYYY-MM-DD");
  }
  return Bound{.text = *text,
               .reason = with_why(fmt::format("is not {} {}", word, *text), &declared)};
}

Result<std::unique_ptr<ColumnChecker>> bind(const CheckedColumn& column) {
  const contract::Column* declared = column.declared;
  if (declared == nullptr || (!declared->above && !declared->below)) return nullptr;
  const bool is_day = is_date(declared->kind);
  const SqlType type = column.table->type;
  if (!is_day && type != SqlType::kBigint && type != SqlType::kNumeric) {
    return fail_declaration(*declared, "only numbers and dates have an exclusive bound",
                            "drop it, or declare the column as a number or a date");
  }
  auto low = HOMEROOM_TRY(
      make_bound(*declared, declared->above, "exclusiveMinimum", is_day ? "after" : "above"));
  auto high = HOMEROOM_TRY(
      make_bound(*declared, declared->below, "exclusiveMaximum", is_day ? "before" : "below"));
  return std::make_unique<ExclusiveRange>(std::move(low), std::move(high), is_day);
}

constexpr Example kExamples[] = {
    {.in = "0", .reason = "is not above 0", .kind = Kind::kInteger, .above = "0"},
    {.in = "0.001", .reason = "", .kind = Kind::kDecimal, .above = "0", .below = "1"},
    {.in = "1.0",
     .reason = "is not below 1 (a share of the day)",
     .kind = Kind::kDecimal,
     .why = "a share of the day",
     .below = "1"},
    {.in = "2026-07-31", .reason = "", .kind = Kind::kDate, .below = "2026-08-01"},
    {.in = "2026-08-02",
     .reason = "is not before 2026-08-01",
     .kind = Kind::kDate,
     .below = "2026-08-01"},
};

}  // namespace

extern const Check check_exclusive_range = {
    .name = "exclusive_range",
    .summary = "Numbers and dates lie above exclusiveMinimum and below exclusiveMaximum",
    .bind_column = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
