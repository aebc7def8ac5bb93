#pragma once

// Compressed files, known by their first bytes, never by their name.

#include <memory>
#include <string>
#include <string_view>

#include "base/byte_source.h"
#include "base/result.h"

namespace homeroom::io {

enum class Compression : std::uint8_t { kNone, kGzip, kZstd, kZip };

[[nodiscard]] Compression detect_compression(std::string_view head);

/// Limits against decompression bombs.
struct DecompressLimits {
  std::uint64_t max_ratio = 200;  ///< bytes out for a byte in, once past 64 MiB
  std::uint64_t max_bytes = 256ULL * 1024 * 1024 * 1024;
};

/// A source that reads `source` decompressed; the source itself (first bytes replayed) when it is
/// not compressed. Concatenated gzip members and zstd frames are read on. A zip gives its only
/// file; one with several is kInvalidInput naming how many, with the hint to unpack it.
/// `source` must outlive the result.
/// Errors: kInvalidInput for a torn or damaged file ("the gzip file ends too early, at byte N"),
/// for a checksum that does not fit, and past the limits. Never silently short.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> decompress(ByteSource& source,
                                                             const DecompressLimits& limits = {});

}  // namespace homeroom::io
