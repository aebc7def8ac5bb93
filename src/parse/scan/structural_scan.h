#pragma once

// The fast way to find where fields and records end: 64 bytes at a time, quotes resolved by bit
// arithmetic. It reads plain records only (RFC 4180, delimiter of one byte) and stops at anything
// else, which goes to the careful way (record_cutter.h).
//
// Source: Langdale and Lemire, "Parsing Gigabytes of JSON per Second", 2019, for the mask of what
// stands in quotes and for writing out the bits.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>

#include "table/dialect.h"

namespace homeroom::parse {

/// Which code scans. kBest is chosen when the program runs; the others are for tests.
enum class Kernel : std::uint8_t { kBest, kAvx512, kAvx2, kNeon, kPortable, kNone };

/// Whether this machine can run a kernel.
[[nodiscard]] bool has_kernel(Kernel kernel);

/// A list of offsets into a block that is appended to and emptied from the front. Its memory is
/// touched only where it is used.
class Offsets {
 public:
  [[nodiscard]] std::size_t size() const { return end_ - begin_; }

  [[nodiscard]] const std::uint32_t* data() const { return values_.get() + begin_; }

  [[nodiscard]] std::uint32_t operator[](std::size_t at) const { return data()[at]; }

  void drop_front(std::size_t count) { begin_ += count; }

  /// Drops those before `bound`.
  void drop_below(std::size_t bound) {
    if (size() == 0 || values_[end_ - 1] < bound) {
      drop_front(size());
    } else {
      drop_front(
          static_cast<std::size_t>(std::lower_bound(data(), data() + size(), bound) - data()));
    }
  }

  void clear() { begin_ = end_ = 0; }

  /// Where to write the next ones, with room for `count`; then `add(number written)`.
  [[nodiscard]] std::uint32_t* room_for(std::size_t count) {
    if (end_ + count > capacity_) grow(count);
    return values_.get() + end_;
  }

  void add(std::size_t count) { end_ += count; }

 private:
  void grow(std::size_t count) {
    const std::size_t used = size();
    if (used + count > capacity_) {
      capacity_ = 2 * used + count;
      auto values = std::make_unique_for_overwrite<std::uint32_t[]>(capacity_);
      if (used > 0) std::memcpy(values.get(), data(), used * sizeof(std::uint32_t));
      values_ = std::move(values);
    } else {
      std::memmove(values_.get(), data(), used * sizeof(std::uint32_t));
    }
    begin_ = 0;
    end_ = used;
  }

  std::unique_ptr<std::uint32_t[]> values_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t capacity_ = 0;
};

/// What a scan found, ascending.
struct ScanIndex {
  Offsets ends;                 ///< of fields: delimiters and line feeds
  Offsets quoted_line_ends;     ///< line feeds inside quotes
  Offsets doubled_quotes;       ///< the second quote of each ""
  std::size_t num_records = 0;  ///< line feeds among `ends`
  std::size_t num_quoted = 0;   ///< fields that start with a quote, the unfinished one too
  bool has_crs = false;         ///< a carriage return may stand before a line feed
};

/// What is carried from one stretch to the next: of its last byte.
struct ScanState {
  bool is_in_quotes = false;  ///< what follows it stands in quotes
  bool is_end = true;         ///< it ended a field; true where a record starts
  bool is_quote = false;      ///< it was a quote
  bool is_cr = false;
};

/// One piece of a block to scan.
struct ScanJob {
  const char* block = nullptr;  ///< readable to kBlockPadding bytes behind `end`
  std::size_t at = 0;           ///< moved on to the first byte that is not scanned
  std::size_t end = 0;          ///< a multiple of 64 bytes from `at`, or the end of the block
  char delimiter = ',';
  char quote = '"';
  bool has_quote = true;
};

/// Finds the ends of fields in one block after the other. Not shared by threads.
/// Memory: 8 bytes of address space for each byte of a window, or of the longest record.
class StructuralScan {
 public:
  /// True when a scan understands this dialect.
  [[nodiscard]] static bool can_read(const Dialect& dialect);

  /// `kernel`: one that this machine has, not kNone.
  StructuralScan(const Dialect& dialect, Kernel kernel);

  /// Forgets everything; a record starts at `at`.
  void restart(std::size_t at);

  /// Scans on in `block` for a window, at most to `end`, and adds to `index()`. `block` is
  /// readable to kBlockPadding bytes behind `end`.
  void scan(const char* block, std::size_t end);

  /// The first byte that is not scanned yet.
  [[nodiscard]] std::size_t at() const { return job_.at; }

  /// The record that holds the byte at `at()` is not a plain one.
  [[nodiscard]] bool is_stopped() const { return is_stopped_; }

  /// The caller drops what it has used.
  [[nodiscard]] ScanIndex& index() { return index_; }

  [[nodiscard]] const ScanIndex& index() const { return index_; }

 private:
  bool (*function_)(ScanJob&, ScanState&, ScanIndex&);
  ScanJob job_;
  ScanState state_;
  ScanIndex index_;
  std::size_t window_bytes_ = 0;  ///< the next one
  bool is_stopped_ = false;
};

constexpr std::size_t kScanBytes = 64;
constexpr std::size_t kStretchWords = 64;

/// A bit for each byte of a stretch, and of the word before it: so that what a byte means can
/// depend on the byte before, in loops that the compiler turns into vectors.
class StretchBits {
 public:
  [[nodiscard]] std::uint64_t& operator[](std::size_t word) { return words_[word + 1]; }

  [[nodiscard]] std::uint64_t operator[](std::size_t word) const { return words_[word + 1]; }

  /// The word before `word`; of the first one, the last bit alone counts.
  [[nodiscard]] std::uint64_t before(std::size_t word) const { return words_[word]; }

  void set_before_first(bool last_bit) { words_[0] = last_bit ? std::uint64_t{1} << 63 : 0; }

 private:
  std::array<std::uint64_t, kStretchWords + 1> words_;
};

/// Some kilobytes of a block: what a kernel compares, and what that means.
struct Stretch {
  std::size_t at = 0;    ///< in the block
  std::size_t size = 0;  ///< bytes
  std::size_t num_words = 0;
  bool has_quotes = false;
  bool has_rare = false;  ///< carriage returns or NUL; else their words are not set
  StretchBits delimiter;
  StretchBits quote;
  StretchBits line_feed;
  StretchBits carriage_return;
  StretchBits nul;
  // What is found:
  StretchBits ends;     ///< of fields
  StretchBits inside;   ///< bytes in quotes, the opening quote included
  StretchBits doubled;  ///< second quotes of ""
  StretchBits opening;  ///< quotes that a field starts with
  StretchBits bad;      ///< bytes that no plain record has there

  /// What the last word holds of bytes behind the stretch goes.
  void cut_off() {
    if (size % kScanBytes == 0) return;
    const std::uint64_t valid = (std::uint64_t{1} << (size % kScanBytes)) - 1;
    for (auto* words : {&delimiter, &quote, &line_feed}) (*words)[num_words - 1] &= valid;
    if (!has_rare) return;
    for (auto* words : {&carriage_return, &nul}) (*words)[num_words - 1] &= valid;
  }

  void clear_rare() {
    for (std::size_t i = 0; i < num_words; ++i) carriage_return[i] = nul[i] = 0;
  }
};

// All scan a job and return false when they stopped before its end.
bool scan_portable(ScanJob& job, ScanState& state, ScanIndex& index);
bool scan_avx512(ScanJob& job, ScanState& state, ScanIndex& index);
bool scan_avx2(ScanJob& job, ScanState& state, ScanIndex& index);
bool scan_neon(ScanJob& job, ScanState& state, ScanIndex& index);

/// Whether `scan_neon` is what it says.
[[nodiscard]] bool has_neon();

}  // namespace homeroom::parse
