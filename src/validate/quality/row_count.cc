#include <string>

#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class RowCounter : public FigureChecker {
 public:
  explicit RowCounter(const contract::Quality& quality)
      : FigureChecker(quality, kWholeRow, "the number of rows") {}

  Status observe(const CheckedRows& rows, std::span<const LineNumber> /*lines*/) override {
    for (RowIndex row = 0; row < rows.num_rows; ++row) count_ += rows.is_left_out(row) ? 0 : 1;
    return {};
  }

 private:
  Result<std::optional<std::string>> figure() override { return std::to_string(count_); }

  std::uint64_t count_ = 0;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& /*table*/,
                          const CheckFacts& /*facts*/) {
  HOMEROOM_TRY(need_bound(quality));
  return BoundQuality{.file = std::make_unique<RowCounter>(quality)};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{metric: rowCount, mustBeGreaterThan: 2, description: Each school sends its clubs.}",
     .columns = "club:text",
     .rows = "Chess / Choir",
     .says = "error: the number of rows is 2, must be more than 2 (Each school sends its clubs)",
     .is_of_dataset = true},
    {.yaml = "{metric: rowCount, mustBeBetween: [1, 9], severity: warning}",
     .columns = "club:text",
     .rows = "Chess / Choir",
     .says = "",
     .is_of_dataset = true},
};

}  // namespace

extern const QualityCheck check_row_count = {
    .name = "row_count",
    .summary = "How many rows the file has, those set aside included",
    .arguments = "",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
