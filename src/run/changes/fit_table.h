#pragma once

// A file and its table: what the table lacks is added where that is safe; what is not waits for a
// person.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "contract/contract.h"
#include "io/postgres/postgres.h"
#include "io/store.h"
#include "migrate/migrate.h"
#include "migrate/shape.h"
#include "run/cleaning/clean_output.h"
#include "run/report.h"
#include "table/schema.h"

namespace homeroom::run {

/// A file's table beside the one that there is.
struct TableFit {
  std::string table;
  std::vector<migrate::Alteration> alterations = {};  ///< what somebody else did to the table
  bool is_left_alone = false;                         ///< because of them
  std::vector<migrate::Change> changes = {};          ///< that the file needs

  /// True when the file cannot be loaded before a person has decided.
  [[nodiscard]] bool waits() const;

  /// True when the ledger gets a migration by it, made or waiting.
  [[nodiscard]] bool has_migrations() const { return !changes.empty(); }
};

/// Compares; changes nothing. `contract` null: the file fits none. `objects` are the file's clean
/// ones, read when a column looks as if it had another name now. Errors: kDatabase; kContract for a
/// table that Homeroom cannot write; kIo.
[[nodiscard]] Result<TableFit> compare_table(io::Connection& connection, const io::Store& store,
                                             const contract::Contract* contract,
                                             const TableSchema& wanted,
                                             const std::vector<CleanObject>& objects);

/// Makes the safe changes, in the caller's transaction, unless the file waits.
/// Errors: kDatabase.
[[nodiscard]] Status apply_fit(io::Connection& connection, std::int64_t run_id,
                               const TableSchema& wanted, const TableFit& fit);

/// What was done, or why the file waits, in its report. Every row waits then.
void report_fit(const TableFit& fit, FileReport& report);

/// Writes down what waits, in the caller's transaction, and names its numbers in the report.
/// `run_id` is the file's.
[[nodiscard]] Status record_waiting(io::Connection& connection, std::int64_t run_id,
                                    const TableFit& fit, FileReport& report);

}  // namespace homeroom::run
