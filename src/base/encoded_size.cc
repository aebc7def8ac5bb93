#include "base/encoded_size.h"

#include "base/encoding_decoder.h"

namespace homeroom {
namespace {

constexpr std::size_t kFirstBeyondAscii = 0x80;
constexpr std::size_t kFirstLead = 0xC0;
constexpr std::size_t kFirstOfFour = 0xF0;  // beyond the basic plane: two units of UTF-16

// Bytes that Windows-1252 has for characters beyond U+07FF, which take three bytes of UTF-8.
constexpr std::string_view kThreeBytes =
    "\x80\x82\x84\x85\x86\x87\x89\x8B\x91\x92\x93\x94\x95\x96\x97\x99\x9B";

// A byte of UTF-8 that was taken for Windows-1252 and written as UTF-8 once more.
std::uint8_t size_encoded_twice(std::size_t byte) {
  if (byte < kFirstBeyondAscii) return 1;
  return kThreeBytes.find(static_cast<char>(byte)) == std::string_view::npos ? 2 : 3;
}

// A character counts by its first byte.
std::uint8_t size_in(EncodingKind kind, std::size_t byte) {
  if (kind == EncodingKind::kUtf8) return 1;
  if (byte >= kFirstBeyondAscii && byte < kFirstLead) return 0;
  switch (kind) {
    case EncodingKind::kUtf16Le:
    case EncodingKind::kUtf16Be:
      return byte >= kFirstOfFour ? 4 : 2;
    case EncodingKind::kUtf32Le:
    case EncodingKind::kUtf32Be:
      return 4;
    case EncodingKind::kUtf8:
    case EncodingKind::kSingleByte:
      break;
  }
  return 1;
}

}  // namespace

EncodedSize::EncodedSize(std::string_view encoding, bool is_encoded_twice) {
  Encoding found;
  if (find_encoding(encoding, found)) bom_ = found.bom.size();
  const bool is_twice = is_encoded_twice && found.kind == EncodingKind::kUtf8;
  for (std::size_t byte = 0; byte < sizes_.size(); ++byte) {
    sizes_[byte] = is_twice ? size_encoded_twice(byte) : size_in(found.kind, byte);
  }
  differs_ = is_twice || found.kind != EncodingKind::kUtf8;
}

std::size_t EncodedSize::of(std::string_view text) const {
  if (!differs_) return text.size();
  std::size_t size = 0;
  for (const char c : text) size += sizes_[static_cast<unsigned char>(c)];
  return size;
}

}  // namespace homeroom
