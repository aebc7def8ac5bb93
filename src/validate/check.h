#pragma once

// A check of one row's cells: one file in validate/checks/, picked up by the build.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"
#include "table/batch.h"
#include "table/schema.h"

namespace homeroom::validate {

/// A row that must not be loaded, and why. Texts are static or live as long as the validator.
struct RowProblem {
  RowIndex row = 0;         ///< of the shaped batch
  std::uint32_t column = 0; ///< of the table; kWholeRow: the row as such
  std::string_view rule;
  std::string_view reason;
  std::string_view suggestion;
};

inline constexpr std::uint32_t kWholeRow = ~std::uint32_t{0};

/// What a check needs to know of its column.
struct CheckedColumn {
  std::uint32_t index = 0;                     ///< in the table
  const TableColumn* table = nullptr;
  const contract::Column* declared = nullptr;  ///< null: not of a contract
  bool is_key = false;
};

/// One check bound to one column. Not shared by threads.
class ColumnChecker {
 public:
  virtual ~ColumnChecker() = default;
  /// Adds a problem for every cell that breaks the check. Cells that are null or suppressed are
  /// passed over by every check but `required`.
  virtual void check(std::span<const Cell> cells, std::vector<RowProblem>& out) = 0;
};

struct Check {
  std::string_view name;
  std::string_view summary;
  /// Null when the column does not ask for this check.
  std::unique_ptr<ColumnChecker> (*bind)(const CheckedColumn& column);
};

/// All checks, by name. Generated from validate/checks/*.cc.
[[nodiscard]] std::span<const Check* const> all_checks();

/// Runs every check of a table over its batches. Not shared by threads.
class RowValidator {
 public:
  /// `contract` may be null; `contract_columns[i]` is the contract's column of table column i or
  /// -1. Both must outlive the validator. Errors: kConfig for a pattern that is no regular
  /// expression, naming file and line.
  [[nodiscard]] static Result<RowValidator> create(const TableSchema& table,
                                                   const contract::Contract* contract,
                                                   std::span<const int> contract_columns);

  /// `columns[i]` are the cells of table column i. Problems are ascending by row.
  void check(std::span<const std::vector<Cell>* const> columns, RowIndex num_rows,
             std::vector<RowProblem>& out);

 private:
  std::vector<std::unique_ptr<ColumnChecker>> checkers_;
  std::vector<std::uint32_t> checker_columns_;
  std::vector<std::vector<std::uint32_t>> any_of_;
  std::vector<std::string> texts_;
};

}  // namespace homeroom::validate
