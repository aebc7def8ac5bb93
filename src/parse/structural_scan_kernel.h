// The scan itself, for any way to compare 64 bytes. Included by the kernels only, each of which
// compiles it for its own instructions: hence no #pragma once, and no name outside the
// anonymous namespace.
//
// A kernel defines before it: struct Comparer with Comparer(const ScanJob&), compare(const
// char*), which gives Masks, and prefix_xor(uint64).

namespace homeroom::parse {
namespace {

constexpr std::size_t kScanBytes = 64;

inline std::size_t lowest_bit(std::uint64_t bits) {
  return static_cast<std::size_t>(__builtin_ctzll(bits));
}

// Writes the offset of each bit, eight at a time: so a branch is taken only every eight bits.
inline void write_bits(std::uint64_t bits, std::size_t base, Offsets& out) {
  const auto count = static_cast<std::size_t>(__builtin_popcountll(bits));
  std::uint32_t* to = out.room_for(kScanBytes + 8);
  for (std::size_t written = 0; written < count; written += 8) {
    for (std::size_t i = 0; i < 8; ++i) {
      to[written + i] = static_cast<std::uint32_t>(base + lowest_bit(bits | (1ULL << 63)));
      bits &= bits - 1;
    }
  }
  out.add(count);
}

// What the quotes of one block mean.
struct Quoting {
  std::uint64_t inside = 0;   ///< bytes in quotes, the opening quote included
  std::uint64_t doubled = 0;  ///< second quotes of ""
  std::uint64_t bad = 0;      ///< bytes that show that a quote is not where RFC 4180 has it
};

// An opening quote follows an end of field, or a quote that seemed to close: then the two are one
// doubled quote. A closing quote is followed by an end of field, CR, or such a quote.
template <class Comparer>
inline Quoting resolve_quotes(const Masks& masks, ScanState& state) {
  if (masks.quote == 0 && state.after_closing == 0) [[likely]] {
    return {.inside = state.in_quotes};
  }
  Quoting quoting;
  quoting.inside = Comparer::prefix_xor(masks.quote) ^ state.in_quotes;
  const std::uint64_t outside = ~quoting.inside;
  const std::uint64_t opening = masks.quote & quoting.inside;
  const std::uint64_t closing = masks.quote & outside;
  const std::uint64_t ends = masks.delimiter | masks.line_feed;
  const std::uint64_t starts = ((ends & outside) << 1) | state.after_end;
  const std::uint64_t after_quotes = (masks.quote << 1) | state.after_quote;
  const std::uint64_t after_closing = (closing << 1) | state.after_closing;
  quoting.doubled = opening & after_quotes;
  quoting.bad = (opening & ~starts & ~after_quotes) |
                (after_closing & ~(ends | masks.carriage_return | masks.quote));
  state.after_closing = closing >> 63;
  state.in_quotes = static_cast<std::uint64_t>(static_cast<std::int64_t>(quoting.inside) >> 63);
  return quoting;
}

inline void write_record_ends(std::uint64_t ends, std::uint64_t line_feeds, ScanIndex& index) {
  std::uint32_t* to = index.record_ends.room_for(kScanBytes);
  std::size_t count = 0;
  for (; line_feeds != 0; line_feeds &= line_feeds - 1) {
    const std::uint64_t upto = line_feeds ^ (line_feeds - 1);
    to[count++] = index.num_ends + static_cast<std::uint32_t>(__builtin_popcountll(ends & upto));
  }
  index.record_ends.add(count);
}

template <class Comparer>
inline bool scan_job(ScanJob& job, ScanState& state, ScanIndex& index) {
  const Comparer comparer(job);
  for (; job.at < job.end; job.at += kScanBytes) {
    const std::size_t left = job.end - job.at;
    const std::uint64_t valid = left >= kScanBytes ? ~0ULL : (1ULL << left) - 1;
    const Masks masks = comparer.compare(job.block + job.at);
    const Quoting quoting = resolve_quotes<Comparer>(masks, state);
    const std::uint64_t after_cr = (masks.carriage_return << 1) | state.after_cr;
    const std::uint64_t bad = (quoting.bad | masks.nul | (after_cr & ~masks.line_feed)) & valid;
    const std::uint64_t upto = bad == 0 ? valid : (bad & (~bad + 1)) - 1;
    const std::uint64_t outside = ~quoting.inside & upto;
    const std::uint64_t line_feeds = masks.line_feed & outside;
    const std::uint64_t ends = (masks.delimiter & outside) | line_feeds;
    write_record_ends(ends, line_feeds, index);
    write_bits(ends, job.at, index.ends);
    index.num_ends += static_cast<std::uint32_t>(__builtin_popcountll(ends));
    const std::uint64_t quoted_line_feeds = masks.line_feed & quoting.inside & upto;
    if (quoted_line_feeds != 0) write_bits(quoted_line_feeds, job.at, index.quoted_line_ends);
    const std::uint64_t doubled = quoting.doubled & upto;
    if (doubled != 0) write_bits(doubled, job.at, index.doubled_quotes);
    if (bad != 0) {
      job.at += lowest_bit(bad);
      return false;
    }
    state.after_end = ends >> 63;
    state.after_quote = masks.quote >> 63;
    state.after_cr = masks.carriage_return >> 63;
  }
  job.at = job.end;
  return true;
}

}  // namespace
}  // namespace homeroom::parse
