#include <array>
#include <optional>
#include <string_view>

#include "clean/characters.h"
#include "clean/column_edit.h"
#include "clean/rule.h"
#include "clean/school_year_text.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

void apply(const ColumnContext& context, ColumnEdit& edit) {
  for (const RowIndex row : edit.rows()) {
    const auto year = read_school_year(edit.text(row), context.school_year_is_start);
    if (!year) {
      edit.mark_bad(row, "not a school year");
      continue;
    }
    std::array<char, 4> out = {};
    write_two_digits(*year % 100, write_two_digits(*year / 100, out.data()));
    edit.replace(row, {out.data(), out.size()});
  }
}

constexpr std::array kKinds = {Kind::kSchoolYear};

constexpr Example example(std::string_view in, std::string_view out, bool is_start = false) {
  return {.in = in,
          .out = out,
          .state = out.empty() ? CellState::kBad : CellState::kValue,
          .kind = Kind::kSchoolYear,
          .school_year_is_start = is_start};
}

constexpr std::array kExamples = {
    example("2022-2023", "2023"),      example("2024-25", "2025"),
    example("2024/25", "2025"),        example("24-25", "2025"),
    example("1999-00", "2000"),        example("SY2025", "2025"),
    example("FY 25", "2025"),          example("SY 2024-25", "2025"),
    example("Fall 2023-2024", "2024"), example("FA23", "2024"),
    example("Spring2024", "2024"),     example("2025", "2026", true),
    example("2024-25", "2025", true),  example("2025.0", "2025"),
    example("2024-2026", ""),          example("Winter 2024", ""),
    example("this year", ""),
};

}  // namespace

extern const Rule rule_school_year = {
    .name = "school_year",
    .summary = "Writes a school year as the year it ends in: 2024-25 is 2025",
    .applies_to = kKinds,
    .order = 100,
    .looks_for = kUnread,
    .apply = apply,
    .examples = kExamples,
};

}  // namespace homeroom::clean
