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

}  // namespace

RecordEnd find_record_end(std::string_view text, char quote) {
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

}  // namespace homeroom::parse
