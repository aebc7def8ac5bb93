#include "run/backup/restore.h"

#include "io/postgres/dump.h"
#include "run/tables.h"

namespace homeroom::run {
namespace {

// The roles stay: a dump does not have them. The schemas come with it.
constexpr const char* kDropSchemas = R"(
do $$
declare
    name text;
begin
    for name in
        select n.nspname
        from pg_namespace as n
        where n.nspname not like 'pg\_%'
            and n.nspname not in ('information_schema', 'public')
    loop
        execute format('drop schema %I cascade', name);
    end loop;
end $$)";

}  // namespace

Status restore_warehouse(io::Connection& admin, const std::string& url,
                         const std::filesystem::path& dump,
                         const contract::ContractSet& contracts) {
  const io::QueryResult there = HOMEROOM_TRY(
      admin.execute("select count(*) from pg_namespace as n where n.nspname not like 'pg\\_%' "
                    "and n.nspname not in ('information_schema', 'public')"));
  if (there.integer(0, 0) > 0) {
    return fail(ErrorCode::kConfig, "the database has schemas already",
                "restore into an empty database, or name a new data folder with --data");
  }
  HOMEROOM_TRY(install_warehouse(admin, contracts));
  HOMEROOM_TRY(admin.execute(kDropSchemas));
  HOMEROOM_TRY(io::restore_database(url, {}, dump));
  return install_warehouse(admin, contracts);
}

}  // namespace homeroom::run
