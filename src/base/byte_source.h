#pragma once

// Bytes that arrive in order: a file, a decompressor, a decoder. Steps read from
// this interface, so none of them knows where its bytes come from.

#include <cstddef>
#include <span>

#include "base/result.h"

namespace homeroom {

/// A stream of bytes read once, from the start. Not shared by threads.
class ByteSource {
 public:
  ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;
  virtual ~ByteSource() = default;

  /// Fills a prefix of `out` and returns its length; 0 means the end (out is not empty).
  /// May return less than asked before the end.
  [[nodiscard]] virtual Result<std::size_t> read(std::span<char> out) = 0;
};

/// Takes bytes in order: a file being written, a COPY stream. Not shared by threads.
class ByteSink {
 public:
  ByteSink() = default;
  ByteSink(const ByteSink&) = delete;
  ByteSink& operator=(const ByteSink&) = delete;
  virtual ~ByteSink() = default;

  /// Takes all of `bytes` or fails.
  [[nodiscard]] virtual Status write(std::span<const char> bytes) = 0;
};

}  // namespace homeroom
