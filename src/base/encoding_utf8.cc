// Validity of UTF-8.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/encoding.h"
#include "base/encoding_decoder.h"

namespace homeroom {
namespace {

constexpr std::size_t kBlockBytes = 64;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::size_t skip_with_vectors(std::string_view bytes) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") == 0) return 0;
  const bool has_avx512 = __builtin_cpu_supports("avx512bw") != 0;
  return (has_avx512 ? skip_utf8_avx512 : skip_utf8_avx2)(bytes.data(), bytes.size());
#else
  return 0 * bytes.size();
#endif
}

bool is_ascii_block(const char* bytes) {
  std::uint64_t any = 0;
  for (std::size_t at = 0; at < kBlockBytes; at += sizeof any) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes + at, sizeof word);
    any |= word;
  }
  return (any & 0x8080808080808080) == 0;
}

std::size_t sequence_size(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

// The second byte alone rules out overlong forms, surrogates and what is beyond U+10FFFF.
bool is_second_byte(std::uint8_t lead, std::uint8_t second) {
  const std::uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const std::uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return second >= low && second <= high;
}

bool is_continuation(std::uint8_t byte) {
  return (byte & 0xC0) == 0x80;
}

}  // namespace

Utf8Sequence first_utf8_sequence(std::string_view bytes) {
  using Kind = Utf8Sequence::Kind;
  const std::uint8_t lead = byte_at(bytes, 0);
  const std::size_t size = sequence_size(lead);
  if (size <= 1) return {.kind = size == 1 ? Kind::kValid : Kind::kInvalid, .size = 1};
  if (bytes.size() == 1) return {.kind = Kind::kCut, .size = 1};
  if (!is_second_byte(lead, byte_at(bytes, 1))) return {.kind = Kind::kInvalid, .size = 1};
  for (std::size_t at = 2; at < size; ++at) {
    if (at == bytes.size()) return {.kind = Kind::kCut, .size = at};
    if (!is_continuation(byte_at(bytes, at))) return {.kind = Kind::kInvalid, .size = at};
  }
  return {.kind = Kind::kValid, .size = size};
}

std::size_t utf8_sequence_start(const char* bytes, std::size_t at) {
  for (std::size_t back = 1; back <= 3 && back <= at; ++back) {
    const auto byte = static_cast<std::uint8_t>(bytes[at - back]);
    if (byte < 0x80) return at - back + 1;
    if (byte >= 0xC0) return at - back;
  }
  return at;  // three continuations end a character of four bytes
}

std::size_t valid_utf8_prefix(std::string_view bytes) {
  std::size_t at = skip_with_vectors(bytes);
  while (at < bytes.size()) {
    while (at + kBlockBytes <= bytes.size() && is_ascii_block(bytes.data() + at)) {
      at += kBlockBytes;
    }
    const std::size_t block_end = std::min(bytes.size(), at + kBlockBytes);
    while (at < block_end) {
      if (byte_at(bytes, at) < 0x80) {
        ++at;
        continue;
      }
      const Utf8Sequence sequence = first_utf8_sequence(bytes.substr(at));
      if (sequence.kind != Utf8Sequence::Kind::kValid) return at;
      at += sequence.size;
    }
  }
  return bytes.size();
}

bool is_valid_utf8(std::string_view bytes, bool may_be_cut) {
  const std::size_t valid = valid_utf8_prefix(bytes);
  if (valid == bytes.size()) return true;
  return may_be_cut && first_utf8_sequence(bytes.substr(valid)).kind == Utf8Sequence::Kind::kCut;
}

}  // namespace homeroom
