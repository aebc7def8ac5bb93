#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "validate/decimal.h"
#include "validate/exact_sum.h"
#include "validate/quality_check.h"
#include "validate/spill_sorter.h"

namespace homeroom::validate {
namespace {

enum class Of : std::uint8_t { kSum, kMean, kMinimum, kMaximum, kDeviation, kQuantile };

constexpr std::array<std::pair<std::string_view, Of>, 6> kNames = {
    {{"sum", Of::kSum},
     {"mean", Of::kMean},
     {"minimum", Of::kMinimum},
     {"maximum", Of::kMaximum},
     {"standard_deviation", Of::kDeviation},
     {"quantile", Of::kQuantile}}};

// A number that sorts by its bits.
struct SortedNumber {
  std::uint64_t bits = 0;

  explicit SortedNumber(double number = 0) {
    const auto raw = std::bit_cast<std::uint64_t>(number);
    bits = (raw >> 63U) != 0 ? ~raw : raw | (std::uint64_t{1} << 63U);
  }

  [[nodiscard]] double number() const {
    const bool is_positive = (bits >> 63U) != 0;
    return std::bit_cast<double>(is_positive ? bits & ~(std::uint64_t{1} << 63U) : ~bits);
  }

  [[nodiscard]] std::uint64_t prefix() const { return bits; }

  auto operator<=>(const SortedNumber&) const = default;
};

std::string decimal_text(double number) {
  std::string text = fmt::format("{:.6f}", number);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

// What a share times a count may lie above the whole number it is.
constexpr double kRounding = 1e-9;

class Statistic : public FigureChecker {
 public:
  Statistic(const contract::Quality& quality, const CheckFacts& facts, const CheckedColumn& column,
            Of of, std::string_view name, double quantile)
      : FigureChecker(quality, column.index, fmt::format("the {} of {}", name, column.table->name)),
        column_(column.index),
        of_(of),
        quantile_(quantile),
        values_(facts.scratch, facts.memory_bytes) {}

  Status observe(const CheckedRows& rows, std::span<const LineNumber> /*lines*/) override {
    const auto cells = rows.cells(column_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (rows.is_left_out(row) || !cells[row].has_value()) continue;
      HOMEROOM_TRY(add(cells[row].text()));
    }
    return {};
  }

 private:
  Status add(std::string_view text) {
    double number = 0;
    const char* const end = text.data() + text.size();
    if (std::from_chars(text.data(), end, number).ptr != end) return {};
    is_exact_ = sum_.add(text) && is_exact_;
    ++count_;
    // Welford, "Note on a method for calculating corrected sums of squares and products", 1962.
    const double before = number - mean_;
    mean_ += before / static_cast<double>(count_);
    squares_ += before * (number - mean_);
    if (of_ == Of::kMinimum || of_ == Of::kMaximum) note_extreme(text);
    if (of_ == Of::kQuantile) HOMEROOM_TRY(values_.add(SortedNumber(number)));
    return {};
  }

  void note_extreme(std::string_view text) {
    const auto number = parse_decimal(text);
    const auto known = parse_decimal(extreme_);
    if (!number) return;
    const bool is_further = !known || (of_ == Of::kMinimum ? compare(*number, *known) < 0
                                                           : compare(*number, *known) > 0);
    if (is_further) extreme_ = text;
  }

  Result<std::optional<std::string>> figure() override {
    if (of_ == Of::kSum) {
      return is_exact_ ? sum_.text() : decimal_text(mean_ * static_cast<double>(count_));
    }
    if (count_ == 0) return std::nullopt;
    switch (of_) {
      case Of::kMean:
        return decimal_text(is_exact_ ? sum_.approximate() / static_cast<double>(count_) : mean_);
      case Of::kMinimum:
      case Of::kMaximum:
        return extreme_;
      case Of::kDeviation:
        if (count_ < 2) return std::nullopt;
        return decimal_text(std::sqrt(squares_ / static_cast<double>(count_ - 1)));
      case Of::kQuantile:
      case Of::kSum:
        break;
    }
    return decimal_text(HOMEROOM_TRY(quantile()));
  }

  // The lowest value that the share of values wanted does not exceed.
  Result<double> quantile() {
    HOMEROOM_TRY(values_.finish());
    auto reader = values_.read();
    const auto rank = static_cast<std::uint64_t>(
        std::max(1.0, std::ceil(quantile_ * static_cast<double>(count_) - kRounding)));
    SortedNumber value;
    for (std::uint64_t i = 0; i < rank; ++i) HOMEROOM_TRY(reader.next(value));
    return value.number();
  }

  std::uint32_t column_;
  Of of_;
  double quantile_;
  ExactSum sum_;
  bool is_exact_ = true;
  std::uint64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
  std::string extreme_;  ///< as it stands in its cell: it is held against the bound exactly
  SpillSorter<SortedNumber> values_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  HOMEROOM_TRY(need_bound(quality));
  const std::string* name = quality.find("of");
  const auto known = std::ranges::find_if(
      kNames, [&](const auto& entry) { return name != nullptr && entry.first == *name; });
  if (known == kNames.end()) {
    return fail_quality(quality, "it does not say of what",
                        "write of: sum, mean, minimum, maximum, standard_deviation or quantile");
  }
  const double quantile = HOMEROOM_TRY(number_of(quality, "quantile", 0.5));
  if (quantile < 0 || quantile > 1) {
    return fail_quality(quality, "quantile is not from 0 to 1", "write 0.5 for the median");
  }
  const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
  if (column == nullptr) return BoundQuality{};
  const SqlType type = column->table->type;
  if (type != SqlType::kBigint && type != SqlType::kNumeric) {
    return fail_quality(quality, "only numbers have such a figure",
                        "declare the column as a number");
  }
  return BoundQuality{.file = std::make_unique<Statistic>(quality, facts, *column, known->second,
                                                          known->first, quantile)};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: statistic, of: sum, mustBe: "
             "0.3}}",
     .columns = "credits:decimal",
     .rows = "0.1 / 0.2 / ",
     .says = ""},
    {.yaml = "{type: custom, engine: homeroom, description: A mean below 100 is another scale., "
             "implementation: {check: statistic, of: mean, mustBeGreaterOrEqualTo: 100}}",
     .columns = "score:integer",
     .rows = "1 / 4 / 4",
     .says = "error: the mean of score is 3, must be at least 100 (A mean below 100 is another "
             "scale)"},
    {.yaml = "{type: custom, engine: homeroom, severity: warning, implementation: {check: "
             "statistic, of: quantile, quantile: 0.9, mustBeBetween: [1, 5]}}",
     .columns = "score:integer",
     .rows = "-3 / 4 / 9",
     .says = "warning: the quantile of score is 9, must be between 1 and 5"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: statistic, of: "
             "standard_deviation, mustBeGreaterThan: 0}}",
     .columns = "score:integer",
     .rows = "5 / 5",
     .says = "error: the standard_deviation of score is 0, must be more than 0"},
};

}  // namespace

extern const QualityCheck check_statistic = {
    .name = "statistic",
    .summary =
        "A figure of the column's numbers: `of` is sum (exact), mean, minimum, maximum, "
        "standard_deviation or quantile (`quantile`, 0.5 unless stated)",
    .arguments = "of quantile column",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
