#pragma once

// Phase 2: delimiter, quote and escape.

#include <string>
#include <string_view>
#include <vector>

#include "sniff/sample_cutter.h"
#include "sniff/sniff.h"
#include "table/dialect.h"

namespace homeroom::sniff {

/// What a sample looks like under one supposed dialect.
struct Fit {
  Supposed supposed;
  double score = 0;              ///< 0 to 1: see structure.cc
  double consistency = 0;        ///< share of the rows that have `width` cells
  double table_consistency = 0;  ///< the same, titles over the table hardly counted
  double cleanness = 0;          ///< mean over cells of how much they look like single values
  std::size_t width = 0;         ///< cells of most rows
  std::size_t num_rows = 0;
  std::size_t num_quoted = 0;      ///< cells that open and close with the quote
  std::size_t num_torn = 0;        ///< cells that open with it and do not close
  bool has_quoted_blanks = false;  ///< a quoted cell holds a blank
  double data_share = 0;           ///< of cells that are numbers, dates, times, addresses
  bool is_one_type = false;        ///< of one column: all values are numbers, dates, times
};

/// Cuts `text` as supposed and measures how well the rows fit together.
[[nodiscard]] Fit measure(std::string_view text, const Supposed& supposed);

struct Structure {
  Fit best;
  Fit runner_up;    ///< the best one with another delimiter; score 0: there is none
  Fit other_quote;  ///< the best one with the same delimiter and another quote; likewise
};

/// Scores every plausible delimiter with every plausible quote over the whole sample.
///
/// Source: the consistency measure (row pattern times cell type) of van den Burg et al.,
/// "Wrangling Messy CSV Files by Detecting Row and Type Patterns", 2019; scored differently.
[[nodiscard]] Structure guess_structure(std::string_view text, const Overrides& overrides);

/// One that seldom occurs inside values: a comma, a tab, a pipe.
[[nodiscard]] bool is_usual_delimiter(std::string_view delimiter);

/// "comma", "tab", ...
[[nodiscard]] std::string name_delimiter(std::string_view delimiter);

}  // namespace homeroom::sniff
