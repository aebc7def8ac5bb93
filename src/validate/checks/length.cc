#include <limits>

#include <fmt/format.h>

#include "base/text.h"
#include "validate/check.h"

namespace homeroom::validate {
namespace {

constexpr std::size_t kMaxBytesPerCharacter = 4;  // of UTF-8

class LengthChecker : public ColumnChecker {
 public:
  explicit LengthChecker(const contract::Column& declared)
      : min_length_(declared.min_length.value_or(0)),
        max_length_(declared.max_length.value_or(std::numeric_limits<std::size_t>::max())),
        too_short_(with_why(fmt::format("has fewer than {} characters", min_length_), &declared)),
        too_long_(with_why(fmt::format("has more than {} characters", max_length_), &declared)) {}

  void check(std::span<const Cell> cells, std::vector<RowProblem>& out) override {
    for (std::size_t row = 0; row < cells.size(); ++row) {
      const std::size_t num_bytes = cells[row].size;
      if (!cells[row].has_value() || is_surely_within(num_bytes)) continue;
      const std::size_t length = count_characters(cells[row].text());
      if (length >= min_length_ && length <= max_length_) continue;
      add_problem(out, row, length < min_length_ ? too_short_ : too_long_);
    }
  }

 private:
  // Bytes alone decide where characters of any size would lead to the same answer.
  [[nodiscard]] bool is_surely_within(std::size_t num_bytes) const {
    const std::size_t min_characters =
        (num_bytes + kMaxBytesPerCharacter - 1) / kMaxBytesPerCharacter;
    return num_bytes <= max_length_ && min_characters >= min_length_;
  }

  std::size_t min_length_;
  std::size_t max_length_;
  std::string too_short_;
  std::string too_long_;
};

Result<std::unique_ptr<ColumnChecker>> bind(const CheckedColumn& column) {
  const contract::Column* declared = column.declared;
  if (declared == nullptr || (!declared->min_length && !declared->max_length)) return nullptr;
  if (declared->min_length && declared->max_length &&
      *declared->min_length > *declared->max_length) {
    return fail_declaration(*declared, "its minLength is above its maxLength",
                            "no value can satisfy both: correct one of them");
  }
  return std::make_unique<LengthChecker>(*declared);
}

constexpr Example kExamples[] = {
    {.in = "0012345", .reason = "", .min_length = 4, .max_length = 7},
    {.in = "123", .reason = "has fewer than 4 characters", .min_length = 4},
    {.in = "12345678", .reason = "has more than 7 characters", .max_length = 7},
    {.in = "Nguyễn", .reason = "", .max_length = 6},
    {.in = "éé", .reason = "has fewer than 3 characters", .min_length = 3},
    {.in = "éééé",
     .reason = "has more than 3 characters (the state takes three)",
     .max_length = 3,
     .why = "the state takes three"},
};

}  // namespace

extern const Check check_length = {
    .name = "length",
    .summary = "Text has as many characters as declared; characters are Unicode code points",
    .bind_column = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
