#include "catalog/arrivals.h"

#include <array>

namespace homeroom::catalog {
namespace {

constexpr const char* kFeeds = R"(
select distinct on (r.dataset, r.source)
    r.source,
    r.dataset,
    r.path,
    to_char(r.finished_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    extract(epoch from r.finished_at)::bigint
from homeroom.run as r
where r.status = 'loaded'
    and r.undone_by is null
order by r.dataset, r.source, r.run_id desc
)";

constexpr const char* kSchoolDays = R"(
select distinct
    c.date - date '1970-01-01'
from data.calendar as c
where c.is_instructional_day
    and c.date between date '1970-01-01' + $1::integer and date '1970-01-01' + $2::integer
    and exists (
        select
        from data.calendar as later
        where later.date >= date '1970-01-01' + $2::integer
    )
order by 1
)";

}  // namespace

Result<std::vector<Feed>> find_feeds(io::Connection& connection) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(kFeeds));
  std::vector<Feed> feeds;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    feeds.push_back({.source = std::string(rows.text(row, 0)),
                     .dataset = std::string(rows.text(row, 1)),
                     .path = std::string(rows.text(row, 2)),
                     .loaded_at = std::string(rows.text(row, 3)),
                     .loaded_seconds = rows.integer(row, 4)});
  }
  return feeds;
}

Result<std::vector<DayNumber>> find_school_days(io::Connection& connection, DayNumber first,
                                                DayNumber last) {
  const std::string from = std::to_string(first);
  const std::string to = std::to_string(last);
  const std::array<io::Parameter, 2> parameters = {from, to};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kSchoolDays, parameters));
  std::vector<DayNumber> days;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    days.push_back(static_cast<DayNumber>(rows.integer(row, 0)));
  }
  if (!days.empty()) return days;
  for (DayNumber day = first; day <= last; ++day) {
    if (weekday_of(day) < 5) days.push_back(day);
  }
  return days;
}

}  // namespace homeroom::catalog
