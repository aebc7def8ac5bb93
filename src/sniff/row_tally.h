#pragma once

// What the rows of a sample, cut as supposed, look like together.

#include <cstddef>
#include <map>
#include <vector>

#include "sniff/sample_cutter.h"
#include "sniff/structure.h"

namespace homeroom::sniff {

/// Widths of rows, and what their cells look like.
class RowTally {
 public:
  void add(const SampleRow& row, bool look_at_cells);

  /// The first row is one cell that holds what looks like another delimiter.
  [[nodiscard]] bool is_header_torn(std::size_t width) const {
    return width > 1 && is_first_row_mixed_;
  }

  /// All cells but one, the heading, are numbers, dates, times or addresses.
  [[nodiscard]] bool is_one_type() const {
    return cells_.num_data > 0 && cells_.num_data + 1 >= cells_.number;
  }

  /// Fills in all but the score.
  void finish(Fit& fit);

 private:
  // What the cells of a row, or of many, look like.
  struct Cells {
    std::size_t number = 0;
    std::size_t num_data = 0;  ///< numbers, dates, times, addresses
    double score = 0;          ///< the sum over them

    void add(const SampleRow& row);
  };

  struct Title {
    std::size_t width = 0;
    bool is_mixed = false;
    bool is_comment = false;
    Cells cells;
  };

  double set_titles_aside(std::size_t width);
  [[nodiscard]] static bool is_title(const Title& row, std::size_t width);
  [[nodiscard]] double fitting_rows(std::size_t width) const;

  bool is_first_row_mixed_ = false;
  bool has_quoted_blanks_ = false;
  std::map<std::size_t, std::size_t> rows_of_width_;
  std::vector<Title> first_rows_;
  std::size_t num_rows_ = 0;
  std::size_t num_quoted_ = 0;
  std::size_t num_torn_ = 0;
  Cells cells_;
};

}  // namespace homeroom::sniff
