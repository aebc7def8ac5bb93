#include "base/date.h"
#include "validate/check.h"

namespace homeroom::validate {
namespace {

using contract::Kind;

constexpr std::string_view kFirstDay = "1900-01-01";
constexpr std::string_view kLastDay = "2100-12-31";

// A side that has a declared bound is left to `range`, so that no cell is reported twice.
class PlausibleDateChecker : public ColumnChecker {
 public:
  explicit PlausibleDateChecker(const contract::Column& declared)
      : first_day_(declared.minimum ? "" : kFirstDay),
        last_day_(declared.maximum ? "~" : kLastDay),
        too_early_(with_why("is before 1900", &declared)),
        too_late_(with_why("is after 2100", &declared)) {}

  void check(std::span<const Cell> cells, std::vector<RowProblem>& out) override {
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (!cells[row].has_value()) continue;
      const std::string_view day = cells[row].text().substr(0, kLastDay.size());
      if (day.starts_with("20")) continue;  // as nearly all do
      if (day >= first_day_ && day <= last_day_) continue;
      if (!parse_iso_date(day)) continue;  // the business of `type`
      add_problem(out, row, day < first_day_ ? too_early_ : too_late_);
    }
  }

 private:
  std::string_view first_day_;
  std::string_view last_day_;
  std::string too_early_;
  std::string too_late_;
};

Result<std::unique_ptr<ColumnChecker>> bind(const CheckedColumn& column) {
  const contract::Column* declared = column.declared;
  if (declared == nullptr) return nullptr;
  if (declared->kind != Kind::kDate && declared->kind != Kind::kTimestamp) return nullptr;
  if (declared->minimum && declared->maximum) return nullptr;
  return std::make_unique<PlausibleDateChecker>(*declared);
}

constexpr Example kExamples[] = {
    {.in = "1900-01-01", .reason = "", .kind = Kind::kDate},
    {.in = "1899-12-31", .reason = "is before 1900", .kind = Kind::kDate},
    {.in = "2100-12-31", .reason = "", .kind = Kind::kDate},
    {.in = "2101-01-01",
     .reason = "is after 2100 (a day of school)",
     .kind = Kind::kDate,
     .why = "a day of school"},
    {.in = "0001-01-01 00:00:00", .reason = "is before 1900", .kind = Kind::kTimestamp},
    {.in = "1850-01-01", .reason = "", .kind = Kind::kDate, .minimum = "1800-01-01"},
    {.in = "1850-01-01", .reason = "", .kind = Kind::kText},
};

}  // namespace

extern const Check check_date_plausible = {
    .name = "date_plausible",
    .summary = "Dates lie in the years 1900 to 2100 where the contract sets no bounds of its own",
    .bind_column = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
