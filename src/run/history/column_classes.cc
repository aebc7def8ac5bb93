#include "run/history/column_classes.h"

#include <array>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace homeroom::run {
namespace {

constexpr const char* kDiffers = R"(
with wanted as (
    select
        w.table_name collate "C" as table_name,
        w.column_name collate "C" as column_name,
        w.classification,
        w.kind,
        w.is_code
    from jsonb_to_recordset($1::jsonb) as w (
        table_name text, column_name text, classification text, kind text, is_code boolean
    )
)
select exists (
    (select * from wanted except select * from access.column_class)
    union all
    (select * from access.column_class except select * from wanted)
)
)";

void add_columns(const contract::Contract& contract, const std::vector<contract::Column>& columns,
                 nlohmann::json& wanted) {
  for (const contract::Column& column : columns) {
    // What nobody classified may be anything.
    const std::string classification =
        column.classification.empty() ? "restricted" : column.classification;
    wanted.push_back({{"table_name", contract.name},
                      {"column_name", column.name},
                      {"classification", classification},
                      {"kind", contract::to_string(column.kind)},
                      {"is_code", column.enumeration != nullptr}});
  }
}

}  // namespace

Status install_column_classes(io::Connection& connection, const contract::ContractSet& contracts) {
  nlohmann::json wanted = nlohmann::json::array();
  for (const contract::Contract& contract : contracts.contracts()) {
    add_columns(contract, contract.columns, wanted);
    add_columns(contract, contract.removed, wanted);
  }
  const std::string json = wanted.dump();
  const std::array<io::Parameter, 1> parameters = {json};
  const io::QueryResult differs = HOMEROOM_TRY(connection.query(kDiffers, parameters));
  if (differs.text(0, 0) != "t") return {};
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
  HOMEROOM_TRY(connection.execute("set local role homeroom_owner"));
  HOMEROOM_TRY(connection.query("select access.set_classes($1::jsonb)", parameters));
  return transaction.commit();
}

}  // namespace homeroom::run
