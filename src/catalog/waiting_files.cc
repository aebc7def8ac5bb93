#include "catalog/waiting_files.h"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

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

}  // namespace

Result<std::vector<std::string>> find_waiting_files(io::Connection& connection,
                                                    const std::string& dataset) {
  const std::array<io::Parameter, 1> values = {dataset};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kFind, values));
  std::vector<std::string> paths;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) paths.emplace_back(rows.text(row, 0));
  return paths;
}

}  // namespace homeroom::catalog
