#include "access/open.h"

#include "contract/profile/profiled_contracts.h"

namespace homeroom::cli {

Result<AccessSession> open_access(const Context& context) {
  // Before anything is made: a folder without a database has no rights to ask for.
  HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  AccessSession session;
  session.warehouse =
      HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kLoad, &contracts->plain()));
  session.connection.emplace(HOMEROOM_TRY(session.warehouse->connect()));
  return session;
}

}  // namespace homeroom::cli
