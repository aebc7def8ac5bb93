#include "io/decompress/decompress.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/byte_source.h"
#include "base/result.h"
#include "base/text.h"
#include "io/decompress/archive_reader.h"
#include "io/decompress/decompress_formats.h"

namespace homeroom::io {
namespace {

constexpr std::size_t kHeadBytes = 512;
constexpr std::uint64_t kRatioFrom = std::uint64_t{64} * 1024 * 1024;
constexpr std::string_view kSendAgain =
    "ask for the file again, or copy it again: this copy is not whole";

/// The first bytes again, then the rest of the source.
class ReplaySource final : public ByteSource {
 public:
  ReplaySource(std::string head, ByteSource& source) : head_(std::move(head)), source_(&source) {}

  ReplaySource(std::string head, std::unique_ptr<ByteSource> source)
      : head_(std::move(head)), source_(source.get()), owned_(std::move(source)) {}

  Result<std::size_t> read(std::span<char> out) override {
    if (used_ == head_.size()) return source_->read(out);
    const std::size_t size = head_.copy(out.data(), out.size(), used_);
    used_ += size;
    return size;
  }

 private:
  std::string head_;
  std::size_t used_ = 0;
  ByteSource* source_;
  std::unique_ptr<ByteSource> owned_;
};

/// The header of a tar's first file holds the sum of its own bytes, the sum taken as blanks.
/// POSIX.1-2017, pax, "ustar Interchange Format".
bool is_tar_header(std::string_view head) {
  constexpr std::size_t kSumAt = 148;
  constexpr std::size_t kSumBytes = 8;
  constexpr std::size_t kMarkAt = 257;
  if (head.size() < kHeadBytes || head.substr(kMarkAt, 5) != "ustar") return false;
  unsigned said = 0;
  for (const char c : head.substr(kSumAt, kSumBytes)) {
    if (c >= '0' && c <= '7') said = said * 8 + static_cast<unsigned>(c - '0');
  }
  unsigned sum = 0;
  for (std::size_t i = 0; i < kHeadBytes; ++i) {
    const bool is_of_sum = i >= kSumAt && i < kSumAt + kSumBytes;
    sum += is_of_sum ? static_cast<unsigned char>(' ') : static_cast<unsigned char>(head[i]);
  }
  return sum == said;
}

Status refuse_archive(std::string_view head) {
  const auto format = detect_archive(head);
  if (!format) return {};
  return fail(ErrorCode::kInvalidInput,
              fmt::format("the file is a {} inside another archive or compressed file",
                          *format == ArchiveFormat::kZip ? "zip" : "tar"),
              "unpack the outer one and give what is in it");
}

Error at_byte(std::string message, std::uint64_t offset, std::string_view hint,
              std::string_view detail) {
  return Error{ErrorCode::kInvalidInput, std::move(message), std::string(hint), std::string(detail),
               Position{.line = 0, .column = 0, .byte_offset = offset}};
}

}  // namespace

Compression detect_compression(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("\x1f\x8b"sv)) return Compression::kGzip;
  if (head.starts_with("\x28\xb5\x2f\xfd"sv)) return Compression::kZstd;
  // A zstd file may begin with a frame to skip: 0x184D2A5? in little endian. RFC 8878, 3.1.2.
  if (head.size() >= 4 && (head[0] & '\xf0') == '\x50' && head.substr(1, 3) == "\x2a\x4d\x18"sv) {
    return Compression::kZstd;
  }
  return Compression::kNone;
}

std::optional<ArchiveFormat> detect_archive(std::string_view head) {
  // A file's header, the directory of an empty zip, and the mark of one in several pieces.
  for (const std::string_view mark : {"PK\x03\x04", "PK\x05\x06", "PK\x07\x08"}) {
    if (head.starts_with(mark)) return ArchiveFormat::kZip;
  }
  if (is_tar_header(head)) return ArchiveFormat::kTar;
  return std::nullopt;
}

Result<std::string> read_head(ByteSource& source) {
  std::string head(kHeadBytes, '\0');
  std::size_t filled = 0;
  while (filled < head.size()) {
    const std::size_t num_read = HOMEROOM_TRY(source.read(std::span(head).subspan(filled)));
    if (num_read == 0) break;
    filled += num_read;
  }
  head.resize(filled);
  return head;
}

Result<std::unique_ptr<ByteSource>> unpack(ByteSource& source, const DecompressLimits& limits) {
  std::string head = HOMEROOM_TRY(read_head(source));
  const Compression compression = detect_compression(head);
  auto whole = std::make_unique<ReplaySource>(std::move(head), source);
  switch (compression) {
    case Compression::kNone:
      break;
    case Compression::kGzip:
      return read_gzip(std::move(whole), limits);
    case Compression::kZstd:
      return read_zstd(std::move(whole), limits);
  }
  return whole;
}

Result<std::unique_ptr<ByteSource>> decompress(ByteSource& source, const DecompressLimits& limits) {
  auto unpacked = HOMEROOM_TRY(unpack(source, limits));
  std::string head = HOMEROOM_TRY(read_head(*unpacked));
  HOMEROOM_TRY(refuse_archive(head));
  return std::make_unique<ReplaySource>(std::move(head), std::move(unpacked));
}

Result<std::span<const char>> CompressedInput::available() {
  if (used_ == filled_) {
    offset_of_buffer_ += filled_;
    used_ = 0;
    filled_ = 0;
    filled_ = HOMEROOM_TRY(source_->read(buffer_));
  }
  return std::span<const char>(buffer_).subspan(used_, filled_ - used_);
}

Status BombGuard::add(std::uint64_t num_out, std::uint64_t num_in) {
  num_out_ += num_out;
  const bool is_bomb =
      num_out_ > kRatioFrom && num_out_ / std::max<std::uint64_t>(1, limits_.max_ratio) > num_in;
  if (num_out_ <= limits_.max_bytes && !is_bomb) return {};
  std::string message = is_bomb ? fmt::format("the compressed file grows more than {} fold",
                                              with_thousands(limits_.max_ratio))
                                : fmt::format("the compressed file holds more than {} bytes",
                                              with_thousands(limits_.max_bytes));
  const std::string unpack = "unpack it and give the file in it";
  return tl::unexpected(at_byte(
      std::move(message), num_in,
      "if it is what it should be, " + (is_bomb ? "raise --max-ratio, or " + unpack : unpack), {}));
}

tl::unexpected<Error> ends_too_early(std::string_view format, std::uint64_t offset) {
  return tl::unexpected(
      at_byte(fmt::format("the {} file ends too early, at byte {}", format, offset), offset,
              kSendAgain, {}));
}

tl::unexpected<Error> is_damaged(std::string_view format, std::uint64_t offset,
                                 std::string_view detail) {
  return tl::unexpected(at_byte(fmt::format("the {} file is damaged, at byte {}", format, offset),
                                offset, kSendAgain, detail));
}

tl::unexpected<Error> holds_no_file(std::string_view format) {
  return fail(ErrorCode::kInvalidInput, fmt::format("the {} file holds no file", format),
              "check that it is the right one");
}

}  // namespace homeroom::io
