#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

constexpr double kUsualDeviations = 6;
constexpr std::uint64_t kFewest = 20;  // of fewer values none can lie far from the mean

// The mean and spread of the others say how far the farthest one lies out.
class OutlierChecker : public FileChecker {
 public:
  OutlierChecker(const contract::Quality& quality, const CheckedColumn& column, double deviations)
      : quality_(&quality), column_(column.index), deviations_(deviations) {}

  Status observe(const CheckedRows& rows, std::span<const LineNumber> lines) override {
    const auto cells = rows.cells(column_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (rows.is_left_out(row) || !cells[row].has_value()) continue;
      const std::string_view text = cells[row].text();
      double number = 0;
      const char* const end = text.data() + text.size();
      if (std::from_chars(text.data(), end, number).ptr == end) add(number, lines[row]);
    }
    return {};
  }

  Status finish(FileVerdict& out) override {
    if (count_ < kFewest) return {};
    judge(lowest_, "below", out);
    judge(highest_, "above", out);
    return {};
  }

 private:
  struct Extreme {
    double number = 0;
    LineNumber line = 0;
  };

  void add(double number, LineNumber line) {
    ++count_;
    if (count_ == 1 || number < lowest_.number) lowest_ = {number, line};
    if (count_ == 1 || number > highest_.number) highest_ = {number, line};
    // Welford, "Note on a method for calculating corrected sums of squares and products", 1962.
    const double before = number - mean_;
    mean_ += before / static_cast<double>(count_);
    squares_ += before * (number - mean_);
  }

  void judge(const Extreme& extreme, std::string_view side, FileVerdict& out) const {
    const auto others = static_cast<double>(count_ - 1);
    const double mean = (mean_ * static_cast<double>(count_) - extreme.number) / others;
    const double squares = squares_ - (extreme.number - mean_) * (extreme.number - mean);
    const double spread = std::sqrt(std::max(0.0, squares) / (others - 1));
    const double distance = std::abs(extreme.number - mean);
    if (spread == 0 ? distance == 0 : distance <= deviations_ * spread) return;
    std::string what = spread == 0
                           ? fmt::format("a value lies {} all others, which are equal", side)
                           : fmt::format(
                                 "a value lies {:.1f} standard deviations {} the mean of "
                                 "the others",
                                 distance / spread, side);
    out.findings.push_back(
        {.line = extreme.line, .column = column_, .message = with_why(std::move(what), *quality_)});
  }

  const contract::Quality* quality_;
  std::uint32_t column_;
  double deviations_;
  std::uint64_t count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
  Extreme lowest_;
  Extreme highest_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  const double deviations = HOMEROOM_TRY(number_of(quality, "deviations", kUsualDeviations));
  const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
  if (column == nullptr) return BoundQuality{};
  const SqlType type = column->table->type;
  if (type != SqlType::kBigint && type != SqlType::kNumeric) {
    return fail_quality(quality, "only numbers lie far from their mean",
                        "declare the column as a number");
  }
  return BoundQuality{.file = std::make_unique<OutlierChecker>(quality, *column, deviations)};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, severity: warning, implementation: {check: "
             "outliers}}",
     .columns = "score:integer",
     .rows = "200 / 201 / 199 / 200 / 201 / 199 / 200 / 201 / 199 / 200 / 201 / 199 / 200 / 201 / "
             "199 / 200 / 201 / 199 / 200 / 20",
     .says = "warning: a value lies 220.5 standard deviations below the mean of the others, first "
             "at line 21"},
    {.yaml = "{type: custom, engine: homeroom, severity: warning, implementation: {check: "
             "outliers, deviations: 3}}",
     .columns = "score:integer",
     .rows = "1 / 1000",
     .says = ""},
};

}  // namespace

extern const QualityCheck check_outliers = {
    .name = "outliers",
    .summary =
        "The least and the greatest value lie within `deviations` (6) standard deviations "
        "of the mean of the others; columns of fewer than 20 values pass",
    .arguments = "deviations column",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
