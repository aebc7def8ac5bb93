#pragma once

// Batch -> Batch + Changes: runs each column's rules, keeps what was changed and why.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "clean/known_cells.h"
#include "clean/rule.h"
#include "contract/match.h"
#include "table/batch.h"
#include "table/issue.h"

namespace homeroom::clean {

/// How often a rule changed a column.
struct ChangeCount {
  std::size_t column = 0;  ///< index in the file
  std::string_view rule;
  std::uint64_t count = 0;
};

/// A cell that its column's type refuses.
struct BadCell {
  RowIndex row = 0;
  std::uint32_t column = 0;  ///< index in the file
  std::string_view rule;
  std::string_view reason;      ///< static text or in the batch's arena: "month 13 is not a month"
  std::string_view suggestion;  ///< "did you mean TARDY?"; may be empty
};

/// Original of a cell that a rule changed.
struct ChangedCell {
  RowIndex row = 0;
  std::uint32_t column = 0;
  Cell before;
  std::string_view rule;
};

/// A cell that rules changed, shown for one of them: as it came, and as all of them left it.
struct ChangeSample {
  RowIndex row = 0;
  std::uint32_t column = 0;  ///< index in the file
  std::string_view rule;
  Cell before;
  Cell after;
};

/// Samples of each rule and column over all batches; of one batch, only values that differ.
inline constexpr std::uint8_t kMaxSamples = 3;

/// What cleaning one batch did besides changing it. Valid until the batch is refilled.
struct CleanedBatch {
  std::vector<BadCell> bad;                  ///< ascending by row
  std::vector<std::vector<Cell>> originals;  ///< by column; empty: no cell of it was changed
  std::vector<ChangedCell> changes;          ///< only when the cleaner was asked to keep them
  std::vector<ChangeSample> samples;         ///< the first that each rule changes of a column
};

enum class KeepChanges : std::uint8_t { kNo, kYes };

/// Columns taken for an optional date of the data set in which three values or more stand, and
/// none is a date.
[[nodiscard]] std::vector<std::size_t> dateless_columns(const contract::Match& match,
                                                        std::span<const ColumnProfile> profiles);

/// The contexts of a file's columns: declared ones from the match (may be null: no contract),
/// the others from their profiles. A date column that is ambiguous by itself takes the order of the
/// file's other date columns when those agree. `context.profile.date_order` is what counts: whoever
/// knows better (a contract, the source's history) sets it.
[[nodiscard]] std::vector<ColumnContext> plan_cleaning(const contract::Match* match,
                                                       std::span<const ColumnProfile> profiles);

/// What `plan_cleaning` would still ask of the profiles, if the match stays as it is: of a column
/// that a contract declares, little. `contexts` are those planned from `profiles`.
[[nodiscard]] std::vector<Wanted> wanted_of(std::span<const ColumnContext> contexts,
                                            std::span<const ColumnProfile> profiles);

/// Why a file cannot be cleaned as it stands: a declared column of dates or timestamps whose order
/// is kMixed, or kAmbiguous and not decided by the file's others. Empty when it can.
[[nodiscard]] std::vector<Issue> undecided_columns(const contract::Match* match,
                                                   std::span<const std::string> header,
                                                   std::span<const ColumnProfile> profiles);

/// Cleans batches of one file. Not shared by threads. Memory: its counters and, for a batch, a
/// copy of the cells (not the bytes) of each column that changed.
class Cleaner {
 public:
  [[nodiscard]] static Result<Cleaner> create(std::vector<ColumnContext> columns,
                                              KeepChanges keep = KeepChanges::kNo);
  Cleaner(Cleaner&&) noexcept;
  Cleaner& operator=(Cleaner&&) noexcept;
  ~Cleaner();

  /// Changes `batch` in place; `out` is cleared first. `open` (empty: all) are the rows of each
  /// column that are cleaned: the others hold texts that this cleaner left as they were.
  void clean(Batch& batch, CleanedBatch& out, std::span<const OpenRows> open = {});

  /// Changes so far, ordered by column and rule.
  [[nodiscard]] std::vector<ChangeCount> change_counts() const;

 private:
  struct State;
  explicit Cleaner(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace homeroom::clean
