#pragma once

// The checks of a contract's `quality` over one file: those of rows that must not be broken are
// handed to RowValidator, all others are gathered here and judged when the last row was seen.
//
//     auto checks = HOMEROOM_TRY(FileChecks::create(table, contract, contract_columns, facts));
//     HOMEROOM_TRY(checks.observe(rows, lines));          // every batch, in order
//     const FileVerdict verdict = HOMEROOM_TRY(checks.finish());

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "validate/quality_check.h"

namespace homeroom::validate {

/// Not shared by threads. Memory: `facts.memory_bytes` for each check that looks for repeated or
/// contradicting values; the others hold a few numbers.
class FileChecks {
 public:
  /// Parameters as of RowValidator::create; `facts` is copied. Errors: kConfig, naming file and
  /// line, for checks that cannot be.
  [[nodiscard]] static Result<FileChecks> create(const TableSchema& table,
                                                 const contract::Contract* contract,
                                                 std::span<const int> contract_columns,
                                                 CheckFacts facts);

  /// True when the contract asks for nothing that is judged here: `observe` need not be called.
  [[nodiscard]] bool is_empty() const { return checks_.empty(); }

  /// Rows that are left out (of ragged records, or meant for another data set) count nowhere.
  [[nodiscard]] Status observe(const CheckedRows& rows, std::span<const LineNumber> lines);

  /// Findings in the order of the contract; lines ascending. A finding that is an error holds the
  /// file.
  [[nodiscard]] Result<FileVerdict> finish(const FileEnd& end = {});

 private:
  struct Bound {
    const contract::Quality* quality = nullptr;
    std::unique_ptr<FileChecker> checker;
  };

  std::unique_ptr<CheckFacts> facts_;
  std::unique_ptr<std::vector<contract::Quality>> implied_;  ///< what `quality` does not list
  std::vector<Bound> checks_;
  std::uint64_t num_rows_ = 0;
};

/// Every check of the contract bound to the table it describes, as `homeroom contract lint` asks.
/// Errors: kConfig, of the first that cannot be.
[[nodiscard]] Status check_quality(const contract::Contract& contract);

}  // namespace homeroom::validate
