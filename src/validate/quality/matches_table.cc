#include <string>

#include "contract/quality/comparison.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

// The tables stand in the database: run/loading compares them.
Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& /*table*/,
                          const CheckFacts& /*facts*/) {
  const Result<contract::Comparison> comparison = contract::read_comparison(quality);
  if (!comparison) {
    return fail_quality(quality, comparison.error().message, comparison.error().hint);
  }
  return BoundQuality{};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: matches_table, table: "
             "students, mustBeBetween: [95, 105], unit: percent}}",
     .columns = "student:text",
     .rows = "3 rows beside 4 rows of students",
     .says = "error: the number of rows is 75 % of that in data.students, must be between 95 and "
             "105 %",
     .is_of_dataset = true},
    {.yaml = "{type: custom, engine: homeroom, severity: warning, implementation: {check: "
             "matches_table, table: sections, by: [school_year, section_id], figure: rows, "
             "theirFigure: sum(num_students)}}",
     .columns = "school_year:school_year section_id:text student:text",
     .rows = "1 of 20 sections has 2 students less",
     .says = "warning: in 1 of 20 groups by school_year, section_id the number of rows here less "
             "the sum of num_students in data.sections is not 0; the greatest difference is 2",
     .is_of_dataset = true},
};

}  // namespace

extern const QualityCheck check_matches_table = {
    .name = "matches_table",
    .summary =
        "A figure of the data set's table is that of another's, `table`, once the file is loaded, "
        "over all rows or in each group `by` (there `theirBy`): `figure` (there `theirFigure`) is "
        "rows, sum(column) or distinct(column); a bound holds the difference, in percent the share "
        "of the other. Judged at load, and not while the other table is empty",
    .arguments = "table figure their_figure by their_by",
    .bind = bind,
    .examples = kExamples,
    .is_of_load = true,
};

}  // namespace homeroom::validate
