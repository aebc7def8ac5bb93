#pragma once

// A check of cells or rows: one file in validate/checks/, picked up by the build. RowValidator runs
// all that a table's contract asks for.
//
//     auto validator = HOMEROOM_TRY(RowValidator::create(table, contract, contract_columns));
//     validator.check(shaped.columns, shaped.num_rows, problems);
//     // problems: row 3, column 6, "range", "is above 420 (a day has 420 minutes)"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "contract/contract.h"
#include "table/batch.h"
#include "table/schema.h"

namespace homeroom::validate {

/// A row that must not be loaded, and why. Texts are static or live as long as the validator.
struct RowProblem {
  RowIndex row = 0;          ///< of the shaped batch
  std::uint32_t column = 0;  ///< of the table; kWholeRow: the row as such
  std::string_view rule = {};
  std::string_view reason = {};  ///< "is above 420 (a day has 420 minutes)"; never the value
  std::string_view suggestion = {};
};

inline constexpr std::uint32_t kWholeRow = ~std::uint32_t{0};

/// Adds what a column's checker found at `row`.
inline void add_problem(std::vector<RowProblem>& out, std::size_t row, std::string_view reason) {
  out.push_back({.row = static_cast<RowIndex>(row), .reason = reason});
}

/// What a check needs to know of its column.
struct CheckedColumn {
  std::uint32_t index = 0;  ///< in the table
  const TableColumn* table = nullptr;
  const contract::Column* declared = nullptr;  ///< null: not of a contract
  bool is_key = false;
};

/// What a check of rows needs to know of its table.
struct CheckedTable {
  const contract::Contract* contract = nullptr;  ///< null: a table of its own
  std::vector<CheckedColumn> columns;

  /// The column of that name; null when the table has none.
  [[nodiscard]] const CheckedColumn* find(std::string_view name) const;
};

/// One check bound to one column. Not shared by threads.
class ColumnChecker {
 public:
  virtual ~ColumnChecker() = default;
  /// Adds a problem for every cell that breaks the check, ascending by row; `column` and `rule`
  /// are filled in by the caller. What is said of a cell depends on its state and text alone. Cells
  /// that are null or suppressed are passed over by every check but `required`, bad ones by all:
  /// cleaning has reported them.
  virtual void check(std::span<const Cell> cells, std::vector<RowProblem>& out) = 0;
};

/// The cell of the file that a cell of the table was made of, as it stood there; null: made of none
/// or of several.
using FileCell = std::function<const Cell*(std::uint32_t column, RowIndex row)>;

/// The cells of a batch; `columns[i]` are those of table column i, `num_rows` of them each.
struct CheckedRows {
  std::span<const std::vector<Cell>* const> columns;
  RowIndex num_rows = 0;
  /// Not 0 for rows that no check of the file counts; empty: none.
  std::span<const std::uint8_t> left_out = {};
  const FileCell* file_cell = nullptr;  ///< null: not known

  [[nodiscard]] bool is_left_out(RowIndex row) const {
    return row < left_out.size() && left_out[row] != 0;
  }

  [[nodiscard]] std::span<const Cell> cells(std::uint32_t column) const {
    return std::span<const Cell>(*columns[column]).first(num_rows);
  }
};

/// One check bound to a table, across its columns. Not shared by threads.
class RowChecker {
 public:
  virtual ~RowChecker() = default;
  /// Adds a problem for every row that breaks the check; `rule` is filled in by the caller.
  virtual void check(const CheckedRows& rows, std::vector<RowProblem>& out) = 0;
};

/// One row, the declaration of its columns, and what the check says to it: test data and
/// reference page.
struct Example {
  std::string_view in;      ///< a cell for each of `columns`, separated by "|"; empty: null
  std::string_view reason;  ///< what the problem says; empty: the row passes
  std::string_view columns = "value";  ///< names, separated by "|"
  contract::Kind kind = contract::Kind::kText;
  bool is_required = false;
  std::string_view minimum = {};
  std::string_view maximum = {};
  std::string_view pattern = {};
  std::size_t min_length = 0;  ///< 0: none
  std::size_t max_length = 0;  ///< 0: none
  std::string_view why = {};
  std::string_view any_of = {};  ///< names, separated by "|"
  std::string_view above = {};
  std::string_view below = {};
  std::string_view multiple_of = {};
  std::string_view format = {};
};

/// A check is of cells (`bind_column`) or of rows (`bind_table`): one of the two is set. Binding
/// gives null when the column or table does not ask for the check.
struct Check {
  std::string_view name;
  std::string_view summary;  ///< one sentence for the reference page
  Result<std::unique_ptr<ColumnChecker>> (*bind_column)(const CheckedColumn& column) = nullptr;
  Result<std::unique_ptr<RowChecker>> (*bind_table)(const CheckedTable& table) = nullptr;
  std::span<const Example> examples = {};
};

struct CheckFacts;

/// True when each row that breaks the check is set aside; else the rows are counted and the file
/// is judged.
[[nodiscard]] bool is_of_rows(const contract::Quality& quality);

/// The table as checks see it. Parameters as of RowValidator::create.
[[nodiscard]] CheckedTable describe(const TableSchema& table, const contract::Contract* contract,
                                    std::span<const int> contract_columns);

/// All checks, by name. Generated from validate/checks/*.cc.
[[nodiscard]] std::span<const Check* const> all_checks();

/// `what` with the reason that the contract gives for its column: "is above 420 (a school day
/// has 420 minutes)".
[[nodiscard]] std::string with_why(std::string what, const contract::Column* declared);

/// A contract that asks for what cannot be: kConfig "contracts/x.yaml, line 12: column minutes:
/// WHAT".
[[nodiscard]] tl::unexpected<Error> fail_declaration(const contract::Column& declared,
                                                     std::string_view what, std::string hint);

/// Runs every check of a table over its batches. Not shared by threads.
class RowValidator {
 public:
  /// `contract` may be null; `contract_columns[i]` is the contract's column of table column i or
  /// -1. Both must outlive the validator, and so must `table`. Errors: kConfig for a pattern that
  /// is no regular expression or a bound that is no number or date, naming file and line.
  /// `facts` are for the checks of `quality`; without them those that need one pass everything.
  [[nodiscard]] static Result<RowValidator> create(const TableSchema& table,
                                                   const contract::Contract* contract,
                                                   std::span<const int> contract_columns,
                                                   const CheckFacts* facts = nullptr);

  /// `columns[i]` are the cells of table column i. `out` is cleared, then filled with the
  /// problems, ascending by row and then by column. A row may have several.
  /// `open[i]` (null, or not there: all) are the rows whose cells of column i are checked: the
  /// others hold texts of which no check of the column had anything to say.
  /// `file_cell` is for checks of how values are written.
  void check(std::span<const std::vector<Cell>* const> columns, RowIndex num_rows,
             std::vector<RowProblem>& out, std::span<const std::vector<RowIndex>* const> open = {},
             const FileCell* file_cell = nullptr);

 private:
  struct BoundColumnCheck {
    std::string_view rule;
    std::uint32_t column = 0;
    std::unique_ptr<ColumnChecker> checker;
  };

  struct BoundRowCheck {
    std::string_view rule;
    std::unique_ptr<RowChecker> checker;
  };

  Status bind(const Check& check, const CheckedTable& table);
  Status bind_quality_of_rows(const CheckedTable& table, const CheckFacts& facts);

  void check_column(std::span<const BoundColumnCheck> checks, std::span<const Cell> cells,
                    const std::vector<RowIndex>* open, std::vector<RowProblem>& out);

  std::vector<BoundColumnCheck> column_checks_;  ///< ascending by column
  std::vector<Cell> open_cells_;                 ///< reused
  std::vector<BoundRowCheck> row_checks_;
};

}  // namespace homeroom::validate
