#include "base/double_encoding.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

#include "base/encoding_decoder.h"

namespace homeroom {
namespace {

constexpr std::size_t kChunkBytes = 64 * 1024;
// Four characters of three bytes each.
constexpr std::size_t kMaxDoubledBytes = 12;

constexpr char32_t kLost = 0xFFFD;
constexpr std::string_view kLostBytes = "\xEF\xBF\xBD";

struct Point {
  char32_t value = 0;
  std::size_t size = 0;  ///< bytes; 0: no whole, valid character here
};

unsigned char byte_at(std::string_view text, std::size_t at) {
  return static_cast<unsigned char>(text[at]);
}

Point point_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  const unsigned char lead = byte_at(text, at);
  if (lead < 0x80) return {.value = lead, .size = 1};
  const Utf8Sequence sequence = first_utf8_sequence(text.substr(at));
  if (sequence.kind != Utf8Sequence::Kind::kValid) return {};
  char32_t value = lead & (0xFFU >> (sequence.size + 1));
  for (std::size_t i = 1; i < sequence.size; ++i) {
    value = (value << 6) | (byte_at(text, at + i) & 0x3FU);
  }
  return {.value = value, .size = sequence.size};
}

// The byte that Windows-1252 reads as `point`; 0: none from 0x80 on. The five bytes it leaves
// undefined are read as control characters.
unsigned char windows_byte(char32_t point) {
  if (point >= 0xA0 && point <= 0xFF) return static_cast<unsigned char>(point);
  constexpr std::array<char16_t, 32> kHigh = {
      0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
      0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
      0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  if (point >= 0x80 && point < 0xA0) return static_cast<unsigned char>(point);
  const auto found = std::ranges::find(kHigh, point);
  if (found == kHigh.end()) return 0;
  return static_cast<unsigned char>(0x80 + (found - kHigh.begin()));
}

// Letters of Europe, the punctuation and signs of word processors, and what takes three bytes or
// more: what people write. "ß”" spells a letter of N'Ko by chance, "É…" one hardly anyone uses.
bool is_usual(char32_t point) {
  const bool is_latin = point >= 0xA0 && point <= 0x17F;
  const bool is_greek_or_cyrillic = point >= 0x370 && point <= 0x45F;
  return is_latin || is_greek_or_cyrillic || point >= 0x800;
}

// Written "Ã©" or "Â°", or a sign such as "â€™": no text has these side by side otherwise.
bool is_surely_doubled(char32_t point) {
  const bool is_sign = point >= 0x2010 && point <= 0x2122;
  return (point >= 0xA0 && point <= 0xFF) || is_sign;
}

// A character that stands as the characters of its bytes.
struct Doubled {
  Point point;           ///< what was meant
  std::size_t size = 0;  ///< bytes it takes now; 0: none stands here
};

Doubled doubled_at(std::string_view text, std::size_t at) {
  const Point first = point_at(text, at);
  const unsigned char lead = first.size > 1 ? windows_byte(first.value) : 0;
  const std::size_t length = lead >= 0xC2 && lead <= 0xDF   ? 2
                             : lead >= 0xE0 && lead <= 0xEF ? 3
                             : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                            : 0;
  if (length == 0) return {};
  std::array<char, 4> bytes{static_cast<char>(lead)};
  std::size_t end = at + first.size;
  for (std::size_t i = 1; i < length; ++i) {
    const Point next = point_at(text, end);
    const unsigned char byte = next.size > 1 ? windows_byte(next.value) : 0;
    if (byte < 0x80 || byte > 0xBF) return {};
    bytes[i] = static_cast<char>(byte);
    end += next.size;
  }
  const Point meant = point_at({bytes.data(), length}, 0);
  if (meant.size != length || !is_usual(meant.value)) return {};
  return {.point = meant, .size = end - at};
}

std::size_t ascii_prefix(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
  std::size_t at = 0;
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  while (at < text.size() && byte_at(text, at) < 0x80) ++at;
  return at;
}

// Goes through a text from one character beyond ASCII to the next, as far as those that begin
// before `end`. Returns where it stopped.
template <class OnPlain, class OnDoubled>
std::size_t walk(std::string_view text, std::size_t end, OnPlain on_plain, OnDoubled on_doubled) {
  std::size_t at = 0;
  while (at < end) {
    const std::size_t plain = std::min(ascii_prefix(text.substr(at)), end - at);
    on_plain(text.substr(at, plain), false);
    at += plain;
    if (at >= end) break;
    const Doubled doubled = doubled_at(text, at);
    if (doubled.size > 0) {
      on_doubled(doubled.point.value, text.substr(at, doubled.size), at);
      at += doubled.size;
      continue;
    }
    const std::size_t size = std::max<std::size_t>(point_at(text, at).size, 1);
    on_plain(text.substr(at, size), true);
    at += size;
  }
  return at;
}

void append_point(char32_t point, std::string& out) {
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | ((point >> shift) & 0x3FU));
  };
  if (point < 0x800) {
    out += static_cast<char>(0xC0U | (point >> 6));
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0U | (point >> 12));
    tail(6);
  } else {
    out += static_cast<char>(0xF0U | (point >> 18));
    tail(12);
    tail(6);
  }
  tail(0);
}

// Appends the characters that begin before `end`, those encoded twice as they were meant. Returns
// how many bytes of `text` that took.
template <class OnDoubled>
std::size_t undo(std::string_view text, std::size_t end, std::string& out, OnDoubled on_doubled) {
  return walk(
      text, end, [&](std::string_view plain, bool) { out += plain; },
      [&](char32_t point, std::string_view, std::size_t at) {
        append_point(point, out);
        on_doubled(point, at);
      });
}

void add_lost(std::uint64_t offset, DoubleEncodingCount& count) {
  if (count.num_lost++ == 0) count.first_lost_offset = offset;
}

// What is counted alike by both sources.
void add_doubled(char32_t point, std::uint64_t offset, DoubleEncodingCount& count) {
  if (count.num_doubled++ == 0) count.first_offset = offset;
  count.num_sure += is_surely_doubled(point) ? 1 : 0;
  if (point == kLost) add_lost(offset, count);
}

// Bytes pass through where they lie.
class Counter final : public DoubleEncodingSource {
 public:
  explicit Counter(ByteSource& source) : source_(&source) {}

  [[nodiscard]] const DoubleEncodingCount& count() const override { return count_; }

  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override {
    const std::size_t size = HOMEROOM_TRY(source_->read(out));
    if (size <= kMaxDoubledBytes) {
      held_.append(out.data(), size);
      const std::size_t open = size == 0 ? 0 : std::min(held_.size(), kMaxDoubledBytes);
      held_.erase(0, look_at(held_, 0, held_.size() - open));
      return size;
    }
    const std::string_view bytes(out.data(), size);
    const std::size_t held = held_.size();
    held_ += bytes.substr(0, kMaxDoubledBytes);
    const std::size_t from = look_at(held_, 0, held) - held;
    const std::size_t settled = look_at(bytes, from, size - kMaxDoubledBytes);
    held_ = bytes.substr(settled);
    return size;
  }

 private:
  // Where `byte` stands, from `at` on; `end` where it does not before.
  static std::size_t find_byte(std::string_view text, int byte, std::size_t at, std::size_t end) {
    const void* found = std::memchr(text.data() + at, byte, end - at);
    if (found == nullptr) return end;
    return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
  }

  // No character that is encoded twice has the first byte of U+FFFD in it.
  void count_lost(std::string_view text, std::size_t from, std::size_t end) {
    for (std::size_t at = from; at < end; ++at) {
      at = find_byte(text, 0xEF, at, end);
      if (at < end && text.substr(at, kLostBytes.size()) == kLostBytes) {
        add_lost(offset_ + (at - from), count_);
      }
    }
  }

  // Those that begin before `end`; returns where the next one may begin. The first character of all
  // is of 0xC3 and another byte.
  std::size_t look_at(std::string_view text, std::size_t from, std::size_t end) {
    count_lost(text, from, end);
    std::size_t at = from;
    while (at < end) {
      const std::size_t next = find_byte(text, 0xC3, at, end);
      offset_ += next - at;
      at = next;
      if (at == end) break;
      // Most are a letter with an accent before a plain one.
      const bool is_alone = at + 2 < text.size() && byte_at(text, at + 2) < 0x80;
      const Doubled doubled = is_alone ? Doubled{} : doubled_at(text, at);
      if (doubled.size > 0) add_doubled(doubled.point.value, offset_, count_);
      const std::size_t size = std::max<std::size_t>(doubled.size, 1);
      offset_ += size;
      at += size;
    }
    return at;
  }

  ByteSource* source_;
  std::string held_;          ///< the last bytes that were given out and not looked at
  std::uint64_t offset_ = 0;  ///< in the text, of what is looked at next
  DoubleEncodingCount count_;
};

class Undoer final : public DoubleEncodingSource {
 public:
  explicit Undoer(ByteSource& source) : source_(&source) {}

  [[nodiscard]] const DoubleEncodingCount& count() const override { return count_; }

  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override {
    while (ready_at_ == ready_.size() && !is_at_end_) HOMEROOM_TRY(refill());
    const std::size_t size = std::min(out.size(), ready_.size() - ready_at_);
    std::memcpy(out.data(), ready_.data() + ready_at_, size);
    ready_at_ += size;
    return size;
  }

 private:
  Status refill() {
    const std::size_t held = held_.size();
    held_.resize(held + kChunkBytes);
    const std::size_t size = HOMEROOM_TRY(source_->read({held_.data() + held, kChunkBytes}));
    held_.resize(held + size);
    is_at_end_ = size == 0;
    ready_.clear();
    ready_at_ = 0;
    const std::size_t used =
        undo(held_, is_at_end_ ? held_.size() : settled_bytes(), ready_,
             [&](char32_t point, std::size_t at) { add_doubled(point, offset_ + at, count_); });
    offset_ += used;
    held_.erase(0, used);
    return {};
  }

  // What may go on behind the piece is held back: not in mid-character.
  [[nodiscard]] std::size_t settled_bytes() const {
    std::size_t end = held_.size() - std::min(held_.size(), kMaxDoubledBytes);
    while (end > 0 && (static_cast<unsigned char>(held_[end]) & 0xC0) == 0x80) --end;
    return end;
  }

  ByteSource* source_;
  std::string held_;   ///< read, not looked at
  std::string ready_;  ///< looked at, not given out
  std::size_t ready_at_ = 0;
  std::uint64_t offset_ = 0;  ///< of `held_` in the text
  DoubleEncodingCount count_;
  bool is_at_end_ = false;
};

}  // namespace

DoubleEncodingCount count_double_encoding(std::string_view text) {
  DoubleEncodingCount count;
  walk(
      text, text.size(),
      [&](std::string_view, bool is_beyond_ascii) { count.num_single += is_beyond_ascii ? 1 : 0; },
      [&](char32_t point, std::string_view, std::size_t at) { add_doubled(point, at, count); });
  return count;
}

std::string undo_double_encoding(std::string_view text) {
  std::string out;
  undo(text, text.size(), out, [](char32_t, std::size_t) {});
  return out;
}

std::unique_ptr<DoubleEncodingSource> DoubleEncodingSource::create(ByteSource& source,
                                                                   Action action) {
  if (action == Action::kUndo) return std::make_unique<Undoer>(source);
  return std::make_unique<Counter>(source);
}

}  // namespace homeroom
