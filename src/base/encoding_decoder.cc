#include "base/encoding_decoder.h"

#include <array>
#include <cstring>
#include <string>

#include "base/encoding.h"

namespace homeroom {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr std::size_t kMaxUtf8Bytes = 4;

struct Alias {
  std::string_view alias;
  std::string_view name;
};

// Names that people and other programs use for encodings we know by another name.
constexpr std::array kAliases = {
    Alias{"ansi", "windows-1252"},   Alias{"ascii", "us-ascii"},
    Alias{"cp437", "ibm437"},        Alias{"cp737", "ibm737"},
    Alias{"cp775", "ibm775"},        Alias{"cp850", "ibm850"},
    Alias{"cp852", "ibm852"},        Alias{"cp855", "ibm855"},
    Alias{"cp858", "ibm858"},        Alias{"cp862", "ibm862"},
    Alias{"cp865", "ibm865"},        Alias{"cp866", "ibm866"},
    Alias{"cp874", "windows-874"},   Alias{"latin1", "iso-8859-1"},
    Alias{"latin-1", "iso-8859-1"},  Alias{"latin2", "iso-8859-2"},
    Alias{"latin-9", "iso-8859-15"}, Alias{"latin9", "iso-8859-15"},
    Alias{"mac-roman", "macintosh"}, Alias{"macroman", "macintosh"},
    Alias{"unicode", "utf-16le"},    Alias{"utf-16-be", "utf-16be"},
    Alias{"utf-16-le", "utf-16le"},  Alias{"utf-32-be", "utf-32be"},
    Alias{"utf-32-le", "utf-32le"},  Alias{"utf-8-sig", "utf-8"},
    Alias{"utf16be", "utf-16be"},    Alias{"utf16le", "utf-16le"},
    Alias{"utf8", "utf-8"},          Alias{"x-mac-cyrillic", "mac-cyrillic"},
};

constexpr std::array kUnicode = {
    Encoding{"utf-8", EncodingKind::kUtf8, nullptr, "\xEF\xBB\xBF"},
    Encoding{"us-ascii", EncodingKind::kUtf8, nullptr, "\xEF\xBB\xBF"},
    Encoding{"utf-16le", EncodingKind::kUtf16Le, nullptr, "\xFF\xFE"},
    Encoding{"utf-16be", EncodingKind::kUtf16Be, nullptr, "\xFE\xFF"},
    Encoding{"utf-32le", EncodingKind::kUtf32Le, nullptr, {"\xFF\xFE\0\0", 4}},
    Encoding{"utf-32be", EncodingKind::kUtf32Be, nullptr, {"\0\0\xFE\xFF", 4}},
};

std::string folded(std::string_view name) {
  std::string key(name);
  for (char& c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '_' || c == ' ') c = '-';
  }
  for (const Alias& entry : kAliases) {
    if (entry.alias == key) return std::string(entry.name);
  }
  const bool is_windows = key.starts_with("cp125") && key.size() == 6;
  if (is_windows) return "windows-" + key.substr(2);
  if (key.starts_with("iso8859-")) return "iso-8859-" + key.substr(8);
  return key;
}

std::size_t write_utf8(char32_t point, char* out) {
  const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
  if (point < 0x80) {
    out[0] = byte(point);
    return 1;
  }
  if (point < 0x800) {
    out[0] = byte(0xC0 | (point >> 6));
    out[1] = byte(0x80 | (point & 0x3F));
    return 2;
  }
  if (point < 0x10000) {
    out[0] = byte(0xE0 | (point >> 12));
    out[1] = byte(0x80 | ((point >> 6) & 0x3F));
    out[2] = byte(0x80 | (point & 0x3F));
    return 3;
  }
  out[0] = byte(0xF0 | (point >> 18));
  out[1] = byte(0x80 | ((point >> 12) & 0x3F));
  out[2] = byte(0x80 | ((point >> 6) & 0x3F));
  out[3] = byte(0x80 | (point & 0x3F));
  return 4;
}

// One code point read: `size` 0 means that more bytes are needed.
struct PointRead {
  char32_t point = kReplacement;
  std::size_t size = 0;
  bool is_replaced = false;
};

template <class Read>
Decoded decode_points(std::string_view in, std::span<char> out, bool is_end, Read read) {
  Decoded done;
  while (done.num_read < in.size() && done.num_written + kMaxUtf8Bytes <= out.size()) {
    PointRead next = read(in.substr(done.num_read));
    if (next.size == 0) {
      if (!is_end) break;
      next = {.size = in.size() - done.num_read, .is_replaced = true};
    }
    done.num_written += write_utf8(next.point, out.data() + done.num_written);
    done.num_read += next.size;
    done.num_replaced += next.is_replaced ? 1 : 0;
  }
  return done;
}

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

char32_t utf16_unit(std::string_view bytes, std::size_t at, bool is_big_endian) {
  const auto first = byte_at(bytes, at);
  const auto second = byte_at(bytes, at + 1);
  return is_big_endian ? static_cast<char32_t>(first << 8 | second)
                       : static_cast<char32_t>(second << 8 | first);
}

bool is_high_surrogate(char32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}

bool is_low_surrogate(char32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

PointRead read_utf16(std::string_view bytes, bool is_big_endian) {
  if (bytes.size() < 2) return {};
  const char32_t unit = utf16_unit(bytes, 0, is_big_endian);
  if (is_low_surrogate(unit)) return {.size = 2, .is_replaced = true};
  if (!is_high_surrogate(unit)) return {.point = unit, .size = 2};
  if (bytes.size() < 4) return {};
  const char32_t low = utf16_unit(bytes, 2, is_big_endian);
  if (!is_low_surrogate(low)) return {.size = 2, .is_replaced = true};
  return {.point = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), .size = 4};
}

PointRead read_utf32(std::string_view bytes, bool is_big_endian) {
  if (bytes.size() < 4) return {};
  char32_t point = 0;
  for (std::size_t at = 0; at < 4; ++at) {
    point = point << 8 | byte_at(bytes, is_big_endian ? at : 3 - at);
  }
  const bool is_bad = point > 0x10FFFF || (point >= 0xD800 && point < 0xE000);
  return {.point = is_bad ? kReplacement : point, .size = 4, .is_replaced = is_bad};
}

PointRead read_byte(std::string_view bytes, const CodePage& page) {
  const std::uint8_t byte = byte_at(bytes, 0);
  if (byte < 0x80) return {.point = byte, .size = 1};
  const char32_t point = page.points[byte - 0x80U];
  return {.point = point, .size = 1, .is_replaced = point == kReplacement};
}

Decoded decode_utf8(std::string_view in, std::span<char> out, bool is_end) {
  Decoded done;
  while (done.num_read < in.size()) {
    const std::string_view rest = in.substr(done.num_read, out.size() - done.num_written);
    const std::size_t valid = valid_utf8_prefix(rest);
    std::memcpy(out.data() + done.num_written, rest.data(), valid);
    done.num_read += valid;
    done.num_written += valid;
    if (done.num_read == in.size() || out.size() - done.num_written < kMaxUtf8Bytes) break;
    const Utf8Sequence bad = first_utf8_sequence(in.substr(done.num_read));
    if (bad.kind == Utf8Sequence::Kind::kCut && !is_end) break;
    if (bad.kind == Utf8Sequence::Kind::kValid) continue;
    done.num_written += write_utf8(kReplacement, out.data() + done.num_written);
    done.num_read += bad.size;
    ++done.num_replaced;
  }
  return done;
}

}  // namespace

bool find_encoding(std::string_view name, Encoding& encoding) {
  const std::string key = folded(name);
  for (const Encoding& entry : kUnicode) {
    if (entry.name != key) continue;
    encoding = entry;
    return true;
  }
  for (const CodePage& page : code_pages()) {
    if (page.name != key) continue;
    encoding = {.name = page.name, .kind = EncodingKind::kSingleByte, .page = &page, .bom = {}};
    return true;
  }
  return false;
}

std::vector<std::string_view> known_encodings() {
  std::vector<std::string_view> names;
  names.reserve(std::size(kUnicode) + code_pages().size());
  for (const Encoding& entry : kUnicode) names.push_back(entry.name);
  for (const CodePage& page : code_pages()) names.push_back(page.name);
  return names;
}

Decoded decode_some(const Encoding& encoding, std::string_view in, std::span<char> out,
                    bool is_end) {
  switch (encoding.kind) {
    case EncodingKind::kUtf8:
      return decode_utf8(in, out, is_end);
    case EncodingKind::kUtf16Le:
    case EncodingKind::kUtf16Be: {
      const bool is_big_endian = encoding.kind == EncodingKind::kUtf16Be;
      return decode_points(in, out, is_end, [is_big_endian](std::string_view bytes) {
        return read_utf16(bytes, is_big_endian);
      });
    }
    case EncodingKind::kUtf32Le:
    case EncodingKind::kUtf32Be: {
      const bool is_big_endian = encoding.kind == EncodingKind::kUtf32Be;
      return decode_points(in, out, is_end, [is_big_endian](std::string_view bytes) {
        return read_utf32(bytes, is_big_endian);
      });
    }
    case EncodingKind::kSingleByte:
      break;
  }
  const CodePage& page = *encoding.page;
  return decode_points(in, out, is_end,
                       [&page](std::string_view bytes) { return read_byte(bytes, page); });
}

}  // namespace homeroom
