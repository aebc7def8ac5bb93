#include "parse/blocks/record_end.h"

#include "parse/blocks/byte_counts.h"

namespace homeroom::parse {
namespace {

RecordEnd find_by_counting(std::string_view text, char quote) {
  const ByteCounts counts = count_bytes(text, quote);
  bool is_even = quote == '\0' || counts.num_quotes % 2 == 0;
  std::size_t num_lines = counts.num_line_feeds;
  std::size_t size = text.size();
  for (; size > 0; --size) {
    const char last = text[size - 1];
    if (last == '\n') {
      if (is_even) break;
      --num_lines;
    }
    if (last == quote && quote != '\0') is_even = !is_even;
  }
  return {.size = size, .num_lines = num_lines};
}

// A carriage return at the very end may be half of CR LF.
RecordEnd find_byte_by_byte(std::string_view text, const Dialect& dialect) {
  const bool has_backslash = dialect.escape == '\\';
  const char line_end = dialect.newline == Newline::kCr ? '\r' : '\n';
  RecordEnd end;
  bool is_open = false;
  std::size_t num_lines = 0;
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    if (has_backslash && text[at] == '\\') {
      ++at;
      num_lines += text[at] == line_end ? 1 : 0;
    } else if (text[at] == dialect.quote && dialect.quote != '\0') {
      is_open = !is_open;
    } else if (text[at] == line_end) {
      ++num_lines;
      const bool is_half = line_end == '\r' && text[at + 1] == '\n';
      if (!is_open && !is_half) end = {.size = at + 1, .num_lines = num_lines};
    }
  }
  return end;
}

bool is_blank_line(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

// What stands behind a blank line is judged by that, so both are left for the next block.
void drop_blank_lines(std::string_view text, char line_end, RecordEnd& end) {
  while (end.size > 0) {
    const std::size_t before =
        end.size == 1 ? std::string_view::npos : text.rfind(line_end, end.size - 2);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    if (!is_blank_line(text.substr(begin, end.size - begin))) return;
    end.size = begin;
    --end.num_lines;
  }
}

}  // namespace

RecordEnd find_record_end(std::string_view text, const Dialect& dialect) {
  const bool is_cr = dialect.newline == Newline::kCr;
  RecordEnd end = is_cr || dialect.escape == '\\' ? find_byte_by_byte(text, dialect)
                                                  : find_by_counting(text, dialect.quote);
  drop_blank_lines(text, is_cr ? '\r' : '\n', end);
  return end;
}

}  // namespace homeroom::parse
