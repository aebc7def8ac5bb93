// Sixteen bytes at a time, for every machine of ARM's 64-bit kind. HOMEROOM_SIMDE: the same code by
// other instructions, so that tests can run it anywhere.

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "parse/scan/structural_scan.h"

#if defined(__aarch64__)
#include <arm_neon.h>
#elif defined(HOMEROOM_SIMDE)
#define SIMDE_ENABLE_NATIVE_ALIASES
#include <simde/arm/neon.h>  // IWYU pragma: keep
#endif

#if defined(__aarch64__) || defined(HOMEROOM_SIMDE)

namespace homeroom::parse {
namespace {

std::size_t count_bits(std::uint64_t bits) {
  return static_cast<std::size_t>(std::popcount(bits));
}

std::size_t lowest_bit(std::uint64_t bits) {
  return static_cast<std::size_t>(std::countr_zero(bits));
}

// Not every machine has a product without carries.
std::uint64_t prefix_xor(std::uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

struct Bytes64 {
  std::array<uint8x16_t, 4> parts;
};

Bytes64 load(const char* bytes) {
  const auto* from = reinterpret_cast<const std::uint8_t*>(bytes);
  return {{vld1q_u8(from), vld1q_u8(from + 16), vld1q_u8(from + 32), vld1q_u8(from + 48)}};
}

uint8x16_t repeat(char c) {
  return vdupq_n_u8(static_cast<std::uint8_t>(c));
}

// A bit for each byte that equals `pattern`'s: each byte of a part keeps its own bit, and sums of
// neighbours, three times, put eight of them into one byte.
std::uint64_t equal(const Bytes64& bytes, uint8x16_t pattern) {
  constexpr std::array<std::uint8_t, 16> kBits = {1, 2, 4, 8, 16, 32, 64, 128,
                                                  1, 2, 4, 8, 16, 32, 64, 128};
  const uint8x16_t bits = vld1q_u8(kBits.data());
  const auto found = [&](std::size_t i) {
    return vandq_u8(vceqq_u8(bytes.parts[i], pattern), bits);
  };
  const uint8x16_t low = vpaddq_u8(found(0), found(1));
  const uint8x16_t high = vpaddq_u8(found(2), found(3));
  const uint8x16_t both = vpaddq_u8(low, high);
  return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(both, both)), 0);
}

class Comparer {
 public:
  explicit Comparer(const ScanJob& job)
      : delimiter_(repeat(job.delimiter)), quote_(repeat(job.quote)), has_quote_(job.has_quote) {}

  void compare(const char* bytes, Stretch& stretch) const {
    const uint8x16_t line_feed = repeat('\n');
    const uint8x16_t carriage_return = repeat('\r');
    uint8x16_t returns = repeat('\0');
    uint8x16_t smallest = carriage_return;
    std::uint64_t quotes = 0;
    for (std::size_t i = 0; i < stretch.num_words; ++i) {
      const Bytes64 word = load(bytes + i * kScanBytes);
      stretch.delimiter[i] = equal(word, delimiter_);
      stretch.quote[i] = equal(word, quote_);
      stretch.line_feed[i] = equal(word, line_feed);
      quotes |= stretch.quote[i];
      for (const uint8x16_t part : word.parts) {
        returns = vorrq_u8(returns, vceqq_u8(part, carriage_return));
        smallest = vminq_u8(smallest, part);
      }
    }
    stretch.has_quotes = has_quote_ && quotes != 0;
    stretch.has_rare = vmaxvq_u8(returns) != 0 || vminvq_u8(smallest) == 0;
    if (stretch.has_rare) compare_rare(bytes, stretch);
  }

 private:
  static void compare_rare(const char* bytes, Stretch& stretch) {
    for (std::size_t i = 0; i < stretch.num_words; ++i) {
      const Bytes64 word = load(bytes + i * kScanBytes);
      stretch.carriage_return[i] = equal(word, repeat('\r'));
      stretch.nul[i] = equal(word, repeat('\0'));
    }
  }

  uint8x16_t delimiter_;
  uint8x16_t quote_;
  bool has_quote_;
};

}  // namespace
}  // namespace homeroom::parse

#include "parse/scan/structural_scan_kernel.h"

namespace homeroom::parse {

bool has_neon() {
  return true;
}

bool scan_neon(ScanJob& job, ScanState& state, ScanIndex& index) {
  return scan_stretches<Comparer>(job, state, index);
}

}  // namespace homeroom::parse

#else

namespace homeroom::parse {

bool has_neon() {
  return false;
}

bool scan_neon(ScanJob& job, ScanState& state, ScanIndex& index) {
  return scan_portable(job, state, index);
}

}  // namespace homeroom::parse

#endif
