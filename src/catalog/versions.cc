#include "catalog/versions.h"

#include <array>

#include "catalog/stored_text.h"

namespace homeroom::catalog {
namespace {

constexpr const char* kBegin = R"(
insert into homeroom.table_version (table_name, version, run_id, cause)
select
    $1,
    coalesce(homeroom.newest_version($1), 0) + 1,
    $2,
    $3
returning version
)";

std::string_view to_string(VersionCause cause) {
  switch (cause) {
    case VersionCause::kLoad:
      return "load";
    case VersionCause::kWaited:
      return "waited";
    case VersionCause::kCorrection:
      return "correction";
    case VersionCause::kUndo:
      return "undo";
  }
  return "";
}

}  // namespace

Result<std::int64_t> begin_version(io::Connection& connection, const std::string& table,
                                   std::int64_t run_id, VersionCause cause) {
  const std::string name = HOMEROOM_TRY(stored_text(table));
  const std::string run = std::to_string(run_id);
  const std::array<io::Parameter, 3> parameters = {name, run, to_string(cause)};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kBegin, parameters));
  return rows.integer(0, 0);
}

}  // namespace homeroom::catalog
