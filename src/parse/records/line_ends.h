#pragma once

// Physical lines: LF, CR LF and CR each end one.

#include <cstddef>
#include <string_view>

namespace homeroom::parse {

[[nodiscard]] constexpr bool is_line_end(char c) {
  return c == '\n' || c == '\r';
}

[[nodiscard]] inline bool has_line_end(std::string_view text) {
  return text.find_first_of("\r\n") != std::string_view::npos;
}

/// Line ends in `text`; CR LF counts once.
[[nodiscard]] inline std::size_t count_line_ends(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_lone_cr = text[at] == '\r' && (at + 1 == text.size() || text[at + 1] != '\n');
    count += text[at] == '\n' || is_lone_cr ? 1 : 0;
  }
  return count;
}

/// Bytes of the first line of `text`, its end included. All of `text` when no line ends in it.
[[nodiscard]] inline std::size_t first_line_size(std::string_view text) {
  const std::size_t at = text.find_first_of("\r\n");
  if (at == std::string_view::npos) return text.size();
  const bool is_crlf = text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n';
  return at + (is_crlf ? 2 : 1);
}

}  // namespace homeroom::parse
