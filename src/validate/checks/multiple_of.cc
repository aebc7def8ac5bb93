#include <string>

#include <fmt/format.h>

#include "validate/check.h"
#include "validate/decimal.h"
#include "validate/exact_sum.h"

namespace homeroom::validate {
namespace {

using contract::Kind;

// Of a step: a number with more of them is no multiple of it.
constexpr std::size_t kDecimals = 9;

class MultipleChecker : public ColumnChecker {
 public:
  MultipleChecker(ExactSum step, std::string reason) : step_(step), reason_(std::move(reason)) {}

  void check(std::span<const Cell> cells, std::vector<RowProblem>& out) override {
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (!cells[row].has_value()) continue;
      const auto number = parse_decimal(cells[row].text());
      if (!number) continue;  // the business of `type`
      ExactSum value;
      const bool is_multiple = value.add(cells[row].text()) ? value.is_multiple_of(step_)
                                                            : number->fraction.size() <= kDecimals;
      if (!is_multiple) add_problem(out, row, reason_);
    }
  }

 private:
  ExactSum step_;
  std::string reason_;
};

Result<std::unique_ptr<ColumnChecker>> bind(const CheckedColumn& column) {
  const contract::Column* declared = column.declared;
  if (declared == nullptr || !declared->multiple_of) return nullptr;
  const std::string& text = *declared->multiple_of;
  ExactSum step;
  const bool is_step = step.add(text) && step.text() != "0";
  const SqlType type = column.table->type;
  if (!is_step || (type != SqlType::kBigint && type != SqlType::kNumeric)) {
    return fail_declaration(*declared, "its multipleOf cannot be checked",
                            "give it to a number, with at most nine digits behind the point");
  }
  return std::make_unique<MultipleChecker>(
      step, with_why(fmt::format("is not a multiple of {}", text), declared));
}

constexpr Example kExamples[] = {
    {.in = "1.5", .reason = "", .kind = Kind::kDecimal, .multiple_of = "0.5"},
    {.in = "-10", .reason = "", .kind = Kind::kInteger, .multiple_of = "5"},
    {.in = "0.3", .reason = "", .kind = Kind::kDecimal, .multiple_of = "0.1"},
    {.in = "1.25",
     .reason = "is not a multiple of 0.5 (days count by halves)",
     .kind = Kind::kDecimal,
     .why = "days count by halves",
     .multiple_of = "0.5"},
};

}  // namespace

extern const Check check_multiple_of = {
    .name = "multiple_of",
    .summary = "Numbers are multiples of the declared one, exactly",
    .bind_column = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
