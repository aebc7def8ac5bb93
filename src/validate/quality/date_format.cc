#include "contract/quality/date_format.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class FormatOfFile : public RowChecker {
 public:
  FormatOfFile(std::uint32_t column, contract::DateFormat format, std::string reason)
      : column_(column), format_(std::move(format)), reason_(std::move(reason)) {}

  void check(const CheckedRows& rows, std::vector<RowProblem>& out) override {
    if (rows.file_cell == nullptr) return;
    const auto cells = rows.cells(column_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (!cells[row].has_value()) continue;
      const Cell* written = (*rows.file_cell)(column_, row);
      if (written == nullptr || format_.matches(trim(written->text()))) continue;
      out.push_back({.row = row, .column = column_, .reason = reason_});
    }
  }

 private:
  std::uint32_t column_;
  contract::DateFormat format_;
  std::string reason_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  const std::string* text = quality.find("format");
  const auto format = text == nullptr ? std::nullopt : contract::DateFormat::parse(*text);
  if (!format) {
    return fail_quality(quality, text == nullptr ? "it has no format" : "its format is none",
                        "write format: MM/dd/yyyy, of yyyy, yy, MM, M, MMM, MMMM, dd, d and for "
                        "times HH, h, mm, ss, a");
  }
  const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
  if (column == nullptr) return BoundQuality{};
  const SqlType type = column->table->type;
  if (type != SqlType::kDate && type != SqlType::kTimestamptz) {
    return fail_quality(quality, "the column holds no dates", "declare it as a date or timestamp");
  }
  return BoundQuality{
      .rows = std::make_unique<FormatOfFile>(
          column->index, *format,
          with_why(fmt::format("is not written as {} in the file", *text), quality))};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: date_format, format: "
             "MM/dd/yyyy}}",
     .columns = "day:date",
     .rows = "2025-11-03 / 2025-11-04 / 2025-11-05 / ",
     .says = "line 3, day: is not written as MM/dd/yyyy in the file; line 4, day: is not written "
             "as MM/dd/yyyy in the file",
     .file_rows = "11/03/2025 / 11/4/2025 / 2025-11-05 / N/A"},
    {.yaml = "{type: custom, engine: homeroom, severity: warning, description: The state takes no "
             "other., implementation: {check: date_format, format: d-MMM-yyyy}}",
     .columns = "day:date",
     .rows = "2025-11-03 / 2025-11-04",
     .says = "warning: 1 row (50 %): is not written as d-MMM-yyyy in the file (The state takes no "
             "other), first at line 3",
     .file_rows = "3-Nov-2025 / 2025-11-04"},
};

}  // namespace

extern const QualityCheck check_date_format = {
    .name = "date_format",
    .summary =
        "Dates are written in the file as `format` says (yyyy, yy, MM, M, MMM, MMMM, dd, d, and "
        "for times HH, h, mm, ss, a); of a column that could be read either way it says whether "
        "the month or the day comes first",
    .arguments = "format column",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
