#pragma once

// An archive read through libarchive, one entry after another. Internal to src/io/decompress.

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <archive.h>

#include "base/byte_source.h"
#include "base/result.h"
#include "io/decompress/decompress.h"
#include "io/decompress/zip_directory.h"
#include "io/file.h"

namespace homeroom::io {

enum class ArchiveFormat : std::uint8_t { kZip, kTar };

/// An entry of an archive that is no folder.
struct ArchiveEntry {
  std::string name;
  std::uint64_t size_bytes = 0;
  bool has_size = false;
  bool is_file = true;  ///< no link, device or pipe
  bool is_encrypted = false;
};

/// The entries in order, each with its bytes. Not moved: libarchive holds its address.
class ArchiveReader {
 public:
  /// `stream`: the unpacked bytes of a packed tar, without which `file` is read itself, where we
  /// may jump, so that a zip's directory is read first and what is passed over costs nothing.
  [[nodiscard]] static Result<std::unique_ptr<ArchiveReader>> open(
      ArchiveFormat format, FileSource& file, std::unique_ptr<ByteSource> stream);
  /// A zip as if it ended in `tail`.
  [[nodiscard]] static Result<std::unique_ptr<ArchiveReader>> open(FileSource& file, ZipTail tail);
  ArchiveReader(const ArchiveReader&) = delete;
  ArchiveReader& operator=(const ArchiveReader&) = delete;

  /// The next entry, skipping the bytes of the last one. Nothing at the end.
  [[nodiscard]] Result<std::optional<ArchiveEntry>> next();
  /// Bytes of the entry; 0 at its end, where its checksum has been compared.
  [[nodiscard]] Result<std::size_t> read(std::span<char> out);

  /// How far into the archive we are, in bytes of `stream` where there is one.
  [[nodiscard]] std::uint64_t position() const { return position_; }

  [[nodiscard]] std::string_view format_name() const;

 private:
  struct Deleter {
    void operator()(archive* reader) const { archive_read_free(reader); }
  };

  ArchiveReader(ArchiveFormat format, FileSource& file, std::unique_ptr<ByteSource> stream);
  [[nodiscard]] Status start();
  [[nodiscard]] tl::unexpected<Error> failure();
  [[nodiscard]] Status fill_block();
  [[nodiscard]] Result<std::size_t> read_file(std::size_t size);

  static la_ssize_t read_block(archive* reader, void* self, const void** block);
  static la_int64_t skip(archive* reader, void* self, la_int64_t num_bytes);
  static la_int64_t seek(archive* reader, void* self, la_int64_t offset, int whence);

  ArchiveFormat format_;
  FileSource* file_;
  std::unique_ptr<ByteSource> stream_;
  std::optional<ZipTail> tail_;
  std::uint64_t file_bytes_ = 0;
  std::uint64_t position_ = 0;     ///< of what libarchive gets next
  std::uint64_t block_start_ = 0;  ///< of what the block holds
  std::size_t block_bytes_ = 0;    ///< that it holds
  std::uint64_t directory_read_ = 0;
  bool has_entry_ = false;
  std::optional<Error> failure_;  ///< of the source
  std::array<char, std::size_t{64} * 1024> block_{};
  std::unique_ptr<archive, Deleter> reader_;
};

}  // namespace homeroom::io
