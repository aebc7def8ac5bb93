#include "catalog/readings.h"

#include <array>
#include <string>

#include "catalog/stored_text.h"

namespace homeroom::catalog {
namespace {

constexpr const char* kFindReading = R"(
select
    g.given::text,
    g.run_id
from homeroom.reading as g
where g.source = $1
    and g.name_family = homeroom.name_family($2)
)";

constexpr const char* kFindFormer = R"(
select r.dialect::text
from homeroom.run as r
where r.source = $1
    and homeroom.name_family(r.path) = homeroom.name_family($2)
    and r.status = 'loaded'
    and r.undone_by is null
order by r.run_id desc
limit 1
)";

constexpr const char* kFindFormerOrder = R"(
select min(f.date_order)
from (
    select r.dialect ->> 'told_date_order' as date_order
    from homeroom.run as r
    where r.source = $1
        and homeroom.name_family(r.path) = homeroom.name_family($2)
        and r.status = 'loaded'
        and r.undone_by is null
        and r.dialect ->> 'told_date_order' is not null
    order by r.run_id desc
    limit 10
) as f
having min(f.date_order) = max(f.date_order)
)";

constexpr const char* kRemember = R"(
insert into homeroom.reading as g (source, name_family, given, run_id)
values ($1, homeroom.name_family($2), $3::jsonb, $4::bigint)
on conflict (source, name_family) do update
set given = excluded.given,
    run_id = excluded.run_id,
    given_at = now()
where g.given is distinct from excluded.given
)";

constexpr const char* kForget = R"(
delete from homeroom.reading as g
where g.source = $1
    and g.name_family = homeroom.name_family($2)
)";

Result<io::QueryResult> ask(io::Connection& connection, const char* sql, const FileKind& kind) {
  const std::string source = HOMEROOM_TRY(stored_text(kind.source));
  const std::string path = HOMEROOM_TRY(stored_text(kind.path));
  const std::array<io::Parameter, 2> parameters = {source, path};
  return connection.query(sql, parameters);
}

}  // namespace

Result<std::optional<StoredReading>> find_reading(io::Connection& connection,
                                                  const FileKind& kind) {
  const io::QueryResult rows = HOMEROOM_TRY(ask(connection, kFindReading, kind));
  if (rows.num_rows() == 0) return std::nullopt;
  return StoredReading{.given_json = std::string(rows.text(0, 0)), .run_id = rows.integer(0, 1)};
}

Result<std::string> find_former_dialect(io::Connection& connection, const FileKind& kind) {
  const io::QueryResult rows = HOMEROOM_TRY(ask(connection, kFindFormer, kind));
  return rows.num_rows() == 0 ? std::string() : std::string(rows.text(0, 0));
}

Result<std::string> find_former_order(io::Connection& connection, const FileKind& kind) {
  const io::QueryResult rows = HOMEROOM_TRY(ask(connection, kFindFormerOrder, kind));
  return rows.num_rows() == 0 ? std::string() : std::string(rows.text(0, 0));
}

Status remember_reading(io::Connection& connection, const FileKind& kind,
                        const std::string& given_json, std::int64_t run_id) {
  const std::string source = HOMEROOM_TRY(stored_text(kind.source));
  const std::string path = HOMEROOM_TRY(stored_text(kind.path));
  const std::string run = std::to_string(run_id);
  const std::array<io::Parameter, 4> parameters = {source, path, given_json, run};
  HOMEROOM_TRY(connection.query(kRemember, parameters));
  return {};
}

Status forget_reading(io::Connection& connection, const FileKind& kind) {
  HOMEROOM_TRY(ask(connection, kForget, kind));
  return {};
}

}  // namespace homeroom::catalog
