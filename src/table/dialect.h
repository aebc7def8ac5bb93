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

/// A column of a file of fixed width.
struct FixedColumn {
  std::string name;
  std::uint32_t start = 1;  ///< its first character, from 1
  std::uint32_t length = 0;

  [[nodiscard]] std::uint32_t end() const { return start + length; }

  friend bool operator==(const FixedColumn&, const FixedColumn&) = default;
};

struct Dialect {
  std::string delimiter = ",";  ///< one or more bytes of UTF-8; empty: one column
  bool merges_blanks = false;   ///< delimiter " ": a run is one, and none stands at a line's ends
  char quote = '"';             ///< '\0': none
  char escape = '"';            ///< equal to `quote`: doubled; '\\': backslash; '\0': none
  std::string encoding = "utf-8";  ///< lower-case IANA name of the bytes before decoding
  bool has_bom = false;
  bool is_encoded_twice = false;  ///< UTF-8 once more: see base/double_encoding.h
  Newline newline = Newline::kLf;
  std::uint32_t preamble_lines = 0;      ///< physical lines before the header: titles, blanks, sep=
  std::uint32_t header_lines = 1;        ///< physical lines of the header; 0: none
  std::string header_delimiter = {};     ///< of a header of one line; empty: that of the rows
  std::uint32_t units_lines = 0;         ///< physical lines below the header that say units
  std::vector<FixedColumn> layout = {};  ///< columns by place, in order; then no delimiter counts
  std::uint32_t line_length = 0;         ///< characters of every line of a layout; 0: they vary
  std::uint32_t num_columns = 0;
  std::uint32_t fields_per_row = 0;    ///< of most rows; 0: not known
  std::vector<Verdict> verdicts = {};  ///< in the order they were made
};

/// What a person or a contract says of how a file is written; what is not set is guessed.
struct GivenDialect {
  std::string delimiter = {};
  char quote = '\1';          ///< '\1': not given; '\0': none
  char escape = '\1';         ///< the same
  std::string encoding = {};  ///< "utf-8-twice": UTF-8 that was encoded as UTF-8 once more
  int preamble_lines = -1;
  int header_lines = -1;
  int units_lines = -1;
  std::vector<FixedColumn> layout = {};

  /// Takes from `other` what is not set here.
  void fill_from(const GivenDialect& other);

  /// " encoding=windows-1252 header_lines=0": what is set; empty when nothing is.
  [[nodiscard]] std::string as_text() const;

  friend bool operator==(const GivenDialect&, const GivenDialect&) = default;
};

}  // namespace homeroom
