// The scan itself, for any way to compare 64 bytes. Included by the kernels only, each of which
// compiles it for its own instructions: hence no #pragma once, and no name outside the
// anonymous namespace.
//
// A kernel defines before it: count_bits(uint64), lowest_bit(uint64), which gives anything below
// 65 for 0, prefix_xor(uint64), and class Comparer with Comparer(const ScanJob&) and
// compare(const char*, Stretch&), which fills the words of a stretch.

namespace homeroom::parse {
namespace {

constexpr std::size_t kFirstBits = 10;
constexpr std::size_t kMoreBits = 6;

// Writes the offset of each of `count` bits, ten and then six at a time: so a branch seldom goes
// another way than the last time.
inline void write_bits(std::uint64_t bits, std::size_t count, std::uint32_t base,
                       std::uint32_t* to) {
  for (std::size_t i = 0; i < kFirstBits; ++i) {
    to[i] = base + static_cast<std::uint32_t>(lowest_bit(bits));
    bits &= bits - 1;
  }
  for (std::size_t written = kFirstBits; written < count; written += kMoreBits) {
    for (std::size_t i = 0; i < kMoreBits; ++i) {
      to[written + i] = base + static_cast<std::uint32_t>(lowest_bit(bits));
      bits &= bits - 1;
    }
  }
}

[[gnu::noinline]] void append_bits(std::uint64_t bits, std::uint32_t base, Offsets& out) {
  std::uint32_t* const begin = out.room_for(kScanBytes);
  std::uint32_t* to = begin;
  for (; bits != 0; bits &= bits - 1) *to++ = base + static_cast<std::uint32_t>(lowest_bit(bits));
  out.add(static_cast<std::size_t>(to - begin));
}

// What the quotes of 64 bytes mean.
struct Quoting {
  std::uint64_t inside = 0;   ///< bytes in quotes, the opening quote included
  std::uint64_t doubled = 0;  ///< second quotes of ""
  std::uint64_t opening = 0;  ///< quotes that a field starts with
  std::uint64_t bad = 0;      ///< bytes that show that a quote is not where RFC 4180 has it
};

// An opening quote follows an end of field, or a quote that seemed to close: then the two are one
// doubled quote. A closing quote is followed by an end of field, CR, or such a quote.
inline Quoting resolve_quotes(std::uint64_t quote, std::uint64_t ends,
                              std::uint64_t carriage_return, ScanState& state) {
  Quoting quoting;
  quoting.inside = prefix_xor(quote) ^ state.in_quotes;
  const std::uint64_t outside = ~quoting.inside;
  const std::uint64_t opening = quote & quoting.inside;
  const std::uint64_t closing = quote & outside;
  const std::uint64_t starts = ((ends & outside) << 1) | state.after_end;
  const std::uint64_t after_quotes = (quote << 1) | state.after_quote;
  const std::uint64_t after_closing = (closing << 1) | state.after_closing;
  quoting.doubled = opening & after_quotes;
  quoting.opening = opening & ~after_quotes;
  quoting.bad = (quoting.opening & ~starts) | (after_closing & ~(ends | carriage_return | quote));
  state.after_quote = quote >> 63;
  state.after_closing = closing >> 63;
  state.in_quotes = static_cast<std::uint64_t>(static_cast<std::int64_t>(quoting.inside) >> 63);
  return quoting;
}

// Finds the ends of fields, a bit for each byte. Returns where the first byte stands that no plain
// record has there, or the size of the stretch.
template <bool has_quotes, bool has_rare>
std::size_t find_ends(Stretch& stretch, ScanState& kept_state, ScanIndex& index) {
  ScanState state = kept_state;
  std::size_t num_records = 0;
  std::size_t num_quoted = 0;
  std::uint64_t bad = 0;
  std::size_t i = 0;
  for (; i < stretch.num_words && bad == 0; ++i) {
    const std::uint64_t line_feed = stretch.line_feed[i];
    const std::uint64_t carriage_return = has_rare ? stretch.carriage_return[i] : 0;
    const std::uint64_t all_ends = stretch.delimiter[i] | line_feed;
    Quoting quoting;
    if (has_quotes) {
      quoting = resolve_quotes(stretch.quote[i], all_ends, carriage_return, state);
      bad = quoting.bad;
    }
    if (has_rare) {
      bad |= stretch.nul[i] | (((carriage_return << 1) | state.after_cr) & ~line_feed);
      state.after_cr = carriage_return >> 63;
    }
    std::uint64_t plain = ~quoting.inside;
    if (bad != 0) [[unlikely]] {
      bad &= ~bad + 1;
      plain &= bad - 1;
      quoting.inside &= bad - 1;
      quoting.doubled &= bad - 1;
      quoting.opening &= bad - 1;
    }
    stretch.ends[i] = all_ends & plain;
    if (has_quotes) num_quoted += count_bits(quoting.opening);
    num_records += count_bits(line_feed & plain);
    state.after_end = stretch.ends[i] >> 63;
    if (has_quotes && ((line_feed & quoting.inside) | quoting.doubled) != 0) [[unlikely]] {
      const auto base = static_cast<std::uint32_t>(stretch.at + i * kScanBytes);
      append_bits(line_feed & quoting.inside, base, index.quoted_line_ends);
      append_bits(quoting.doubled, base, index.doubled_quotes);
    }
  }
  kept_state = state;
  index.num_records += num_records;
  index.num_quoted += num_quoted;
  return bad == 0 ? stretch.size : (i - 1) * kScanBytes + lowest_bit(bad);
}

std::size_t find_ends(Stretch& stretch, ScanState& state, ScanIndex& index) {
  stretch.has_quotes |= (state.in_quotes | state.after_closing) != 0;
  const bool has_rare = stretch.has_rare || state.after_cr != 0;
  index.has_crs |= has_rare;
  if (!stretch.has_quotes) state.after_quote = 0;
  if (stretch.has_quotes && has_rare) return find_ends<true, true>(stretch, state, index);
  if (stretch.has_quotes) return find_ends<true, false>(stretch, state, index);
  if (has_rare) return find_ends<false, true>(stretch, state, index);
  return find_ends<false, false>(stretch, state, index);
}

void write_ends(const Stretch& stretch, std::size_t num_words, Offsets& out) {
  std::uint32_t* const begin = out.room_for(num_words * kScanBytes + kFirstBits);
  std::uint32_t* to = begin;
  for (std::size_t i = 0; i < num_words; ++i) {
    const std::size_t count = count_bits(stretch.ends[i]);
    write_bits(stretch.ends[i], count, static_cast<std::uint32_t>(stretch.at + i * kScanBytes), to);
    to += count;
  }
  out.add(static_cast<std::size_t>(to - begin));
}

// In stretches, and each of them in several loops: one loop for all would need more registers than
// there are, and more time for each word than the processor can look ahead.
template <class Comparer>
bool scan_stretches(ScanJob& job, ScanState& state, ScanIndex& index) {
  const Comparer comparer(job);
  Stretch stretch;
  while (job.at < job.end) {
    stretch.at = job.at;
    stretch.size = std::min(job.end - job.at, kStretchWords * kScanBytes);
    stretch.num_words = (stretch.size + kScanBytes - 1) / kScanBytes;
    comparer.compare(job.block + job.at, stretch);
    stretch.cut_off();
    const std::size_t plain_size = find_ends(stretch, state, index);
    const std::size_t num_words = (plain_size + kScanBytes - 1) / kScanBytes;
    write_ends(stretch, num_words, index.ends);
    job.at += plain_size;
    if (plain_size < stretch.size) return false;
  }
  return true;
}

}  // namespace
}  // namespace homeroom::parse
