#include "parse/blocks/byte_counts.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace homeroom::parse {
namespace {

constexpr std::size_t kLanes = 64;
constexpr std::size_t kMaxRounds = 255;  // that a byte can count to

}  // namespace

// Counts in one byte for each lane, which the compiler turns into vectors.
ByteCounts count_bytes_portable(std::string_view text, char quote) {
  ByteCounts counts;
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

ByteCounts count_bytes(std::string_view text, char quote) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw") != 0) return count_bytes_avx512(text, quote);
#endif
  return count_bytes_portable(text, quote);
}

}  // namespace homeroom::parse
