#pragma once

// Cuts a sample into rows under a supposed dialect, forgivingly: what the phases score.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace homeroom::sniff {

/// What a phase supposes of a file.
struct Supposed {
  std::string delimiter;  ///< empty: one column
  char quote = '\0';      ///< '\0': none
  bool has_backslash = false;
  bool merges_blanks = false;  ///< see Dialect
};

enum class CellForm : std::uint8_t {
  kPlain,
  kQuoted,  ///< opens and closes with the quote
  kTorn,    ///< opens with the quote, but it does not close before a delimiter
};

/// A cell as it stands in the sample: without its quotes, escapes not undone.
struct SampleCell {
  std::string_view text;
  CellForm form = CellForm::kPlain;
  bool has_blank_before = false;  ///< between the delimiter and the opening quote
  bool has_blank_after = false;   ///< between the closing quote and the delimiter
};

struct SampleRow {
  std::vector<SampleCell> cells;
  std::size_t line = 0;       ///< physical, from 0
  std::size_t num_lines = 0;  ///< it spans
  bool is_cut = false;        ///< the sample ends in a quoted cell of this row

  /// A line without anything on it.
  [[nodiscard]] bool is_blank() const;
};

/// Goes through a sample row by row. Not shared by threads; allocates for the widest row only.
class SampleCutter {
 public:
  SampleCutter(std::string_view text, const Supposed& supposed);

  /// The next row, into memory that is reused. False at the end. Where quotes do not add up and
  /// the row does not have `expected_width` cells, a quote may be read as part of its value.
  [[nodiscard]] bool next(SampleRow& row, std::size_t expected_width = 0);

  /// Bytes that are not cut yet.
  [[nodiscard]] std::size_t num_left() const { return text_.size() - at_; }

 private:
  void skip_run();
  void cut_row(SampleRow& row);
  void add_cell(SampleRow& row);
  bool add_quoted(SampleRow& row);
  void add_plain(SampleRow& row, CellForm form);
  [[nodiscard]] std::size_t opening_quote() const;
  [[nodiscard]] bool ends_cell(std::size_t at) const;
  [[nodiscard]] std::size_t end_of_blanks(std::size_t at) const;
  [[nodiscard]] bool starts_delimiter(std::size_t at) const;

  std::string_view text_;
  Supposed supposed_;
  std::array<bool, 256> is_special_{};
  std::size_t at_ = 0;
  std::size_t line_ = 0;
  bool is_literal_ = false;  ///< a quote that does not close before a delimiter opens nothing
};

}  // namespace homeroom::sniff
