#pragma once

// Rows -> the columns of a batch; what is no row is told apart here.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "parse/records/footer.h"
#include "parse/records/ragged_cause.h"
#include "table/batch.h"
#include "table/cell.h"
#include "table/dialect.h"

namespace homeroom::parse {

/// What became of a record.
enum class Added : std::uint8_t {
  kRow,
  kBlank,      ///< skipped
  kPaddedRow,  ///< a row, but with empty fields past the last column
  kRagged,
  kPastTable,   ///< skipped: a second table began before
  kOtherTable,  ///< the header of a second table: it and all that follows is skipped
};

/// Fills one batch after the other. Not shared by threads.
class BatchBuilder {
 public:
  /// `header` names the columns; `delimiter` is named in likely causes. `has_header`: a row equal
  /// to `header` is a repeated header.
  /// `fields_per_row`: as many fields as most rows have; 0: not known.
  BatchBuilder(const std::vector<std::string>& header, bool has_header, std::string delimiter,
               std::size_t fields_per_row);

  [[nodiscard]] std::size_t num_columns() const { return header_.size(); }

  /// Starts to fill `batch`: no rows, as many columns as the header.
  void start(Batch& batch);

  /// Adds a record of any width that starts there: a row, a ragged row, or a skipped line.
  Added add(LineNumber line, std::uint64_t byte_offset, std::span<const Cell> cells);

  /// Whether `cells`, behind a blank line, may be the header of a second table; what is behind them
  /// tells, see `starts_table`.
  [[nodiscard]] bool may_start_table(std::span<const Cell> cells) const;
  [[nodiscard]] bool starts_table(std::span<const Cell> cells, std::span<const Cell> row);

  /// One field that says something, which no row of this table has.
  [[nodiscard]] bool may_be_title(std::span<const Cell> cells) const {
    return cells.size() == 1 && header_.size() > 1 && !is_blank_record(cells);
  }

  /// Adds the header of a second table.
  Added add_other_header(LineNumber line);

  /// Adds a record that is no row, as `cause` says.
  void add_misfit(LineNumber line, std::uint64_t byte_offset, std::span<const Cell> cells,
                  std::string cause);

  /// True from the first row of a second table on: no row belongs to the first one any more.
  [[nodiscard]] bool is_past_table() const { return is_past_table_; }

  void end_table() { is_past_table_ = true; }

  /// Room for more rows: their cells are columns()[column][num_rows() ...], their lines
  /// new_lines()[0 ...], then `commit_rows`.
  void make_room(std::size_t num_rows = 1) {
    while (capacity_ - num_rows_ < num_rows) [[unlikely]]
      grow();
  }

  [[nodiscard]] Cell* const* columns() const { return columns_.data(); }

  [[nodiscard]] LineNumber* new_lines() const { return lines_ + num_rows_; }

  /// Makes what was written to `columns()` and `new_lines()` rows, but stops at a repeated header,
  /// which becomes a skipped line. Returns how many were used.
  std::size_t commit_rows(std::size_t num_rows);

  void skip(LineNumber line, const char* reason) { batch_->skipped.push_back({line, reason}); }

  [[nodiscard]] std::size_t num_rows() const { return num_rows_; }

  /// Of the batch being filled.
  [[nodiscard]] Arena& arena() { return batch_->arena; }

  /// The first row of the file that is as wide as the header: what likely causes of ragged rows are
  /// judged by. Empty until a batch with one was finished.
  [[nodiscard]] const std::vector<std::string>& pattern_row() const { return pattern_row_; }

  void set_pattern_row(const std::vector<std::string>& row) { pattern_row_ = row; }

  /// What a footer of the batch that was finished last says of the file's rows.
  [[nodiscard]] const std::optional<StatedRows>& stated_rows() const { return stated_rows_; }

  /// Ends the batch. `is_last`: the file ends here, so that its last rows may be footers.
  void finish(bool is_last);

 private:
  void grow();
  void make_capacity(std::size_t capacity);
  void add_ragged(LineNumber line, RaggedRow ragged);
  void find_pattern_row();
  [[nodiscard]] LikelyCause cause_of(std::span<const Cell> cells);
  [[nodiscard]] bool is_repeated_header(std::size_t row) const;
  [[nodiscard]] bool is_blank_record(std::span<const Cell> cells) const;
  [[nodiscard]] bool fits(std::span<const Cell> cells) const;
  [[nodiscard]] bool is_padded(std::span<const Cell> cells);
  [[nodiscard]] bool is_other_header(std::span<const Cell> cells) const;
  void add_row(LineNumber line, std::span<const Cell> cells);
  [[nodiscard]] std::size_t num_footers() const;
  void drop_footers();
  [[nodiscard]] std::vector<Cell> cells_of(RowIndex row) const;
  void drop_last_row();

  std::vector<std::string> header_;
  bool has_header_;
  std::string delimiter_;
  std::vector<std::string> pattern_row_;
  Batch* batch_ = nullptr;
  std::vector<Cell*> columns_;     ///< of `batch_`
  LineNumber* lines_ = nullptr;    ///< of `batch_`
  std::uint32_t first_name_size_;  ///< of the header; more than any cell without one
  std::size_t fields_per_row_;
  bool is_past_table_ = false;
  std::optional<StatedRows> stated_rows_;
  std::size_t num_rows_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace homeroom::parse
