#pragma once

// How a file writes its table: what the sniffer decides, what the parser follows.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace homeroom {

enum class Newline : std::uint8_t { kLf, kCrLf, kCr, kMixed };

[[nodiscard]] constexpr std::string_view to_string(Newline newline) {
  constexpr std::string_view kNames[] = {"lf", "crlf", "cr", "mixed"};
  return kNames[static_cast<std::size_t>(newline)];
}

/// One judgement the sniffer made, with what it would have said next.
struct Verdict {
  std::string what;       ///< "delimiter", "encoding", "header"
  std::string choice;     ///< as shown to people: "comma", "windows-1252", "1 line"
  double confidence = 1;  ///< 0 to 1
  std::string runner_up;  ///< empty when nothing else was possible
  std::string reason;     ///< one sentence
};

struct Dialect {
  std::string delimiter = ",";  ///< one or more bytes of UTF-8; empty: one column
  bool merges_blanks = false;   ///< delimiter " ": a run is one, and none stands at a line's ends
  char quote = '"';             ///< '\0': none
  char escape = '"';            ///< equal to `quote`: doubled; '\\': backslash; '\0': none
  std::string encoding = "utf-8";  ///< lower-case IANA name of the bytes before decoding
  bool has_bom = false;
  Newline newline = Newline::kLf;
  std::uint32_t preamble_lines = 0;  ///< physical lines before the header: titles, blanks, sep=
  std::uint32_t header_lines = 1;    ///< physical lines of the header; 0: none
  std::uint32_t num_columns = 0;
  std::uint32_t fields_per_row = 0;    ///< of most rows; 0: not known
  std::vector<Verdict> verdicts = {};  ///< in the order they were made
};

}  // namespace homeroom
