#include "catalog/waiting_files.h"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "catalog/stored_text.h"

namespace homeroom::catalog {
namespace {

constexpr const char* kFind = R"(
select r.path
from homeroom.run as r
where r.dataset = $1
    and r.status = 'waiting'
    and not exists (
        select
        from homeroom.run as later
        where later.source = r.source
            and later.path = r.path
            and later.run_id > r.run_id
    )
order by r.run_id
)";

constexpr const char* kHasOutcome = R"(
select r.status = $4 and r.reason = $5
from homeroom.run as r
where r.source = $1
    and r.path = $2
    and r.sha256 = $3
order by r.run_id desc
limit 1
)";

}  // namespace

Result<bool> has_outcome(io::Connection& connection, const FileRecord& file,
                         const std::string& source, const std::string& status,
                         const std::string& reason) {
  const std::string stored = HOMEROOM_TRY(stored_text(reason));
  const std::array<io::Parameter, 5> values = {source, file.path, file.sha256, status, stored};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kHasOutcome, values));
  return rows.num_rows() == 1 && rows.text(0, 0) == "t";
}

Result<std::vector<std::string>> find_waiting_files(io::Connection& connection,
                                                    const std::string& dataset) {
  const std::array<io::Parameter, 1> values = {dataset};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kFind, values));
  std::vector<std::string> paths;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) paths.emplace_back(rows.text(row, 0));
  return paths;
}

}  // namespace homeroom::catalog
