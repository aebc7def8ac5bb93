#pragma once

// What decompress.h and archive.h share. Internal to src/io/decompress.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/byte_source.h"
#include "base/result.h"
#include "io/decompress/archive_reader.h"
#include "io/decompress/decompress.h"

namespace homeroom::io {

/// Compressed bytes by the buffer, and how many there were.
class CompressedInput {
 public:
  explicit CompressedInput(ByteSource& source) : source_(&source) {}

  /// What is not used yet; reads more when that is nothing. Empty at the end.
  [[nodiscard]] Result<std::span<const char>> available();

  void use(std::size_t num_bytes) { used_ += num_bytes; }

  /// Bytes used since the start.
  [[nodiscard]] std::uint64_t offset() const { return offset_of_buffer_ + used_; }

 private:
  ByteSource* source_;
  std::array<char, std::size_t{64} * 1024> buffer_{};
  std::size_t filled_ = 0;
  std::size_t used_ = 0;
  std::uint64_t offset_of_buffer_ = 0;
};

/// Counts what comes out against what went in.
class BombGuard {
 public:
  explicit BombGuard(const DecompressLimits& limits) : limits_(limits) {}

  [[nodiscard]] Status add(std::uint64_t num_out, std::uint64_t num_in);

 private:
  DecompressLimits limits_;
  std::uint64_t num_out_ = 0;
};

/// "the gzip file ends too early, at byte 512"
[[nodiscard]] tl::unexpected<Error> ends_too_early(std::string_view format, std::uint64_t offset);
[[nodiscard]] tl::unexpected<Error> is_damaged(std::string_view format, std::uint64_t offset,
                                               std::string_view detail);

/// Of an archive with folders at most.
[[nodiscard]] tl::unexpected<Error> holds_no_file(std::string_view format);

/// The first bytes, as many as tell what they are the start of.
[[nodiscard]] Result<std::string> read_head(ByteSource& source);

/// The format of the archive that begins so.
[[nodiscard]] std::optional<ArchiveFormat> detect_archive(std::string_view head);

/// As `decompress`, whatever comes out.
[[nodiscard]] Result<std::unique_ptr<ByteSource>> unpack(ByteSource& source,
                                                         const DecompressLimits& limits);

/// Each reads `source` from its start and keeps it.
[[nodiscard]] std::unique_ptr<ByteSource> read_gzip(std::unique_ptr<ByteSource> source,
                                                    const DecompressLimits& limits);
[[nodiscard]] std::unique_ptr<ByteSource> read_zstd(std::unique_ptr<ByteSource> source,
                                                    const DecompressLimits& limits);

}  // namespace homeroom::io
