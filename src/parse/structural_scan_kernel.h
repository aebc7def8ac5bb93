// The scan itself, for any way to compare 64 bytes. Included by the kernels only, each of which
// compiles it for its own instructions: hence no #pragma once, and no name outside the
// anonymous namespace.
//
// A kernel defines before it: count_bits(uint64), lowest_bit(uint64), which gives anything below
// 65 for 0, struct Masks, and class Comparer with Comparer(const ScanJob&), compare(const char*),
// which gives Masks, and prefix_xor(uint64).

namespace homeroom::parse {
namespace {

constexpr std::size_t kScanBytes = 64;
constexpr std::size_t kFirstBits = 12;
constexpr std::size_t kMoreBits = 8;

// Writes the offset of each of `count` bits, twelve and then eight at a time: so a branch seldom
// goes another way than the last time.
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

inline void append_bits(std::uint64_t bits, std::uint32_t base, Offsets& out) {
  const std::size_t count = count_bits(bits);
  write_bits(bits, count, base, out.room_for(kScanBytes + kFirstBits));
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
  if (masks.quote == 0 && state.after_closing == 0) return {.inside = state.in_quotes};
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

// Where the next offsets go: copies of what the index holds, so that they stay in registers.
struct Cursor {
  std::uint32_t* ends = nullptr;
  std::uint32_t* record_ends = nullptr;
  std::uint32_t num_ends = 0;  ///< since the restart
};

// For each line feed, how many ends there are up to it; the first two without a branch.
inline void write_record_ends(std::uint64_t ends, std::uint64_t line_feeds, Cursor& cursor) {
  const std::size_t count = count_bits(line_feeds);
  for (std::size_t written = 0; written < 2 || written < count; ++written) {
    const std::uint64_t upto = line_feeds ^ (line_feeds - 1);
    cursor.record_ends[written] =
        cursor.num_ends + static_cast<std::uint32_t>(count_bits(ends & upto));
    line_feeds &= line_feeds - 1;
  }
  cursor.record_ends += count;
}

// Scans the 64 bytes at `base`, of which those in `valid` count. Returns the bit of the first byte
// that no plain record has there, 0 when there is none.
template <class Comparer>
inline std::uint64_t scan_block(const Comparer& comparer, const char* block, std::size_t base,
                                std::uint64_t valid, ScanState& state, Cursor& cursor,
                                ScanIndex& index) {
  const Masks masks = comparer.compare(block + base);
  const Quoting quoting = resolve_quotes<Comparer>(masks, state);
  const std::uint64_t after_cr = (masks.carriage_return << 1) | state.after_cr;
  const std::uint64_t bad = (quoting.bad | masks.nul | (after_cr & ~masks.line_feed)) & valid;
  if (bad != 0) [[unlikely]]
    valid &= (bad & (~bad + 1)) - 1;
  const std::uint64_t outside = ~quoting.inside & valid;
  const std::uint64_t line_feeds = masks.line_feed & outside;
  const std::uint64_t ends = (masks.delimiter & outside) | line_feeds;
  const std::size_t num_ends = count_bits(ends);
  const auto offset = static_cast<std::uint32_t>(base);
  write_record_ends(ends, line_feeds, cursor);
  write_bits(ends, num_ends, offset, cursor.ends);
  cursor.ends += num_ends;
  cursor.num_ends += static_cast<std::uint32_t>(num_ends);
  const std::uint64_t inside = quoting.inside & valid;
  const std::uint64_t doubled = quoting.doubled & valid;
  if (((masks.line_feed & inside) | doubled) != 0) [[unlikely]] {
    append_bits(masks.line_feed & inside, offset, index.quoted_line_ends);
    append_bits(doubled, offset, index.doubled_quotes);
  }
  state.after_end = ends >> 63;
  state.after_quote = masks.quote >> 63;
  state.after_cr = masks.carriage_return >> 63;
  return bad & (~bad + 1);
}

template <class Comparer>
inline bool scan_job(ScanJob& job, ScanState& kept_state, ScanIndex& index) {
  const Comparer comparer(job);
  const char* const block = job.block;
  const std::size_t end = job.end;
  std::size_t at = job.at;
  ScanState state = kept_state;
  Cursor cursor{.ends = index.ends.room_for(end - at + kScanBytes + kFirstBits),
                .record_ends = index.record_ends.room_for(end - at + kScanBytes),
                .num_ends = index.num_ends};
  const std::uint32_t* const first_end = cursor.ends;
  const std::uint32_t* const first_record_end = cursor.record_ends;
  std::uint64_t bad = 0;
  for (; at + kScanBytes <= end; at += kScanBytes) {
    bad = scan_block(comparer, block, at, ~0ULL, state, cursor, index);
    if (bad != 0) [[unlikely]]
      break;
  }
  if (bad == 0 && at < end) {
    bad = scan_block(comparer, block, at, (1ULL << (end - at)) - 1, state, cursor, index);
  }
  index.ends.add(static_cast<std::size_t>(cursor.ends - first_end));
  index.record_ends.add(static_cast<std::size_t>(cursor.record_ends - first_record_end));
  index.num_ends = cursor.num_ends;
  kept_state = state;
  job.at = bad == 0 ? end : at + lowest_bit(bad);
  return bad == 0;
}

}  // namespace
}  // namespace homeroom::parse
