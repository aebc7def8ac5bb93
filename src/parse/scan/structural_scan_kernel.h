// The scan itself, for any way to compare 64 bytes. Included by the kernels only, each of which
// compiles it for its own instructions: hence no #pragma once, and no name outside the
// anonymous namespace.
//
// A kernel defines before it: count_bits(uint64), lowest_bit(uint64), which gives anything below
// 65 for 0, prefix_xor(uint64), and class Comparer with Comparer(const ScanJob&) and
// compare(const char*, Stretch&), which fills the words of a stretch. One that has a better way to
// write offsets than bit by bit defines HOMEROOM_WRITES_BITS and write_bits (see below).

namespace homeroom::parse {
namespace {

// So many offsets may be written in one go beyond those that count.
constexpr std::size_t kSpareBits = 16;

#ifndef HOMEROOM_WRITES_BITS
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
#endif

[[gnu::noinline]] void append_bits(std::uint64_t bits, std::uint32_t base, Offsets& out) {
  std::uint32_t* const begin = out.room_for(kScanBytes);
  std::uint32_t* to = begin;
  for (; bits != 0; bits &= bits - 1) *to++ = base + static_cast<std::uint32_t>(lowest_bit(bits));
  out.add(static_cast<std::size_t>(to - begin));
}

// All bits set where the last bit of `bits` is.
inline std::uint64_t spread_last_bit(std::uint64_t bits) {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(bits) >> 63);
}

// Each bit moves on to the next byte; the last one of the word before comes in.
inline std::uint64_t next_byte(std::uint64_t bits, std::uint64_t bits_before) {
  return (bits << 1) | (bits_before >> 63);
}

inline void find_inside(Stretch& stretch, bool is_in_quotes) {
  std::uint64_t before = is_in_quotes ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < stretch.num_words; ++i) {
    stretch.inside[i] = prefix_xor(stretch.quote[i]) ^ before;
    before = spread_last_bit(stretch.inside[i]);
  }
}

// What was seen anywhere in a stretch.
struct Seen {
  std::uint64_t bad = 0;
  std::uint64_t listed = 0;  // line feeds in quotes, second quotes of ""
};

// An opening quote follows an end of field, or a quote that seemed to close: then the two are one
// doubled quote. A closing quote is followed by an end of field, CR, or such a quote.
template <bool has_rare>
Seen resolve_quotes(Stretch& stretch) {
  Seen seen;
  for (std::size_t i = 0; i < stretch.num_words; ++i) {
    const std::uint64_t quote = stretch.quote[i];
    const std::uint64_t inside = stretch.inside[i];
    const std::uint64_t line_feed = stretch.line_feed[i];
    const std::uint64_t any_end = stretch.delimiter[i] | line_feed;
    const std::uint64_t ends = any_end & ~inside;
    const std::uint64_t ends_before =
        (stretch.delimiter.before(i) | stretch.line_feed.before(i)) & ~stretch.inside.before(i);
    const std::uint64_t after_quote = next_byte(quote, stretch.quote.before(i));
    const std::uint64_t after_closing =
        next_byte(quote & ~inside, stretch.quote.before(i) & ~stretch.inside.before(i));
    const std::uint64_t doubled = quote & inside & after_quote;
    const std::uint64_t opening = quote & inside & ~after_quote;
    const std::uint64_t may_follow =
        any_end | quote | (has_rare ? stretch.carriage_return[i] : std::uint64_t{0});
    const std::uint64_t bad =
        (opening & ~next_byte(ends, ends_before)) | (after_closing & ~may_follow);
    stretch.ends[i] = ends;
    stretch.doubled[i] = doubled;
    stretch.opening[i] = opening;
    stretch.bad[i] = bad;
    seen.bad |= bad;
    seen.listed |= doubled | (line_feed & inside);
  }
  return seen;
}

inline void take_all_ends(Stretch& stretch) {
  for (std::size_t i = 0; i < stretch.num_words; ++i) {
    stretch.ends[i] = stretch.delimiter[i] | stretch.line_feed[i];
    stretch.bad[i] = 0;
  }
}

// NUL, and a CR that no line feed follows. Returns whether there is any.
inline bool find_rare(Stretch& stretch) {
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < stretch.num_words; ++i) {
    const std::uint64_t after_cr =
        next_byte(stretch.carriage_return[i], stretch.carriage_return.before(i));
    stretch.bad[i] |= stretch.nul[i] | (after_cr & ~stretch.line_feed[i]);
    seen |= stretch.bad[i];
  }
  return seen != 0;
}

// Ends the stretch before its first bad byte, and returns where that stands.
inline std::size_t cut_at_first_bad(Stretch& stretch) {
  std::size_t word = 0;
  while (stretch.bad[word] == 0) ++word;
  const std::uint64_t bad = stretch.bad[word];
  const std::uint64_t plain = (bad & (~bad + 1)) - 1;
  for (auto* bits : {&stretch.line_feed, &stretch.ends, &stretch.doubled, &stretch.opening}) {
    (*bits)[word] &= plain;
  }
  stretch.num_words = word + 1;
  return word * kScanBytes + lowest_bit(bad);
}

inline void list_quoted(const Stretch& stretch, ScanIndex& index) {
  for (std::size_t i = 0; i < stretch.num_words; ++i) {
    const std::uint64_t line_feed = stretch.line_feed[i] & stretch.inside[i];
    if ((line_feed | stretch.doubled[i]) == 0) continue;
    const auto base = static_cast<std::uint32_t>(stretch.at + i * kScanBytes);
    append_bits(line_feed, base, index.quoted_line_ends);
    append_bits(stretch.doubled[i], base, index.doubled_quotes);
  }
}

// Finds the ends of fields, a bit for each byte. Returns where the first byte stands that no plain
// record has there, or the size of the stretch.
inline std::size_t find_ends(Stretch& stretch, ScanState& state, ScanIndex& index) {
  const bool has_quotes = stretch.has_quotes || state.is_in_quotes || state.is_quote;
  const bool has_rare = stretch.has_rare || state.is_cr;
  stretch.delimiter.set_before_first(state.is_end);
  stretch.line_feed.set_before_first(false);
  if (has_rare && !stretch.has_rare) stretch.clear_rare();
  Seen seen;
  if (has_quotes) {
    stretch.quote.set_before_first(state.is_quote);
    stretch.inside.set_before_first(state.is_in_quotes);
    find_inside(stretch, state.is_in_quotes);
    seen = has_rare ? resolve_quotes<true>(stretch) : resolve_quotes<false>(stretch);
  } else {
    take_all_ends(stretch);
  }
  bool is_bad = seen.bad != 0;
  if (has_rare) {
    stretch.carriage_return.set_before_first(state.is_cr);
    is_bad = find_rare(stretch);
    index.has_crs = true;
  }
  const std::size_t plain_size = is_bad ? cut_at_first_bad(stretch) : stretch.size;
  if (seen.listed != 0) list_quoted(stretch, index);
  for (std::size_t i = 0; i < stretch.num_words; ++i) {
    index.num_records += count_bits(stretch.line_feed[i] & stretch.ends[i]);
  }
  for (std::size_t i = 0; has_quotes && i < stretch.num_words; ++i) {
    index.num_quoted += count_bits(stretch.opening[i]);
  }
  const auto is_last_bit = [&](const StretchBits& bits) {
    return bits[stretch.num_words - 1] >> 63 != 0;
  };
  state = {.is_in_quotes = has_quotes && is_last_bit(stretch.inside),
           .is_end = is_last_bit(stretch.ends),
           .is_quote = has_quotes && is_last_bit(stretch.quote),
           .is_cr = has_rare && is_last_bit(stretch.carriage_return)};
  return plain_size;
}

void write_ends(const Stretch& stretch, std::size_t num_words, Offsets& out) {
  std::uint32_t* const begin = out.room_for(num_words * kScanBytes + kSpareBits);
  std::uint32_t* to = begin;
  for (std::size_t i = 0; i < num_words; ++i) {
    const std::size_t count = count_bits(stretch.ends[i]);
    write_bits(stretch.ends[i], count, static_cast<std::uint32_t>(stretch.at + i * kScanBytes), to);
    to += count;
  }
  out.add(static_cast<std::size_t>(to - begin));
}

// In stretches, and each of them in several short loops, most of which the compiler turns into
// vectors: one loop for all would need more registers than there are.
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
