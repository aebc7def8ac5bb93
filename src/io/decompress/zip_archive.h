#pragma once

// A zip read through libarchive. Internal to src/io/decompress_zip.cc.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <archive.h>
#include <archive_entry.h>

#include "base/byte_source.h"
#include "base/result.h"
#include "io/file.h"

namespace homeroom::io {

/// An entry of the zip that is a file.
struct ZipEntry {
  std::string name;
  bool is_encrypted = false;
};

/// The entries in order, each with its bytes. Not moved: libarchive holds its address.
class ZipArchive {
 public:
  /// `file` is where we may jump, so that the directory at the zip's end is read first; without it
  /// the entries come as they stand in `stream`.
  [[nodiscard]] static Result<std::unique_ptr<ZipArchive>> open(ByteSource& stream,
                                                                FileSource* file);
  ZipArchive(const ZipArchive&) = delete;
  ZipArchive& operator=(const ZipArchive&) = delete;

  /// The next file, skipping the bytes of the last one; folders and what macOS adds are passed
  /// over. Nothing at the end.
  [[nodiscard]] Result<std::optional<ZipEntry>> next();
  /// Bytes of the entry; 0 at its end, where its checksum has been compared.
  [[nodiscard]] Result<std::size_t> read(std::span<char> out);

  /// How far into the zip we are.
  [[nodiscard]] std::uint64_t position() const { return position_; }

 private:
  struct Deleter {
    void operator()(archive* reader) const { archive_read_free(reader); }
  };

  ZipArchive(ByteSource& stream, FileSource* file);
  [[nodiscard]] Status start();
  [[nodiscard]] tl::unexpected<Error> failure();

  static la_ssize_t read_block(archive* reader, void* self, const void** block);
  static la_int64_t skip(archive* reader, void* self, la_int64_t num_bytes);
  static la_int64_t seek(archive* reader, void* self, la_int64_t offset, int whence);

  ByteSource* stream_;
  FileSource* file_;
  std::uint64_t position_ = 0;
  std::uint64_t num_read_ = 0;
  bool has_directory_ = false;
  std::optional<Error> failure_;  ///< of the source
  std::array<char, std::size_t{64} * 1024> block_{};
  std::unique_ptr<archive, Deleter> reader_;
};

}  // namespace homeroom::io
