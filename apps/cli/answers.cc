#include "answers.h"

#include <string>
#include <vector>

#include <fmt/format.h>

#include "terminal.h"

namespace homeroom::cli {
namespace {

using Align = Table::Align;

struct Answer {
  const char* title;
  const char* sql;
  std::vector<Table::Column> columns;
};

// Of the latest year that has attendance, else of the latest with incidents. Rounding is for
// people; the views have the figures.
const Answer& schools_answer() {
  static const Answer kAnswer = {"By school",
                                 R"(with year as (
           select max(y.school_year) as school_year
           from (
               select school_year from report.attendance_rate_by_school
               union all
               select school_year from report.incidents_by_school
           ) as y
         )
         select
             coalesce(a.school_name, i.school_name, s.school_id) as school,
             y.school_year,
             to_char(a.num_students, 'FM999,999,999') as students,
             to_char(100 * a.attendance_rate, 'FM990.0 %') as attendance,
             to_char(100 * c.chronic_rate, 'FM990.0 %') as chronic,
             to_char(i.incidents_per_100, 'FM990.0') as incidents,
             coalesce(a.hidden_reason, c.hidden_reason, i.hidden_reason) as hidden
         from year as y
         join (
             select school_id, school_year from report.attendance_rate_by_school
             union
             select school_id, school_year from report.incidents_by_school
         ) as s on s.school_year = y.school_year
         left join report.attendance_rate_by_school as a
             on a.school_id = s.school_id and a.school_year = s.school_year
         left join report.chronic_absence_by_school as c
             on c.school_id = s.school_id and c.school_year = s.school_year
         left join report.incidents_by_school as i
             on i.school_id = s.school_id and i.school_year = s.school_year
         order by 1
         limit 40)",
                                 {{"SCHOOL"},
                                  {"YEAR", Align::kRight},
                                  {"STUDENTS", Align::kRight},
                                  {"ATTENDANCE", Align::kRight},
                                  {"CHRONICALLY ABSENT", Align::kRight},
                                  {"INCIDENTS PER 100", Align::kRight},
                                  {"HIDDEN"}}};
  return kAnswer;
}

const Answer& scores_answer() {
  static const Answer kAnswer = {"Mean scores by school",
                                 R"(select
             coalesce(m.school_name, m.school_id) as school,
             m.assessment_id,
             m.subject,
             to_char(max(m.mean_score) filter (where m."window" = 'BOY'), 'FM9990.0') as fall,
             to_char(max(m.mean_score) filter (where m."window" = 'MOY'), 'FM9990.0') as winter,
             to_char(max(m.mean_score) filter (where m."window" = 'EOY'), 'FM9990.0') as spring,
             to_char(max(m.num_students), 'FM999,999,999') as students
         from report.mean_score_by_school as m
         where m."window" in ('BOY', 'MOY', 'EOY')
             and m.school_year = (
                 select max(l.school_year)
                 from report.mean_score_by_school as l
                 where l."window" in ('BOY', 'MOY', 'EOY')
             )
         group by 1, 2, 3
         order by 2, 3, 1
         limit 60)",
                                 {{"SCHOOL"},
                                  {"ASSESSMENT"},
                                  {"SUBJECT"},
                                  {"FALL", Align::kRight},
                                  {"WINTER", Align::kRight},
                                  {"SPRING", Align::kRight},
                                  {"STUDENTS", Align::kRight}}};
  return kAnswer;
}

void print_answer(const Context& context, io::Connection& connection, const Answer& answer) {
  const auto rows = connection.execute(answer.sql);
  if (!rows) {
    print_error(context, rows.error());
    return;
  }
  if (rows->num_rows() == 0) return;
  Table table(answer.columns);
  for (std::size_t row = 0; row < rows->num_rows(); ++row) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < rows->num_columns(); ++i) {
      cells.push_back(rows->is_null(row, i) ? "" : printable(rows->text(row, i)));
    }
    table.add(std::move(cells));
  }
  fmt::print("\n{}\n{}", styled(context, Style::kBold, answer.title), table.text(context));
}

}  // namespace

void print_answers(const Context& context, io::Connection& connection) {
  print_answer(context, connection, schools_answer());
  print_answer(context, connection, scores_answer());
}

}  // namespace homeroom::cli
