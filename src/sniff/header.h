#pragma once

// Phase 3: which lines stand before the table, and which name its columns.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sniff/sample_cutter.h"

namespace homeroom::sniff {

struct HeaderGuess {
  std::size_t preamble_lines = 0;  ///< physical lines before the header, or before the first row
  std::size_t header_lines = 0;    ///< physical lines; 0: none
  std::size_t units_lines = 0;     ///< physical lines below the header that say units
  std::size_t num_columns = 0;
  std::string delimiter = {};  ///< that cuts the header where that of the rows does not
  double confidence = 0;
  std::string runner_up = {};
  std::string reason = {};  ///< one sentence
};

/// Finds the lowest row that names the columns of the rows below it, from the first rows of the
/// sample (`text`, cut as `supposed`; `width`: cells of most rows).
[[nodiscard]] HeaderGuess guess_header(std::string_view text, const Supposed& supposed,
                                       std::size_t width);

/// The delimiter that cuts the line `line` (from 0) into `width` names where that of the rows
/// leaves it whole; empty: there is none, or none is needed.
[[nodiscard]] std::string guess_header_delimiter(std::string_view text, const Supposed& supposed,
                                                 std::size_t width, std::size_t line);

}  // namespace homeroom::sniff
