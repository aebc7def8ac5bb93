// Eight bytes at a time in ordinary registers: for any machine.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "parse/scan/structural_scan.h"

namespace homeroom::parse {
namespace {

static_assert(std::endian::native == std::endian::little, "bit 0 is the first byte");

constexpr std::uint64_t repeat(char c) {
  return 0x0101010101010101 * static_cast<unsigned char>(c);
}

// Without the instruction for it, a call would take the place of these few steps.
std::size_t count_bits(std::uint64_t bits) {
  bits -= (bits >> 1) & 0x5555555555555555;
  bits = (bits & 0x3333333333333333) + ((bits >> 2) & 0x3333333333333333);
  bits = (bits + (bits >> 4)) & 0x0F0F0F0F0F0F0F0F;
  return (bits * 0x0101010101010101) >> 56;
}

std::size_t lowest_bit(std::uint64_t bits) {
  return static_cast<std::size_t>(std::countr_zero(bits));
}

std::uint64_t prefix_xor(std::uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

// Bit i: byte i of `word` equals byte i of `pattern`.
std::uint64_t equal(std::uint64_t word, std::uint64_t pattern) {
  constexpr std::uint64_t kLow7 = repeat(0x7F);
  const std::uint64_t difference = word ^ pattern;
  const std::uint64_t high_where_equal = ~(((difference & kLow7) + kLow7) | difference | kLow7);
  return ((high_where_equal >> 7) * 0x0102040810204080) >> 56;
}

class Comparer {
 public:
  explicit Comparer(const ScanJob& job)
      : delimiter_(repeat(job.delimiter)), quote_(repeat(job.quote)), has_quote_(job.has_quote) {}

  void compare(const char* bytes, Stretch& stretch) const {
    stretch.has_quotes = false;
    stretch.has_rare = false;
    for (std::size_t i = 0; i < stretch.num_words; ++i) {
      compare_word(bytes + i * kScanBytes, i, stretch);
      stretch.has_quotes |= has_quote_ && stretch.quote[i] != 0;
      stretch.has_rare |= (stretch.carriage_return[i] | stretch.nul[i]) != 0;
    }
  }

 private:
  void compare_word(const char* bytes, std::size_t at, Stretch& stretch) const {
    std::uint64_t delimiter = 0;
    std::uint64_t quote = 0;
    std::uint64_t line_feed = 0;
    std::uint64_t carriage_return = 0;
    std::uint64_t nul = 0;
    for (unsigned i = 0; i < 8; ++i) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes + 8 * i, sizeof word);
      delimiter |= equal(word, delimiter_) << (8 * i);
      quote |= equal(word, quote_) << (8 * i);
      line_feed |= equal(word, repeat('\n')) << (8 * i);
      carriage_return |= equal(word, repeat('\r')) << (8 * i);
      nul |= equal(word, 0) << (8 * i);
    }
    stretch.delimiter[at] = delimiter;
    stretch.quote[at] = quote;
    stretch.line_feed[at] = line_feed;
    stretch.carriage_return[at] = carriage_return;
    stretch.nul[at] = nul;
  }

  std::uint64_t delimiter_;
  std::uint64_t quote_;
  bool has_quote_;
};

}  // namespace
}  // namespace homeroom::parse

#include "parse/scan/structural_scan_kernel.h"

namespace homeroom::parse {

bool scan_portable(ScanJob& job, ScanState& state, ScanIndex& index) {
  return scan_stretches<Comparer>(job, state, index);
}

}  // namespace homeroom::parse
