#pragma once

// Where the last record of a block ends, judged by its quotes alone: at the speed of memory, so
// that blocks can be cut side by side.

#include <cstddef>
#include <string_view>

namespace homeroom::parse {

/// The whole records at the front of a text.
struct RecordEnd {
  std::size_t size = 0;       ///< bytes, the last line feed included; 0: no record ends here
  std::size_t num_lines = 0;  ///< line feeds in them
};

/// Behind the last line feed before which the quotes are even in number. Certain where quotes
/// stand as RFC 4180 has them; elsewhere a guess, which whoever cuts the records finds out.
/// `text` starts with a record; `quote` '\0': none.
[[nodiscard]] RecordEnd find_record_end(std::string_view text, char quote);

}  // namespace homeroom::parse
