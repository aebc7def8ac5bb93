#pragma once

// From a file's raw bytes to batches: read, hash, keep a copy, decompress, decode, cut. A path may
// name a file in an archive, "export.zip/users.csv"; its raw bytes are those it was packed from.

#include <filesystem>
#include <memory>
#include <string>

#include "base/byte_source.h"
#include "base/double_encoding.h"
#include "base/encoding.h"
#include "base/result.h"
#include "io/decompress/archive.h"
#include "io/decompress/decompress.h"
#include "io/file.h"
#include "io/sha256.h"
#include "parse/batch_reader.h"
#include "run/settings.h"
#include "table/dialect.h"

namespace homeroom::run {

/// The first bytes of a file, decompressed.
struct FileHead {
  std::string bytes;
  bool is_whole = false;
  io::FileStamp stamp;
};

/// A file that cannot be read is the file's trouble, not the store's or the database's.
template <class Value>
[[nodiscard]] Result<Value> of_the_file(Result<Value> result) {
  if (!result && result.error().code == ErrorCode::kIo) {
    result.error().code = ErrorCode::kInvalidInput;
  }
  return result;
}

/// What is told of a file that another program writes while we read it.
[[nodiscard]] Error changed_while_read(const std::filesystem::path& path);

/// Errors: those of opening, reading, decompressing; all are the file's, so none is kIo.
[[nodiscard]] Result<FileHead> read_head(const std::filesystem::path& path,
                                         const io::DecompressLimits& limits = {});

/// SHA-256 of the file's bytes, which it had at `stamp`.
/// Errors: kInvalidInput when it cannot be read, or is another since.
[[nodiscard]] Result<std::string> hash_file(const std::filesystem::path& path,
                                            const io::FileStamp& stamp);

/// Passes bytes on (a failure to read them is kInvalidInput: the file's own trouble), and on their
/// way hashes them and writes them to `copy` (may be null).
class RawTee : public ByteSource {
 public:
  RawTee(ByteSource& source, ByteSink* copy, const Settings& settings, std::uint64_t size_bytes)
      : source_(&source), copy_(copy), settings_(&settings), size_bytes_(size_bytes) {}

  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override;

  [[nodiscard]] std::string finish_hash() { return hash_.finish(); }

  [[nodiscard]] std::uint64_t num_bytes() const { return num_bytes_; }

  void skip_hash() { is_hashing_ = false; }

 private:
  ByteSource* source_;
  ByteSink* copy_;
  const Settings* settings_;
  std::uint64_t size_bytes_;
  std::uint64_t num_bytes_ = 0;
  bool is_hashing_ = true;
  io::Sha256 hash_;
};

/// A file opened as batches. Not shared by threads.
class InputStream {
 public:
  enum class Purpose : std::uint8_t { kHashAndCopy, kReadAgain };

  /// `copy` gets the raw bytes; may be null. Only its errors are kIo, here and in the reader.
  [[nodiscard]] static Result<std::unique_ptr<InputStream>> open(const std::filesystem::path& path,
                                                                 const Dialect& dialect,
                                                                 const Settings& settings,
                                                                 Purpose purpose,
                                                                 ByteSink* copy = nullptr);

  [[nodiscard]] parse::BatchReader& reader() { return *reader_; }

  [[nodiscard]] std::uint64_t num_replaced() const { return decoder_->num_replaced(); }

  [[nodiscard]] const DoubleEncodingCount& double_encoding() const { return twice_->count(); }

  /// Reads what the table left (bytes after the last record), then checks that the file is what
  /// it was when it was opened. Returns the SHA-256 of all raw bytes ("" for kReadAgain).
  /// Errors: kInvalidInput when the file changed while it was read.
  [[nodiscard]] Result<std::string> finish();

  /// The file, or the archive it is in, as it was when it was opened.
  [[nodiscard]] const io::FileStamp& stamp() const { return stamp_; }

  [[nodiscard]] std::uint64_t num_raw_bytes() const { return tee_->num_bytes(); }

 private:
  InputStream() = default;

  std::filesystem::path path_;
  Purpose purpose_ = Purpose::kReadAgain;
  io::FileStamp stamp_;
  io::OpenedPath opened_;
  std::unique_ptr<RawTee> tee_;
  std::unique_ptr<ByteSource> unpacked_;
  std::unique_ptr<DecodingSource> decoder_;
  std::unique_ptr<DoubleEncodingSource> twice_;
  std::unique_ptr<parse::BatchReader> reader_;
};

}  // namespace homeroom::run
