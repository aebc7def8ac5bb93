#pragma once

// How often two bytes stand in a text.

#include <cstddef>
#include <string_view>

namespace homeroom::parse {

struct ByteCounts {
  std::size_t num_quotes = 0;
  std::size_t num_line_feeds = 0;
};

/// By the widest vectors that the machine has.
[[nodiscard]] ByteCounts count_bytes(std::string_view text, char quote);

/// Each way gives the same. The second one needs AVX-512 with its instructions for bytes.
[[nodiscard]] ByteCounts count_bytes_portable(std::string_view text, char quote);
[[nodiscard]] ByteCounts count_bytes_avx512(std::string_view text, char quote);

}  // namespace homeroom::parse
