#pragma once

// Batches -> PostgreSQL, exactly once: binary COPY into a staging table, then one set-based
// merge. The caller owns the transaction, in which the ledger and the migration are too.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "table/batch.h"
#include "table/column_statistic.h"
#include "table/reference.h"
#include "table/schema.h"

namespace homeroom::load {

/// How rows got into the table.
enum class Plan : std::uint8_t {
  kNothing,    ///< there were none
  kInPlace,    ///< straight into the empty table, its indexes made afterwards
  kIntoEmpty,  ///< from a temporary table into the empty one, its indexes made afterwards
  kNewParts,   ///< into new parts of a parted table, their indexes made afterwards, then attached
  kSorted,     ///< from a temporary table into the empty one, in the order of the key
  kByKey,      ///< joined by key; only rows that are new or differ are written
  kAppended,   ///< put beside the rows of others
  kByContent,  ///< compared with the slot's earlier rows; only the difference is written
};

struct LoadResult {
  Plan plan = Plan::kNothing;
  std::uint64_t lines_loaded = 0;     ///< source lines that inserted or updated a row
  std::uint64_t lines_unchanged = 0;  ///< source lines all of whose rows stood there already
  std::uint64_t rows_inserted = 0;
  std::uint64_t rows_updated = 0;
  std::uint64_t rows_closed = 0;
};

enum class Mode : std::uint8_t {
  kUpsert,   ///< by key; null equals null in a key; columns the file lacks keep what is stored
  kReplace,  ///< rows of the slot's earlier run are removed, the file's are put in
};

/// Where rows lie until they are merged.
enum class Place : std::uint8_t {
  kTemporary,  ///< a table of the session
  kTable,      ///< the table itself: it is empty, and the caller's transaction holds its lock;
               ///< where it is parted, a table that will be its part
};

struct CountedColumn;
struct ReferenceCount;
struct MissingRows;
struct SettledLines;
struct SnapshotScope;
struct UnknownLine;
/// Values of a key, in its order; nothing is null.
using KeyValues = std::vector<std::optional<std::string>>;

/// Loads one file into one table, inside the caller's transaction, which acts as homeroom_owner
/// from `begin` on. The connection serves nothing else between the first `add` and `merge`. A
/// file without rows changes nothing and closes nothing. Rows replaced or removed are kept in
/// history.<table>; rows that do not change are not written. Not shared by threads.
/// Memory: 1.5 MiB and the longest row. Rows are sent by a thread of the loader's own.
///
///     Loader loader = HOMEROOM_TRY(Loader::begin(connection, schema, run_id, Mode::kUpsert));
///     HOMEROOM_TRY(loader.add(columns, lines));   // for each batch of clean rows
///     const LoadResult result = HOMEROOM_TRY(loader.merge());
class Loader {
 public:
  /// `columns` are those the file has, in the order `add` gives them; the table has them all
  /// already (see migrate). `previous_run` is what kReplace removes; 0: none. With kTable readers
  /// of the table wait until the transaction ends; where one of them does not let go of it soon,
  /// rows lie in a temporary one instead.
  [[nodiscard]] static Result<Loader> begin(io::Connection& connection, const TableSchema& table,
                                            std::int64_t run_id, Mode mode,
                                            std::int64_t previous_run = 0,
                                            Place place = Place::kTemporary);
  Loader(Loader&&) noexcept;
  Loader& operator=(Loader&&) noexcept;
  ~Loader();

  /// Cells in canonical text form (as the clean file has them): ISO dates, plain decimals,
  /// true/false, RFC 3339 times. kNull, kSuppressed and empty cells become null; a suppressed cell
  /// sets
  /// `<column>_suppressed`. Encoded to PostgreSQL's binary form here, once.
  /// Errors: kInternal for a value that is not of its column's type, and for a suppressed one in
  /// a column without flag (broken promises of clean); they name line and column, no value.
  [[nodiscard]] Status add(std::span<const std::vector<Cell>* const> columns,
                           std::span<const LineNumber> lines);

  /// The same for one row of `columns`.
  [[nodiscard]] Status add_row(std::span<const std::vector<Cell>* const> columns, RowIndex row,
                               LineNumber line);

  /// Ends the COPY: nothing is added after it. The calls below do so too.
  [[nodiscard]] Status finish();

  /// The same as at `begin`, where it was not known then.
  void set_previous_run(std::int64_t run_id);

  /// Empty cells of each column of all rows given, and the values of the `counted`
  /// (load/statistics.h). Before any are taken out.
  [[nodiscard]] Result<std::vector<ColumnStatistic>> describe(
      std::span<const CountedColumn> counted);

  /// Lines of days without school (load/days_off.h), and lines taken out.
  [[nodiscard]] Result<std::vector<LineNumber>> find_days_off(const std::string& school_column,
                                                              const std::string& date_column);
  [[nodiscard]] Result<std::uint64_t> drop_lines(std::span<const LineNumber> lines);

  /// Which of the lines given name rows of other tables that are not there (load/references.h).
  [[nodiscard]] Result<std::vector<ReferenceCount>> judge(std::span<const Reference> references);

  /// All lines that `judge` found unknown by some of its references (by index).
  [[nodiscard]] Result<std::vector<UnknownLine>> find_unknown(
      std::span<const std::size_t> references) const;

  /// Takes out the lines that `judge` found unknown by some of its references (by index), or keeps
  /// them besides until what they name is there (load/pending.h). Return how many lines.
  [[nodiscard]] Result<std::uint64_t> drop_unknown(std::span<const std::size_t> references);
  [[nodiscard]] Result<std::uint64_t> keep_unknown(std::span<const Reference> all,
                                                   std::span<const std::size_t> references);

  /// Takes out the lines whose key a later run has loaded already; returns how many.
  [[nodiscard]] Result<std::uint64_t> drop_outdated();

  /// The same for the keys noted here, which a newer version of the file has too: any number of
  /// them, then `drop_older`. Returns of how many lines nothing is left.
  [[nodiscard]] Status note_newer(std::span<const KeyValues> keys);
  [[nodiscard]] Result<std::uint64_t> drop_older();

  /// Rows of earlier runs that waited for the keys given now wait no more.
  [[nodiscard]] Result<std::vector<SettledLines>> supersede_pending();

  /// Closing what a snapshot lacks (load/snapshot.h). `note_present` ends the COPY, and is false
  /// for a file without rows, which closes nothing; `close_missing` follows the merge.
  [[nodiscard]] Result<bool> note_present(const SnapshotScope& scope);
  [[nodiscard]] Status note_quarantined(std::span<const KeyValues> keys);
  [[nodiscard]] Result<std::vector<MissingRows>> find_missing(const SnapshotScope& scope);
  [[nodiscard]] Result<std::uint64_t> close_missing();
  [[nodiscard]] Result<std::vector<SettledLines>> end_missing_pending(const SnapshotScope& scope);

  /// Merges. Other writers of the table wait until the transaction ends. Rows of
  /// one key count once: the last line's (validate lets none through that differ).
  /// Each line given is counted as loaded or unchanged. Errors: kDatabase; kContract when kUpsert
  /// is asked and the file has no column of the key.
  [[nodiscard]] Result<LoadResult> merge();

  /// After `merge`, for rows of a run that was loaded before (load/late_rows.h).
  [[nodiscard]] Status mark_late();

 private:
  struct State;
  explicit Loader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace homeroom::load
