#include <string>

#include <fmt/format.h>

#include "base/date.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class FutureChecker : public RowChecker {
 public:
  FutureChecker(std::uint32_t column, std::string last_day, std::string reason)
      : column_(column), last_day_(std::move(last_day)), reason_(std::move(reason)) {}

  void check(const CheckedRows& rows, std::vector<RowProblem>& out) override {
    const auto cells = rows.cells(column_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      const Cell& cell = cells[row];
      if (!cell.has_value() || cell.text().substr(0, last_day_.size()) <= last_day_) continue;
      out.push_back({.row = row, .column = column_, .reason = reason_});
    }
  }

 private:
  std::uint32_t column_;
  std::string last_day_;
  std::string reason_;
};

constexpr double kMostDays = 36'525;  // a hundred years

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
  const double days = HOMEROOM_TRY(number_of(quality, "days", 0));
  if (days < -kMostDays || days > kMostDays) {
    return fail_quality(quality, "days is out of range", "write a number of days, such as 7");
  }
  if (column == nullptr || !facts.today) return BoundQuality{};
  if (column->table->type != SqlType::kDate && column->table->type != SqlType::kTimestamptz) {
    return fail_quality(quality, "only a date can lie in the future", "take the check away");
  }
  const CivilDate last = to_civil_date(to_day_number(*facts.today) + static_cast<DayNumber>(days));
  std::string day(10, ' ');
  write_iso_date(last, day.data());
  std::string reason = fmt::format("is after {}, in the future", day);
  return BoundQuality{.rows = std::make_unique<FutureChecker>(column->index, std::move(day),
                                                              with_why(reason, quality))};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: not_in_future}}",
     .columns = "day:date",
     .rows = "2025-11-27 / 2025-11-28 / ",
     .says = "line 3, day: is after 2025-11-27, in the future"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: not_in_future, days: 7}}",
     .columns = "day:date",
     .rows = "2025-12-04 / 2025-12-05",
     .says = "line 3, day: is after 2025-12-04, in the future"},
};

}  // namespace

extern const QualityCheck check_not_in_future = {
    .name = "not_in_future",
    .summary = "A date is not after the day of the run, or not more than `days` after it",
    .arguments = "column days",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
