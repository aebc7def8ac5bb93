#include "clean/traits.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/word.h"
#include "clean/tokens.h"

namespace homeroom::clean {
namespace {

constexpr std::array<Traits, 256> make_edge_traits() {
  std::array<Traits, 256> traits = {};
  for (const char blank : {' ', '\t', '\n', '\v', '\f', '\r'}) {
    traits[static_cast<unsigned char>(blank)] = kOuterBlank;
  }
  return traits;
}

constexpr std::array<Traits, 256> kEdgeTraits = make_edge_traits();

// For each first byte, a bit for each length that a token beginning with it can have.
constexpr std::array<std::uint32_t, 256> make_token_lengths() {
  std::array<std::uint32_t, 256> lengths = {};
  const auto add = [&](char first, std::size_t size) {
    lengths[static_cast<unsigned char>(first)] |= 1U << size;
    if (first >= 'a' && first <= 'z') {
      lengths[static_cast<unsigned char>(first - 'a' + 'A')] |= 1U << size;
    }
  };
  for (const std::string_view token : kNullTokens) add(token.front(), token.size());
  for (const std::string_view token : kSuppressionTokens) add(token.front(), token.size());
  for (std::size_t size = 2; size <= kMaxComparison; ++size) {
    for (const char first : {'<', '>'}) add(first, size);
  }
  return lengths;
}

constexpr std::array<std::uint32_t, 256> kTokenLengths = make_token_lengths();

// What eight bytes at a time add up to. Each member has 0x80 in the bytes that have the property.
struct Seen {
  std::uint64_t high = 0;
  std::uint64_t odd = 0;
  std::uint64_t control = 0;
  std::uint64_t blank_pairs = 0;
  std::uint64_t points = 0;
  std::uint64_t pluses = 0;

  // `before` is 0x80 when the byte before the word is a blank. Returns the same for its last.
  std::uint64_t add(std::uint64_t word, std::uint64_t before) {
    constexpr std::uint64_t kHigh = spread(0x80);
    const std::uint64_t low_bits = word & spread(0x7F);
    // Most words hold nothing but what stands from ',' to '~', and no '.'.
    const std::uint64_t is_control_or_high = ((low_bits + spread(0x01)) | word) & kHigh;
    if ((is_control_or_high | has_byte_below(word, ',') | bytes_equal(word, '.')) == 0) return 0;
    high |= word & kHigh;
    const std::uint64_t is_plain = (low_bits + spread(0x60)) & ~(low_bits + spread(0x01));
    const std::uint64_t controls = ~(is_plain | word) & kHigh;
    if (controls != 0) {
      control |= controls & ~(bytes_equal(word, '\n') | bytes_equal(word, '\r'));
    }
    const std::uint64_t blanks = bytes_equal(word, ' ');
    blank_pairs |= blanks & ((blanks << 8U) | before);
    points |= bytes_equal(word, '.');
    pluses |= bytes_equal(word, '+');
    if ((word & kHigh) != 0) add_odd(word);
    return blanks >> 56U;
  }

  // Lead bytes but those of U+00C0 to U+02FF, which are C3 to CB.
  void add_odd(std::uint64_t word) {
    const std::uint64_t leads = word & (word << 1U) & spread(0x80);
    const std::uint64_t six_bits = word & spread(0x3F);
    const std::uint64_t at_least_cc = six_bits + spread(0x74);
    const std::uint64_t at_least_c3 = six_bits + spread(0x7D);
    odd |= leads & (at_least_cc | ~at_least_c3);
  }
};

}  // namespace

bool has_token_form(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t size = text.size();
  if (size < 32 && ((kTokenLengths[first] >> size) & 1U) != 0) return true;
  const bool may_be_count = (first == 'n' || first == 'N') && size > 2 && size <= kMaxComparison;
  return may_be_count && (text[1] == '<' || text[1] == '>' || text[1] == ' ');  // "n<10"
}

Traits classify(std::string_view text) {
  const char* data = text.data();
  const std::size_t size = text.size();
  const auto first = static_cast<unsigned char>(data[0]);
  const auto last = static_cast<unsigned char>(data[size - 1]);
  auto traits = static_cast<Traits>(kEdgeTraits[first] | kEdgeTraits[last]);
  if (has_token_form(text)) traits |= kToken;
  if (first == '=') traits |= kEquals;

  Seen seen;
  if (size <= sizeof(TwoWords)) {
    // Filled up with letters, which have no trait.
    const TwoWords words = load_text(data, size, 'A');
    seen.add(words.high, seen.add(words.low, 0));
  } else {
    std::uint64_t before = 0;
    std::size_t at = 0;
    for (; at + 8 <= size; at += 8) before = seen.add(load_word(data + at), before);
    // The last word overlaps the one before, so that a pair across them is seen.
    seen.add(load_word(data + size - 8), 0);
  }
  const auto set = [&](std::uint64_t found, Traits trait) {
    traits = static_cast<Traits>(traits | (found != 0 ? trait : 0));
  };
  set(seen.high, kNonAscii);
  set(seen.odd, kOddUnicode);
  set(seen.control, kControl);
  set(seen.blank_pairs, kInnerBlanks);
  set(seen.points, kPoint);
  set(seen.pluses, kPlus);
  return traits;
}

}  // namespace homeroom::clean
