#include "parse/record_end.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace homeroom::parse {
namespace {

constexpr std::size_t kLanes = 64;
constexpr std::size_t kMaxRounds = 255;  // that a byte can count to

// Counts in one byte for each lane, which the compiler turns into vectors.
std::size_t count_byte(std::string_view text, char wanted) {
  std::size_t count = 0;
  while (text.size() >= kLanes) {
    std::array<std::uint8_t, kLanes> found{};
    const std::size_t rounds = std::min(kMaxRounds, text.size() / kLanes);
    const char* from = text.data();
    for (std::size_t round = 0; round < rounds; ++round, from += kLanes) {
      for (std::size_t lane = 0; lane < kLanes; ++lane) {
        found[lane] = static_cast<std::uint8_t>(found[lane] + (from[lane] == wanted ? 1 : 0));
      }
    }
    for (const std::uint8_t each : found) count += each;
    text.remove_prefix(rounds * kLanes);
  }
  return count + static_cast<std::size_t>(std::ranges::count(text, wanted));
}

}  // namespace

RecordEnd find_record_end(std::string_view text, char quote) {
  bool is_even = quote == '\0' || count_byte(text, quote) % 2 == 0;
  std::size_t size = text.size();
  for (; size > 0; --size) {
    const char last = text[size - 1];
    if (last == '\n' && is_even) break;
    if (last == quote && quote != '\0') is_even = !is_even;
  }
  return {.size = size, .num_lines = count_byte(text.substr(0, size), '\n')};
}

}  // namespace homeroom::parse
