#include "io/decompress/decompress.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/byte_source.h"
#include "base/result.h"
#include "base/text.h"
#include "io/decompress/decompress_formats.h"
#include "io/file.h"

namespace homeroom::io {
namespace {

constexpr std::size_t kHeadBytes = 8;
constexpr std::string_view kEmptyZip = "PK\x05\x06";
constexpr std::uint64_t kRatioFrom = std::uint64_t{64} * 1024 * 1024;
constexpr std::string_view kSendAgain =
    "ask for the file again, or copy it again: this copy is not whole";

/// The first bytes again, then the rest of the source.
class ReplaySource final : public ByteSource {
 public:
  ReplaySource(std::string head, ByteSource& source) : head_(std::move(head)), source_(&source) {}

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
};

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
  // A file's header, the directory of an empty zip, and the mark of one in several pieces.
  for (const std::string_view mark : {"PK\x03\x04"sv, kEmptyZip, "PK\x07\x08"sv}) {
    if (head.starts_with(mark)) return Compression::kZip;
  }
  return Compression::kNone;
}

Result<std::unique_ptr<ByteSource>> decompress(ByteSource& source, const DecompressLimits& limits) {
  std::string head = HOMEROOM_TRY(read_head(source));
  if (head.starts_with(kEmptyZip)) return holds_no_file();
  const Compression compression = detect_compression(head);
  auto whole = std::make_unique<ReplaySource>(std::move(head), source);
  switch (compression) {
    case Compression::kNone:
      break;
    case Compression::kGzip:
      return read_gzip(std::move(whole), limits);
    case Compression::kZstd:
      return read_zstd(std::move(whole), limits);
    case Compression::kZip:
      return read_zip(std::move(whole), dynamic_cast<FileSource*>(&source), limits);
  }
  return whole;
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

Status BombGuard::add(std::size_t num_out, std::uint64_t num_in) {
  num_out_ += num_out;
  const bool is_bomb =
      num_out_ > kRatioFrom && num_out_ / std::max<std::uint64_t>(1, limits_.max_ratio) > num_in;
  if (num_out_ <= limits_.max_bytes && !is_bomb) return {};
  std::string message = is_bomb ? fmt::format("the compressed file grows more than {} fold",
                                              with_thousands(limits_.max_ratio))
                                : fmt::format("the compressed file holds more than {} bytes",
                                              with_thousands(limits_.max_bytes));
  return tl::unexpected(at_byte(std::move(message), num_in,
                                "if it is what it should be, unpack it and give the file in it",
                                {}));
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

}  // namespace homeroom::io
