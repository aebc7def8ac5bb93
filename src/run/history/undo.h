#pragma once

// `homeroom undo`: a run is taken back, as a run of its own, in one transaction.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/ledger.h"
#include "contract/contract.h"
#include "io/postgres/postgres.h"

namespace homeroom::run {

struct UndoRequest {
  std::int64_t run_id = 0;
  bool with_later = false;  ///< runs that depend on it are taken back too
  std::string made_by;
  std::string reason;
  std::string engine_version;
  std::function<double()> clock;  ///< seconds from some start
};

struct RunName {
  std::int64_t run_id = 0;
  std::string path;
};

struct UndoneTable {
  std::string table;
  catalog::TableRowCounts rows;
};

struct UndoReport {
  std::int64_t undo_run = 0;          ///< 0: nothing was done
  std::vector<RunName> undone;        ///< the newest first
  std::vector<RunName> counts_again;  ///< runs that the undone undo had taken back
  std::vector<RunName> dependents;    ///< why nothing was done: these depend on it
  std::vector<UndoneTable> tables;
  std::uint64_t rows_waiting_again = 0;
  std::vector<std::string> changes_that_stay;  ///< of tables, that the runs brought
};

/// Takes back what the run replaced, added or closed: its rows go, what stood before comes back,
/// rows that waited for them wait again, its slot has its former revision. An undo can be undone.
/// Where later runs depend on it, nothing is done and `dependents` names them, or they are taken
/// back too.
/// Errors: kInvalidInput for a run that cannot be undone, with the reason; kDatabase.
[[nodiscard]] Result<UndoReport> undo_run(io::Connection& connection,
                                          const contract::ContractSet& contracts,
                                          const UndoRequest& request);

}  // namespace homeroom::run
