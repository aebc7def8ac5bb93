#pragma once

// The decoding itself, a piece at a time, without state: see encoding.h for what steps use.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "base/encoding_tables.h"

namespace homeroom {

enum class EncodingKind : std::uint8_t {
  kUtf8,
  kUtf16Le,
  kUtf16Be,
  kUtf32Le,
  kUtf32Be,
  kSingleByte,
};

struct Encoding {
  std::string_view name;
  EncodingKind kind = EncodingKind::kUtf8;
  const CodePage* page = nullptr;  ///< of kSingleByte only
  std::string_view bom;            ///< bytes that may stand before the text; may be empty
};

/// The encoding called `name` in any case, by its own name or a usual other one ("latin1",
/// "cp1252", "utf_8"). False when there is none.
[[nodiscard]] bool find_encoding(std::string_view name, Encoding& encoding);

/// What one call of `decode_some` did.
struct Decoded {
  std::size_t num_read = 0;
  std::size_t num_written = 0;
  std::size_t num_replaced = 0;  ///< U+FFFD written for bytes that mean nothing
};

/// Decodes as much of `in` as fits into `out` (at least 4 bytes). Stops before a sequence that is
/// cut off at the end of `in`, unless `is_end`: then it is replaced. So at most 3 bytes are left
/// when `out` has room.
[[nodiscard]] Decoded decode_some(const Encoding& encoding, std::string_view in,
                                  std::span<char> out, bool is_end);

/// How many bytes of `bytes` are whole, valid UTF-8 sequences, from the start.
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view bytes);

/// Skips whole, valid sequences; may stop early, but never inside one. Needs AVX2, or AVX-512 with
/// its instructions for bytes.
[[nodiscard]] std::size_t skip_utf8_avx512(const char* bytes, std::size_t size);
[[nodiscard]] std::size_t skip_utf8_avx2(const char* bytes, std::size_t size);

/// `at`, or the start of the sequence that may go on there. All before `at` is valid.
[[nodiscard]] std::size_t utf8_sequence_start(const char* bytes, std::size_t at);

/// The first sequence of bytes that is not ASCII: how long it is, and whether it is UTF-8.
struct Utf8Sequence {
  enum class Kind : std::uint8_t { kValid, kInvalid, kCut };
  Kind kind = Kind::kInvalid;
  std::size_t size = 1;  ///< of an invalid one: the bytes that one U+FFFD stands for
};

/// `bytes` is not empty. Source: The Unicode Standard, table 3-7, and section 3.9 on U+FFFD.
[[nodiscard]] Utf8Sequence first_utf8_sequence(std::string_view bytes);

}  // namespace homeroom
