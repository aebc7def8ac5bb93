#include <string>

#include <fmt/format.h>

#include "base/date.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

constexpr std::size_t kMonth = 7;  // YYYY-MM
constexpr std::size_t kDay = 10;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "2025-11" or "2025-11-03" at `at`, with "-", "_", "." or nothing between; empty: none.
std::string period_at(std::string_view name, std::size_t at) {
  std::string digits;
  std::size_t end = at;
  while (end < name.size() && digits.size() < 8) {
    const bool is_mark = name[end] == '-' || name[end] == '_' || name[end] == '.';
    const bool may_stand = digits.size() == 4 || digits.size() == 6;
    if (is_digit(name[end])) {
      digits += name[end];
    } else if (!is_mark || !may_stand || !is_digit(name[end - 1])) {
      break;
    }
    ++end;
  }
  const bool ends_here = end == name.size() || !is_digit(name[end]);
  if (!ends_here || (digits.size() != 6 && digits.size() != 8)) return {};
  const std::string month = fmt::format("{}-{}", digits.substr(0, 4), digits.substr(4, 2));
  const std::string day = digits.size() == 8 ? digits.substr(6, 2) : "01";
  if (digits < "1990" || digits >= "2100" || !parse_iso_date(month + "-" + day)) return {};
  return digits.size() == 8 ? month + "-" + day : month;
}

// The first day or month in a file's name; empty when it names none.
std::string period_of(std::string_view name) {
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (!is_digit(name[at]) || (at > 0 && is_digit(name[at - 1]))) continue;
    if (std::string period = period_at(name, at); !period.empty()) return period;
  }
  return {};
}

class PeriodChecker : public FileChecker {
 public:
  PeriodChecker(const contract::Quality& quality, const CheckedColumn& column, std::string period)
      : quality_(&quality), column_(column.index), period_(std::move(period)) {}

  Status observe(const CheckedRows& rows, std::span<const LineNumber> /*lines*/) override {
    const auto cells = rows.cells(column_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (rows.is_left_out(row) || !cells[row].has_value()) continue;
      const std::string_view day = cells[row].text().substr(0, kDay);
      if (first_.empty() || day < first_) first_ = day;
      if (last_.empty() || day > last_) last_ = day;
    }
    return {};
  }

  // A month is that of all rows; a day, on which the file was written, is not before the last.
  Status finish(FileVerdict& out) override {
    if (last_.empty()) return {};
    const bool is_month = period_.size() == kMonth;
    const bool is_right =
        is_month ? first_.substr(0, kMonth) == period_ && last_.substr(0, kMonth) == period_
                 : last_ <= period_;
    if (is_right) return {};
    std::string what =
        fmt::format("the file's name says {}, its rows are of {} to {}", period_, first_, last_);
    out.findings.push_back({.column = column_, .message = with_why(std::move(what), *quality_)});
    return {};
  }

 private:
  const contract::Quality* quality_;
  std::uint32_t column_;
  std::string period_;
  std::string first_;
  std::string last_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
  std::string period = period_of(facts.file_name);
  if (column == nullptr) return BoundQuality{};
  const SqlType type = column->table->type;
  if (type != SqlType::kDate && type != SqlType::kTimestamptz) {
    return fail_quality(quality, "only a date has a period", "declare the column as a date");
  }
  if (period.empty()) return BoundQuality{};
  return BoundQuality{.file = std::make_unique<PeriodChecker>(quality, *column, std::move(period))};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: period_in_name}}",
     .columns = "day:date",
     .rows = "2025-11-03 / 2025-12-01",
     .says = "error: the file's name says 2025-11, its rows are of 2025-11-03 to 2025-12-01"},
    {.yaml = "{type: custom, engine: homeroom, severity: warning, description: It is the month's "
             "file., implementation: {check: period_in_name}}",
     .columns = "day:date",
     .rows = "2025-11-03 / 2025-11-04",
     .says = "warning: the file's name says 2025-10, its rows are of 2025-11-03 to 2025-11-04 (It "
             "is the month's file)",
     .file_name = "clubs_202510"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: period_in_name}}",
     .columns = "day:date",
     .rows = "2025-09-03 / 2025-11-04",
     .says = "",
     .file_name = "clubs_2025-11-04"},
};

}  // namespace

extern const QualityCheck check_period_in_name = {
    .name = "period_in_name",
    .summary =
        "The month that the file's name says is that of all its dates; a day in the name is "
        "not before the last of them. Names that say neither pass",
    .arguments = "column",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
