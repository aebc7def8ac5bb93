#include "run/history/true_periods.h"

#include <array>
#include <string>

#include <nlohmann/json.hpp>

namespace homeroom::run {
namespace {

constexpr const char* kWanted = R"(
with wanted as (
    select
        w.table_name collate "C" as table_name,
        w.begin_column,
        w.end_column
    from jsonb_to_recordset($1::jsonb) as w (table_name text, begin_column text, end_column text)
)
)";

constexpr const char* kDiffers = R"(
select exists (
    (select * from wanted except select * from homeroom.true_period)
    union all
    (select * from homeroom.true_period except select * from wanted)
)
)";

constexpr const char* kRemove = R"(
delete from homeroom.true_period as t
where not exists (
    select
    from wanted as w
    where w.table_name = t.table_name
)
)";

constexpr const char* kSet = R"(
insert into homeroom.true_period as t (table_name, begin_column, end_column)
select
    w.table_name,
    w.begin_column,
    w.end_column
from wanted as w
on conflict (table_name) do update
set begin_column = excluded.begin_column,
    end_column = excluded.end_column
where (t.begin_column, t.end_column) is distinct from (excluded.begin_column, excluded.end_column)
)";

}  // namespace

Status install_true_periods(io::Connection& connection, const contract::ContractSet& contracts) {
  nlohmann::json wanted = nlohmann::json::array();
  for (const contract::Contract& contract : contracts.contracts()) {
    if (contract.true_period.empty()) continue;
    wanted.push_back({{"table_name", contract.name},
                      {"begin_column", contract.true_period[0]},
                      {"end_column", contract.true_period[1]}});
  }
  const std::string json = wanted.dump();
  const std::array<io::Parameter, 1> parameters = {json};
  const std::string with = kWanted;
  const io::QueryResult differs = HOMEROOM_TRY(connection.query(with + kDiffers, parameters));
  if (differs.text(0, 0) != "t") return {};
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
  HOMEROOM_TRY(connection.execute("set local role homeroom_owner"));
  HOMEROOM_TRY(connection.query(with + kRemove, parameters));
  HOMEROOM_TRY(connection.query(with + kSet, parameters));
  return transaction.commit();
}

}  // namespace homeroom::run
