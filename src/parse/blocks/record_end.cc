#include "parse/blocks/record_end.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace homeroom::parse {
namespace {

constexpr std::size_t kLanes = 64;
constexpr std::size_t kMaxRounds = 255;  // that a byte can count to

struct Counts {
  std::size_t num_quotes = 0;
  std::size_t num_line_feeds = 0;
};

// Counts in one byte for each lane, which the compiler turns into vectors.
Counts count_bytes(std::string_view text, char quote) {
  Counts counts;
  while (text.size() >= kLanes) {
    std::array<std::uint8_t, kLanes> quotes{};
    std::array<std::uint8_t, kLanes> line_feeds{};
    const std::size_t rounds = std::min(kMaxRounds, text.size() / kLanes);
    const char* from = text.data();
    for (std::size_t round = 0; round < rounds; ++round, from += kLanes) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        quotes[lane] = static_cast<std::uint8_t>(quotes[lane] + (from[lane] == quote ? 1 : 0));
      }
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        line_feeds[lane] =
            static_cast<std::uint8_t>(line_feeds[lane] + (from[lane] == '\n' ? 1 : 0));
      }
    }
    for (const std::uint8_t each : quotes) counts.num_quotes += each;
    for (const std::uint8_t each : line_feeds) counts.num_line_feeds += each;
    text.remove_prefix(rounds * kLanes);
  }
  counts.num_quotes += static_cast<std::size_t>(std::ranges::count(text, quote));
  counts.num_line_feeds += static_cast<std::size_t>(std::ranges::count(text, '\n'));
  return counts;
}

RecordEnd find_by_counting(std::string_view text, char quote) {
  const Counts counts = count_bytes(text, quote);
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
