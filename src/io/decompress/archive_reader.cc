#include "io/decompress/archive_reader.h"

#include <algorithm>
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
#include <utility>

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>  // NOLINT(modernize-deprecated-headers): newlocale() is POSIX

#include "base/byte_source.h"
#include "base/result.h"
#include "io/decompress/decompress_formats.h"
#include "io/file.h"

namespace homeroom::io {
namespace {

/// libarchive holds the directory in memory, some bytes for each byte of it.
constexpr std::uint64_t kMostDirectoryBytes = std::uint64_t{8} * 1024 * 1024;
/// A jump often leads to a header alone.
constexpr std::size_t kBlockAfterJump = 4096;

/// libarchive gives names in the letters of the thread's locale, and none where they do not fit:
/// "C", as programs start, has no é.
class Utf8Locale {
 public:
  Utf8Locale() : before_(::uselocale(utf8())) {}

  ~Utf8Locale() { ::uselocale(before_); }

  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  // Null, which changes nothing, where the C library has no such locale.
  static locale_t utf8() {
    static const locale_t kLocale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return kLocale;
  }

  locale_t before_;
};

std::string name_of(archive_entry* entry) {
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = archive_entry_pathname(entry);
  return name == nullptr ? std::string() : name;
}

ArchiveEntry describe(archive_entry* entry) {
  const bool is_link =
      archive_entry_hardlink(entry) != nullptr || archive_entry_hardlink_utf8(entry) != nullptr;
  return {.name = name_of(entry),
          .size_bytes = static_cast<std::uint64_t>(archive_entry_size(entry)),
          .has_size = archive_entry_size_is_set(entry) != 0 && archive_entry_size(entry) >= 0,
          .is_file = archive_entry_filetype(entry) == AE_IFREG && !is_link,
          .is_encrypted = archive_entry_is_data_encrypted(entry) != 0};
}

}  // namespace

ArchiveReader::ArchiveReader(ArchiveFormat format, FileSource& file,
                             std::unique_ptr<ByteSource> stream)
    : format_(format), file_(&file), stream_(std::move(stream)), reader_(archive_read_new()) {
  if (reader_ == nullptr) throw std::bad_alloc();
}

Result<std::unique_ptr<ArchiveReader>> ArchiveReader::open(ArchiveFormat format, FileSource& file,
                                                           std::unique_ptr<ByteSource> stream) {
  std::unique_ptr<ArchiveReader> opened(new ArchiveReader(format, file, std::move(stream)));
  HOMEROOM_TRY(opened->start());
  return opened;
}

Result<std::unique_ptr<ArchiveReader>> ArchiveReader::open(FileSource& file, ZipTail tail) {
  std::unique_ptr<ArchiveReader> opened(new ArchiveReader(ArchiveFormat::kZip, file, nullptr));
  opened->tail_ = std::move(tail);
  HOMEROOM_TRY(opened->start());
  return opened;
}

std::string_view ArchiveReader::format_name() const {
  return format_ == ArchiveFormat::kZip ? "zip" : "tar";
}

Status ArchiveReader::start() {
  archive* const reader = reader_.get();
  if (format_ == ArchiveFormat::kZip) {
    archive_read_support_format_zip_seekable(reader);
  } else {
    archive_read_support_format_tar(reader);
  }
  if (stream_ == nullptr) {
    HOMEROOM_TRY(file_->rewind());
    file_bytes_ =
        tail_ ? tail_->start + tail_->bytes.size() : HOMEROOM_TRY(file_->stamp()).size_bytes;
    archive_read_set_skip_callback(reader, skip);
    archive_read_set_seek_callback(reader, seek);
  }
  archive_read_set_read_callback(reader, read_block);
  archive_read_set_callback_data(reader, this);
  if (archive_read_open1(reader) != ARCHIVE_OK) return failure();
  return {};
}

Result<std::optional<ArchiveEntry>> ArchiveReader::next() {
  const Utf8Locale letters;
  for (;;) {
    archive_entry* entry = nullptr;
    const int outcome = archive_read_next_header(reader_.get(), &entry);
    if (outcome == ARCHIVE_EOF) return std::nullopt;
    // A warning is about a name that is no UTF-8; we only compare it.
    if (outcome != ARCHIVE_OK && outcome != ARCHIVE_WARN) return failure();
    has_entry_ = true;
    if (archive_entry_filetype(entry) != AE_IFDIR) return describe(entry);
  }
}

Result<std::size_t> ArchiveReader::read(std::span<char> out) {
  const la_ssize_t num_read = archive_read_data(reader_.get(), out.data(), out.size());
  if (num_read < 0) return failure();
  return static_cast<std::size_t>(num_read);
}

tl::unexpected<Error> ArchiveReader::failure() {
  if (failure_) return tl::unexpected(*failure_);
  const char* const text = archive_error_string(reader_.get());
  const std::string_view detail = text == nullptr ? std::string_view() : text;
  // Without its end a zip has no directory, which is how the format is known where we may jump.
  const bool is_short = detail.find("runcated") != std::string_view::npos ||
                        detail.find("nrecognized") != std::string_view::npos;
  if (!is_short) return is_damaged(format_name(), position_, detail);
  return ends_too_early(format_name(), stream_ ? position_ : file_bytes_);
}

// Reads on from `position_`, unless the block holds it: headers of small files lie close together.
Status ArchiveReader::fill_block() {
  const std::uint64_t end = block_start_ + block_bytes_;
  if (position_ >= block_start_ && position_ < end) return {};
  std::size_t size = block_.size();
  if (stream_ == nullptr && position_ != end) {
    HOMEROOM_TRY(file_->seek(position_));
    size = kBlockAfterJump;
  }
  block_start_ = position_;
  block_bytes_ = 0;
  block_bytes_ = HOMEROOM_TRY(stream_ ? stream_->read(block_) : read_file(size));
  if (format_ == ArchiveFormat::kTar || has_entry_) return {};
  directory_read_ += block_bytes_;
  if (directory_read_ <= kMostDirectoryBytes) return {};
  return fail(ErrorCode::kInvalidInput, "the zip file holds too many files to read",
              "unpack it and give the files in it");
}

// What stands at `position_` in the file, or in the tail that is put in the place of its end.
Result<std::size_t> ArchiveReader::read_file(std::size_t size) {
  const std::span<char> out = std::span(block_).first(size);
  if (!tail_) return file_->read(out);
  if (position_ < tail_->start) {
    return file_->read(out.first(std::min<std::uint64_t>(out.size(), tail_->start - position_)));
  }
  const std::string_view rest = std::string_view(tail_->bytes).substr(position_ - tail_->start);
  return rest.copy(out.data(), out.size());
}

la_ssize_t ArchiveReader::read_block(archive* reader, void* self, const void** block) {
  auto& me = *static_cast<ArchiveReader*>(self);
  if (const Status filled = me.fill_block(); !filled) {
    me.failure_ = filled.error();
    archive_set_error(reader, EIO, "%s", "the source failed");
    return ARCHIVE_FATAL;
  }
  const auto used = static_cast<std::size_t>(me.position_ - me.block_start_);
  *block = me.block_.data() + used;
  me.position_ = me.block_start_ + me.block_bytes_;
  return static_cast<la_ssize_t>(me.block_bytes_ - used);
}

la_int64_t ArchiveReader::skip(archive* reader, void* self, la_int64_t num_bytes) {
  const auto& me = *static_cast<ArchiveReader*>(self);
  const std::uint64_t before = me.position_;
  const la_int64_t after = seek(reader, self, num_bytes, SEEK_CUR);
  return after < 0 ? 0 : after - static_cast<la_int64_t>(before);
}

la_int64_t ArchiveReader::seek(archive* reader, void* self, la_int64_t offset, int whence) {
  auto& me = *static_cast<ArchiveReader*>(self);
  const auto size = static_cast<la_int64_t>(me.file_bytes_);
  if (whence == SEEK_CUR) offset += static_cast<la_int64_t>(me.position_);
  if (whence == SEEK_END) offset += size;
  if (offset < 0 || offset > size) {
    me.failure_ = ends_too_early(me.format_name(), me.file_bytes_).value();
    archive_set_error(reader, EIO, "%s", "the source failed");
    return ARCHIVE_FATAL;
  }
  me.position_ = static_cast<std::uint64_t>(offset);
  return offset;
}

}  // namespace homeroom::io
