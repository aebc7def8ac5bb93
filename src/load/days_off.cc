#include "load/days_off.h"

#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace homeroom::load {
namespace {

using io::quote_identifier;

constexpr const char* kDaysOff = R"(
select s._line
from {0} as s
join (
    select
        d.school_id,
        d.date
    from (select distinct f.{1} as school_id, f.{2} as date from {0} as f) as d
    join (
        select
            c.school_id,
            min(c.date) as first_day,
            max(c.date) as last_day
        from data.calendar as c
        group by c.school_id, c.school_year
    ) as y on y.school_id = d.school_id and d.date between y.first_day and y.last_day
    left join data.calendar as c on c.school_id = d.school_id and c.date = d.date
    group by d.school_id, d.date
    having not coalesce(bool_or(c.is_instructional_day), false)
) as o on o.school_id = s.{1} and o.date = s.{2}
order by s._line
)";

}  // namespace

Result<std::vector<LineNumber>> find_days_off(io::Connection& connection, const MergeInput& input,
                                              const std::string& school_column,
                                              const std::string& date_column) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(
      fmt::format(fmt::runtime(kDaysOff), staging_table(input), quote_identifier(school_column),
                  quote_identifier(date_column))));
  std::vector<LineNumber> lines;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    lines.push_back(static_cast<LineNumber>(rows.integer(row, 0)));
  }
  return lines;
}

Result<std::uint64_t> drop_lines(io::Connection& connection, MergeInput& input,
                                 std::span<const LineNumber> lines) {
  const std::string list = fmt::format("{{{}}}", fmt::join(lines, ","));
  const std::array<io::Parameter, 1> parameters = {list};
  const std::string staging = staging_table(input);
  const io::QueryResult counted = HOMEROOM_TRY(connection.query(
      fmt::format("select count(distinct s._line) from {} as s where s._line = any ($1::bigint[])",
                  staging),
      parameters));
  const auto num_lines = static_cast<std::uint64_t>(counted.integer(0, 0));
  const io::QueryResult deleted = HOMEROOM_TRY(connection.query(
      fmt::format("delete from {} as s where s._line = any ($1::bigint[])", staging), parameters));
  input.num_rows -= deleted.num_affected();
  input.num_lines -= num_lines;
  return num_lines;
}

}  // namespace homeroom::load
