#pragma once

// What of a file can be judged only beside what is loaded already: do the rows that its rows name
// exist? And rows that waited for what a file brought.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/ledger.h"
#include "contract/contract.h"
#include "io/postgres/postgres.h"
#include "load/load.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "table/schema.h"

namespace homeroom::run {

/// What too few known rows do to a file: a few corrected rows say nothing of the file they are of.
enum class FewKnown : std::uint8_t { kHold, kSetAside };

/// A row of the file that is quarantined at load.
struct LateProblem {
  LineNumber line = 0;
  Issue issue;
};

/// The file is held: `report` says why and what to do.
void hold_file(const std::string& reason, const std::string& hint, FileReport& report);

/// Position of a column of the table in the file, from 1; 0 where it is made of several or none.
[[nodiscard]] std::uint32_t field_of(const PreparedFile& file, const std::string& column);

/// Tables that rows of the contract (null: of no contract) may wait for, in order of their names.
[[nodiscard]] std::vector<std::string> tables_waited_for(const contract::Contract* contract);

/// Rows of earlier runs that waited with the keys of the staged ones are skipped from now on.
[[nodiscard]] Status settle_superseded(io::Connection& connection, load::Loader& loader,
                                       const std::string& table);

/// Judges the staged rows by the references of the file's contract. Rows that wait are kept, rows
/// to be quarantined are taken out and added to `problems`, both counted in `report`. When the file
/// must be held, `report` says so and nothing may be loaded. Errors: kDatabase.
[[nodiscard]] Status check_references(io::Connection& connection, load::Loader& loader,
                                      const PreparedFile& file, FileReport& report,
                                      std::vector<LateProblem>& problems,
                                      FewKnown few_known = FewKnown::kHold);

/// Loads what waited for rows of `table`, and what waited for that, in the caller's transaction.
/// The runs that brought them count them as loaded; `report` says how many there were.
/// Errors: kDatabase.
[[nodiscard]] Status load_waiting(io::Connection& connection,
                                  const contract::ContractSet& contracts, const std::string& table,
                                  FileReport& report);

}  // namespace homeroom::run
