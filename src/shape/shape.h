#pragma once

// The file's columns -> the table's: rename, select, unpivot, derive. Streaming; each row knows
// the source row it was made from.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "contract/match.h"
#include "contract/part.h"
#include "table/batch.h"
#include "table/schema.h"

namespace homeroom::shape {

/// PostgreSQL allows 1,600 columns, but a row must fit a page; past this many the rest of a
/// file's columns goes into `more_columns` (docs/reference/wide-files.md says why).
inline constexpr std::size_t kMaxTableColumns = 300;

/// Where a table's column comes from.
struct ColumnOrigin {
  enum class From : std::uint8_t {
    kSource,      ///< column `source` of the file
    kConstant,    ///< `text` (a default of the contract, or taken from the file's name)
    kFirstOf,     ///< the first of `sources` that has a value, else `text`
    kDimension,   ///< dimension `source` of the unpivot group, else as kFirstOf
    kMeasure,     ///< measure `source` of the unpivot group, else as kFirstOf
    kSchoolYear,  ///< derived from the first date that has a value, else `text`; the dates are
                  ///< measure `source` - 1 of the unpivot group (0: none), then `sources`
    kMadeId,      ///< an id made from the values of `sources`; null when all are empty
    kPart,        ///< `part` of column `source`, whose parts the file does not give apart; null
                  ///< where it does not part cleanly
    kMore,        ///< `sources` as one JSON object by header; null when all are empty
    kNull,
  };
  From from = From::kNull;
  std::size_t source = 0;
  std::vector<std::size_t> sources;
  std::string text;
  contract::Part part = {};

  bool operator==(const ColumnOrigin&) const = default;
};

/// One group of columns that becomes one row: "Fall Math ..." .
struct UnpivotGroup {
  std::vector<std::string> dimension_codes;  ///< one for each dimension; "" is null
  std::vector<int> measure_sources;          ///< source column of each measure, then of each
                                             ///< column besides; -1: none

  bool operator==(const UnpivotGroup&) const = default;
};

/// How a file becomes a table. Made once a file.
struct ShapePlan {
  TableSchema table;                  ///< columns in the order of the clean file
  std::vector<ColumnOrigin> origins;  ///< one for each of table.columns
  std::vector<int> contract_columns;  ///< index in the contract of each; -1: not of the contract
  std::vector<std::string> headers;   ///< the file's header
  std::vector<UnpivotGroup> groups;   ///< empty: one row a row
  std::string file_name_school_year;  ///< used where no date tells; may be empty
  /// Columns of the file that are in no table on purpose: passwords. They stay in the raw file.
  std::vector<std::size_t> left_out = {};

  /// True when the file has no school year of its own and its name's is put into each row.
  [[nodiscard]] bool adds_school_year() const;

  bool operator==(const ShapePlan&) const = default;
};

/// Facts a plan needs beyond the match.
struct FileFacts {
  contract::FileName name;
  std::vector<std::string> header;
  std::vector<SqlType> inferred_types;  ///< one for each column of the file
  std::vector<char> has_suppressed =
      {};                          ///< the same; not 0: some values are suppressed; may be empty
  std::string table_name;          ///< for a file that fits no contract
  std::optional<int> school_year;  ///< given by the user; wins over the file's name
};

/// The plan for a file that fits a contract, or for one that fits none (`match` null: every
/// column under its folded name, made unique, cut to 52 bytes, typed as inferred, and the school
/// year that the file's name says). docs/reference/wide-files.md has the rules of names.
/// Errors: kInvalidInput for a file without columns.
[[nodiscard]] Result<ShapePlan> plan_shape(const contract::Match* match, const FileFacts& facts);

/// Rows of the table. `columns[i]` points to a column of the source batch where nothing had to be
/// made, else into `made`. Valid until the source batch or this object is refilled.
struct ShapedBatch {
  std::vector<const std::vector<Cell>*> columns;
  std::vector<std::vector<Cell>> made;
  std::vector<RowIndex> source_rows;  ///< ascending; empty: row i is made from source row i
  RowIndex num_rows = 0;

  [[nodiscard]] RowIndex source_row(RowIndex row) const {
    return source_rows.empty() ? row : source_rows[row];
  }
};

class MoreColumns;

/// Shapes batches of one file. Not shared by threads.
/// Memory: one cell for each cell that is not simply a column of the file, kept in `out`.
class Shaper {
 public:
  explicit Shaper(const ShapePlan& plan);  ///< `plan` must outlive it
  Shaper(Shaper&&) noexcept;
  Shaper& operator=(Shaper&&) noexcept;
  ~Shaper();

  /// `batch` is cleaned; made bytes go into its arena. An unpivoted row none of whose groups has
  /// a value still makes one row, without dimensions, so that no source row vanishes.
  void shape(Batch& batch, ShapedBatch& out) const;

 private:
  void shape_rows(Batch& batch, ShapedBatch& out) const;
  void shape_groups(Batch& batch, ShapedBatch& out) const;

  const ShapePlan* plan_;
  std::unique_ptr<const MoreColumns> more_;  ///< null: no column of the plan is made so
};

}  // namespace homeroom::shape
