#pragma once

// Bytes of any encoding -> UTF-8.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"

namespace homeroom {

/// True when all of `bytes` is valid UTF-8; a sequence cut off at the end counts as valid when
/// `may_be_cut`.
[[nodiscard]] bool is_valid_utf8(std::string_view bytes, bool may_be_cut = false);

/// The encodings that `DecodingSource` reads: "utf-8", "utf-16le", "utf-16be", "utf-32le",
/// "utf-32be", "us-ascii", "windows-1250" .. "windows-1258", "iso-8859-1" .. "iso-8859-16",
/// "macintosh", "koi8-r", "ibm437", "ibm850", ...
[[nodiscard]] std::vector<std::string_view> known_encodings();
[[nodiscard]] bool is_known_encoding(std::string_view name);
/// The name it has in `known_encodings()`: "iso-8859-1" for "Latin1". Empty for an unknown one.
[[nodiscard]] std::string canonical_encoding(std::string_view name);

/// All of `bytes` as UTF-8, without byte order mark. Bytes that mean nothing become U+FFFD and
/// are counted in `num_replaced` (may be null).
/// Errors: kConfig for an encoding not in `known_encodings()`.
[[nodiscard]] Result<std::string> decode_all(std::string_view bytes, std::string_view encoding,
                                             std::size_t* num_replaced = nullptr);

/// A source that decodes another one to UTF-8, a byte order mark dropped. UTF-8 passes through
/// with one validity scan; invalid bytes become U+FFFD and are counted.
/// Not shared by threads. Memory: 64 KiB.
class DecodingSource : public ByteSource {
 public:
  /// `source` must outlive this object. Errors: kConfig for an unknown encoding.
  [[nodiscard]] static Result<std::unique_ptr<DecodingSource>> create(ByteSource& source,
                                                                      std::string_view encoding);

  [[nodiscard]] virtual std::uint64_t num_replaced() const = 0;
};

}  // namespace homeroom
