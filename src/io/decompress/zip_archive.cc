#include "io/decompress/zip_archive.h"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <archive.h>
#include <archive_entry.h>

#include "base/byte_source.h"
#include "base/result.h"
#include "io/decompress/decompress_formats.h"
#include "io/file.h"

namespace homeroom::io {
namespace {

constexpr std::string_view kFormat = "zip";
/// libarchive holds the directory in memory, some bytes for each byte of it.
constexpr std::uint64_t kMostDirectoryBytes = std::uint64_t{8} * 1024 * 1024;

std::string name_of(archive_entry* entry) {
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = archive_entry_pathname(entry);
  return name == nullptr ? std::string() : name;
}

/// macOS stores attributes of "x.csv" as "__MACOSX/._x.csv", and a folder's view as ".DS_Store".
bool is_of_macos(std::string_view name) {
  return name.starts_with("__MACOSX/") || name == ".DS_Store" || name.ends_with("/.DS_Store");
}

}  // namespace

ZipArchive::ZipArchive(ByteSource& stream, FileSource* file)
    : stream_(&stream), file_(file), reader_(archive_read_new()) {
  if (reader_ == nullptr) throw std::bad_alloc();
}

Result<std::unique_ptr<ZipArchive>> ZipArchive::open(ByteSource& stream, FileSource* file) {
  std::unique_ptr<ZipArchive> opened(new ZipArchive(stream, file));
  HOMEROOM_TRY(opened->start());
  return opened;
}

Status ZipArchive::start() {
  archive* const reader = reader_.get();
  if (file_ != nullptr) {
    HOMEROOM_TRY(file_->rewind());
    archive_read_support_format_zip_seekable(reader);
    archive_read_set_skip_callback(reader, skip);
    archive_read_set_seek_callback(reader, seek);
  } else {
    archive_read_support_format_zip_streamable(reader);
  }
  archive_read_set_read_callback(reader, read_block);
  archive_read_set_callback_data(reader, this);
  if (archive_read_open1(reader) != ARCHIVE_OK) return failure();
  return {};
}

Result<std::optional<ZipEntry>> ZipArchive::next() {
  for (;;) {
    archive_entry* entry = nullptr;
    const int outcome = archive_read_next_header(reader_.get(), &entry);
    if (outcome == ARCHIVE_EOF) return std::nullopt;
    // A warning is about a name that the C locale cannot show; we only compare it.
    if (outcome != ARCHIVE_OK && outcome != ARCHIVE_WARN) return failure();
    has_directory_ = true;
    ZipEntry file{.name = name_of(entry),
                  .is_encrypted = archive_entry_is_data_encrypted(entry) != 0};
    if (archive_entry_filetype(entry) == AE_IFDIR || is_of_macos(file.name)) continue;
    return file;
  }
}

Result<std::size_t> ZipArchive::read(std::span<char> out) {
  const la_ssize_t num_read = archive_read_data(reader_.get(), out.data(), out.size());
  if (num_read < 0) return failure();
  return static_cast<std::size_t>(num_read);
}

tl::unexpected<Error> ZipArchive::failure() {
  if (failure_) return tl::unexpected(*failure_);
  const char* const text = archive_error_string(reader_.get());
  const std::string_view detail = text == nullptr ? std::string_view() : text;
  // Without its end a zip has no directory, which is how the format is known when we may jump.
  const bool is_short = detail.find("runcated") != std::string_view::npos ||
                        detail.find("nrecognized") != std::string_view::npos;
  if (!is_short) return is_damaged(kFormat, position_, detail);
  const auto stamp = file_ == nullptr ? Result<FileStamp>() : file_->stamp();
  return ends_too_early(kFormat, stamp && file_ != nullptr ? stamp->size_bytes : position_);
}

la_ssize_t ZipArchive::read_block(archive* reader, void* self, const void** block) {
  auto& zip = *static_cast<ZipArchive*>(self);
  ByteSource& source = zip.file_ != nullptr ? *zip.file_ : *zip.stream_;
  auto num_read = source.read(zip.block_);
  if (num_read && !zip.has_directory_ && zip.file_ != nullptr &&
      zip.num_read_ + *num_read > kMostDirectoryBytes) {
    num_read = fail(ErrorCode::kInvalidInput, "the zip file holds too many files to read",
                    "unpack it and give the files in it");
  }
  if (!num_read) {
    zip.failure_ = num_read.error();
    archive_set_error(reader, EIO, "%s", "the source failed");
    return ARCHIVE_FATAL;
  }
  *block = zip.block_.data();
  zip.position_ += *num_read;
  zip.num_read_ += *num_read;
  return static_cast<la_ssize_t>(*num_read);
}

la_int64_t ZipArchive::skip(archive* reader, void* self, la_int64_t num_bytes) {
  const auto& zip = *static_cast<ZipArchive*>(self);
  const std::uint64_t before = zip.position_;
  const la_int64_t after = seek(reader, self, num_bytes, SEEK_CUR);
  return after < 0 ? 0 : after - static_cast<la_int64_t>(before);
}

la_int64_t ZipArchive::seek(archive* reader, void* self, la_int64_t offset, int whence) {
  auto& zip = *static_cast<ZipArchive*>(self);
  const auto stamp = zip.file_->stamp();
  Status outcome;
  if (!stamp) outcome = tl::unexpected(stamp.error());
  if (outcome) {
    const auto size = static_cast<la_int64_t>(stamp->size_bytes);
    if (whence == SEEK_CUR) offset += static_cast<la_int64_t>(zip.position_);
    if (whence == SEEK_END) offset += size;
    if (offset < 0 || offset > size) {
      outcome = ends_too_early(kFormat, stamp->size_bytes);
    } else {
      outcome = zip.file_->seek(static_cast<std::uint64_t>(offset));
    }
  }
  if (!outcome) {
    zip.failure_ = outcome.error();
    archive_set_error(reader, EIO, "%s", "the source failed");
    return ARCHIVE_FATAL;
  }
  zip.position_ = static_cast<std::uint64_t>(offset);
  return offset;
}

}  // namespace homeroom::io
