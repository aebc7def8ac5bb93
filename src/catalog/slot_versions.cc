#include "catalog/slot_versions.h"

#include <array>
#include <cstddef>

#include "catalog/stored_text.h"

namespace homeroom::catalog {
namespace {

constexpr const char* kFind = R"(
select
    r.run_id,
    r.path,
    r.sha256,
    least(
        case when a.modified_at ~ '^[0-9]{1,19}$' then a.modified_at::numeric end,
        extract(epoch from a.last_arrived_at) * 1000000000
    )::bigint as modified_ns,
    a.modified_at ~ '^[0-9]{1,19}$' as is_known,
    r.gave_way_to is not null,
    r.rows_loaded + r.rows_unchanged + r.rows_pending > 0
from homeroom.run as r
join homeroom.slot as s on s.slot_id = r.slot_id
left join homeroom.arrival as a
    on a.source = r.source
    and a.path = r.path
    and a.sha256 = r.sha256
where s.source = $1
    and s.dataset = $2
    and s.scope = $3
    and homeroom.name_family(r.path) = homeroom.name_family($4)
    and r.run_id <> $5::bigint
    and r.status = 'loaded'
    and r.undone_by is null
order by r.run_id desc
)";

}  // namespace

Result<std::vector<SlotFile>> find_slot_files(io::Connection& connection, const Slot& slot,
                                              const std::string& path, std::int64_t run_id) {
  const std::string source = HOMEROOM_TRY(stored_text(slot.source));
  const std::string scope = HOMEROOM_TRY(stored_text(slot.scope));
  const std::string name = HOMEROOM_TRY(stored_text(path));
  const std::string run = std::to_string(run_id);
  const std::array<io::Parameter, 5> parameters = {source, slot.dataset, scope, name, run};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kFind, parameters));
  std::vector<SlotFile> files(rows.num_rows());
  for (std::size_t row = 0; row < files.size(); ++row) {
    files[row] = {.run_id = rows.integer(row, 0),
                  .path = std::string(rows.text(row, 1)),
                  .sha256 = std::string(rows.text(row, 2)),
                  .modified_ns = {},
                  .gave_way = rows.text(row, 5) == "t",
                  .has_rows = rows.text(row, 6) == "t"};
    if (rows.text(row, 4) == "t") files[row].modified_ns = rows.integer(row, 3);
  }
  return files;
}

Status record_gave_way(io::Connection& connection, std::int64_t run_id, std::int64_t newer_run) {
  const std::string run = std::to_string(run_id);
  const std::string newer = std::to_string(newer_run);
  const std::array<io::Parameter, 2> parameters = {run, newer};
  HOMEROOM_TRY(connection.query(
      "update homeroom.run set gave_way_to = $2::bigint where run_id = $1::bigint", parameters));
  return {};
}

}  // namespace homeroom::catalog
