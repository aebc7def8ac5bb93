#pragma once

// Compressed files, known by their first bytes, never by their name.

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/byte_source.h"
#include "base/result.h"

namespace homeroom::io {

enum class Compression : std::uint8_t { kNone, kGzip, kZstd };

[[nodiscard]] Compression detect_compression(std::string_view head);

/// Limits against decompression bombs.
struct DecompressLimits {
  std::uint64_t max_ratio = 200;  ///< bytes out for a byte in, once past 64 MiB
  std::uint64_t max_bytes = 256ULL * 1024 * 1024 * 1024;
};

/// A source that reads `source` decompressed; the source itself (first bytes replayed) when it is
/// not compressed. Concatenated gzip members and zstd frames are read on.
/// `source` must outlive the result; nothing may have been read from it.
/// Errors: kInvalidInput for a torn or damaged file ("the gzip file ends too early, at byte N":
/// N counts compressed bytes, and is in the position), for a checksum that does not fit, past
/// the limits, and for an archive (a zip or tar, io/decompress/archive.h): what comes here is one
/// file already. Never silently short.
/// Memory: 64 KiB and what the format needs: gzip 40 KiB, zstd the window that the file asks for,
/// at most 128 MiB.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> decompress(ByteSource& source,
                                                             const DecompressLimits& limits = {});

}  // namespace homeroom::io
