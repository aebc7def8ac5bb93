#include <charconv>
#include <string>

#include <fmt/format.h>

#include "base/date.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

constexpr std::string_view kUsualStart = "07-01";

class SchoolYearChecker : public RowChecker {
 public:
  SchoolYearChecker(std::uint32_t date, std::uint32_t year, std::string start, std::string reason)
      : date_(date), year_(year), start_(std::move(start)), reason_(std::move(reason)) {}

  void check(const CheckedRows& rows, std::vector<RowProblem>& out) override {
    const auto dates = rows.cells(date_);
    const auto years = rows.cells(year_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (!dates[row].has_value() || !years[row].has_value()) continue;
      if (is_within(dates[row].text(), years[row].text())) continue;
      out.push_back({.row = row, .column = date_, .reason = reason_});
    }
  }

 private:
  // From the start of the year before to the day before the next start.
  [[nodiscard]] bool is_within(std::string_view day, std::string_view year) const {
    int end = 0;
    int number = 0;
    if (day.size() < 10 || !read(year, end) || !read(day.substr(0, 4), number)) return true;
    return end == number + (day.substr(5, 5) >= start_ ? 1 : 0);
  }

  static bool read(std::string_view text, int& out) {
    const char* const end = text.data() + text.size();
    return std::from_chars(text.data(), end, out).ptr == end;
  }

  std::uint32_t date_;
  std::uint32_t year_;
  std::string start_;  // MM-DD
  std::string reason_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  const std::string* given = quality.find("starts");
  const std::string start(given == nullptr ? kUsualStart : std::string_view(*given));
  if (!parse_iso_date(fmt::format("2024-{}", start))) {
    return fail_quality(quality, "starts is not a day of the year", "write starts: '07-01'");
  }
  const CheckedColumn* date = HOMEROOM_TRY(own_column(quality, table, facts));
  const std::string* named = quality.find("year");
  const CheckedColumn* year =
      HOMEROOM_TRY(find_column(quality, table, facts, named == nullptr ? "school_year" : *named));
  if (date == nullptr || year == nullptr) return BoundQuality{};
  const SqlType type = date->table->type;
  if (type != SqlType::kDate && type != SqlType::kTimestamptz) {
    return fail_quality(quality, "only a date lies within a year", "declare the column as a date");
  }
  std::string reason = fmt::format("is not within the school year of its row, from {}", start);
  return BoundQuality{.rows = std::make_unique<SchoolYearChecker>(
                          date->index, year->index, start, with_why(std::move(reason), quality))};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: in_school_year}}",
     .columns = "day:date school_year:school_year",
     .rows = "2025-07-01|2026 / 2026-06-30|2026 / 2025-06-30|2026 / |2026",
     .says = "line 4, day: is not within the school year of its row, from 07-01"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: in_school_year, year: sy, "
             "starts: '08-15'}}",
     .columns = "day:date sy:school_year",
     .rows = "2026-08-14|2026 / 2025-08-14|2026",
     .says = "line 3, day: is not within the school year of its row, from 08-15"},
};

}  // namespace

extern const QualityCheck check_in_school_year = {
    .name = "in_school_year",
    .summary =
        "A date lies in the school year that the row's column `year` (school_year) says, "
        "which begins on `starts` (07-01)",
    .arguments = "column year starts",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
