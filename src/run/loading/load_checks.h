#pragma once

// What of a file can be judged only beside what is loaded already: do the rows that its rows name
// exist? And rows that waited for what a file brought.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "catalog/ledger.h"
#include "contract/contract.h"
#include "io/postgres/postgres.h"
#include "load/load.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "table/issue.h"
#include "table/schema.h"

namespace homeroom::run {

/// What too few known rows do to a file: a few corrected rows say nothing of the file they are of.
enum class FewKnown : std::uint8_t { kHold, kSetAside };

/// Rows of the file that are quarantined at load. Not shared by threads. Memory: 16 bytes a row,
/// since what is wrong is the same for many.
class LateProblems {
 public:
  struct Row {
    LineNumber line = 0;
    std::size_t what = 0;
  };

  /// What is wrong with rows that are added under the index it returns.
  [[nodiscard]] std::size_t say(Issue issue) {
    said_.push_back(std::move(issue));
    return said_.size() - 1;
  }

  void add(LineNumber line, std::size_t what) { rows_.push_back({line, what}); }

  void sort_by_line() { std::ranges::stable_sort(rows_, {}, &Row::line); }

  [[nodiscard]] std::span<const Row> rows() const { return rows_; }

  [[nodiscard]] Issue issue_of(const Row& row) const {
    Issue issue = said_[row.what];
    issue.line = row.line;
    return issue;
  }

 private:
  std::vector<Issue> said_;
  std::vector<Row> rows_;
};

/// The file is held: `report` says why and what to do.
void hold_file(const std::string& reason, const std::string& hint, FileReport& report);

/// The same, with an issue of the rule that found it.
void hold_by(std::string_view rule, const std::string& reason, const std::string& hint,
             FileReport& report);

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
                                      LateProblems& problems, FewKnown few_known = FewKnown::kHold);

/// Loads what waited for rows of `table`, and what waited for that, in the caller's transaction.
/// The runs that brought them count them as loaded; `report` says how many there were.
/// Errors: kDatabase.
[[nodiscard]] Status load_waiting(io::Connection& connection,
                                  const contract::ContractSet& contracts, const std::string& table,
                                  FileReport& report);

}  // namespace homeroom::run
