#pragma once

// Where the last record of a block ends, judged by its quotes alone: at the speed of memory, so
// that blocks can be cut side by side.

#include <cstddef>
#include <string_view>

#include "table/dialect.h"

namespace homeroom::parse {

/// The whole records at the front of a text.
struct RecordEnd {
  std::size_t size = 0;       ///< bytes, the last line end included; 0: no record ends here
  std::size_t num_lines = 0;  ///< line ends in them
};

/// Behind the last line end before which the quotes are even in number, but before blank lines that
/// stand there. Certain where quotes stand as RFC 4180 has them, or are escaped by backslashes;
/// elsewhere a guess, which whoever cuts the records finds out. `text` starts with a record.
[[nodiscard]] RecordEnd find_record_end(std::string_view text, const Dialect& dialect);

}  // namespace homeroom::parse
