#pragma once

// The lines of a sample: how they end, how long they are.

#include <cstddef>
#include <string_view>

namespace homeroom::sniff {

struct LineEnds {
  std::size_t num_lf = 0;
  std::size_t num_crlf = 0;
  std::size_t num_cr = 0;
};

[[nodiscard]] LineEnds count_line_ends(std::string_view text);

struct LineLengths {
  std::size_t num_lines = 0;  ///< that are not blank
  std::size_t usual = 0;      ///< characters of most of them
  std::size_t num_usual = 0;
};

/// Of the lines behind the first `skipped`.
[[nodiscard]] LineLengths measure_lines(std::string_view text, std::size_t skipped);

}  // namespace homeroom::sniff
