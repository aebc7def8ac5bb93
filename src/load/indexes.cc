#include "load/indexes.h"

#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "load/merge_sql.h"

namespace homeroom::load {
namespace {

constexpr const char* kIndexes = R"(
select
    i.indexrelid::regclass::text,
    pg_get_indexdef(i.indexrelid)
from pg_index as i
where i.indrelid = to_regclass($1)
    and not exists (
        select
        from pg_constraint as c
        where c.conindid = i.indexrelid
    )
)";

}  // namespace

Result<Indexes> read_indexes(io::Connection& connection, const TargetTable& target) {
  const std::string table = data_table(target);
  const std::array<io::Parameter, 1> parameters = {table};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kIndexes, parameters));
  Indexes indexes;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    indexes.drop_sql += fmt::format("drop index {};\n", rows.text(row, 0));
    indexes.create_sql += fmt::format("{};\n", rows.text(row, 1));
  }
  return indexes;
}

}  // namespace homeroom::load
