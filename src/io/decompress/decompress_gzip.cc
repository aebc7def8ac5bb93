#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <zlib.h>

#include "base/byte_source.h"
#include "base/result.h"
#include "io/decompress/decompress.h"
#include "io/decompress/decompress_formats.h"

namespace homeroom::io {
namespace {

constexpr std::string_view kFormat = "gzip";
constexpr int kGzipOnly = 16;

/// RFC 1952: members one after the other, each with its checksum and length. zlib checks both.
class GzipSource final : public ByteSource {
 public:
  GzipSource(std::unique_ptr<ByteSource> source, const DecompressLimits& limits)
      : source_(std::move(source)), input_(*source_), guard_(limits) {
    if (inflateInit2(&stream_, kGzipOnly + MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }

  ~GzipSource() override { inflateEnd(&stream_); }

  Result<std::size_t> read(std::span<char> out) override {
    if (failure_) return tl::unexpected(*failure_);
    auto num_out = inflate_some(out);
    if (num_out) {
      const Status bounded = guard_.add(*num_out, input_.offset());
      if (!bounded) num_out = tl::unexpected(bounded.error());
    }
    if (!num_out) failure_ = num_out.error();
    return num_out;
  }

 private:
  enum class Place : unsigned char { kBetweenMembers, kInMember, kPadding };

  /// Fills a prefix of `out`, which is empty only at the end of the file.
  Result<std::size_t> inflate_some(std::span<char> out) {
    for (;;) {
      const std::span<const char> in = HOMEROOM_TRY(input_.available());
      if (in.empty()) {
        if (place_ == Place::kInMember) return ends_too_early(kFormat, input_.offset());
        return std::size_t{0};
      }
      if (place_ != Place::kInMember && !begin_member(in.front())) {
        if (place_ == Place::kPadding) continue;
        return is_damaged(kFormat, input_.offset(), "other bytes follow its end");
      }
      const std::size_t num_out = HOMEROOM_TRY(inflate_once(in, out));
      if (num_out > 0) return num_out;
    }
  }

  /// Zeros after the last member fill a tape's block and mean nothing, as with gzip itself.
  bool begin_member(char first) {
    if (first == '\0' && has_member_) {
      place_ = Place::kPadding;
      input_.use(1);
      return false;
    }
    if (place_ == Place::kPadding || first != '\x1f') {
      place_ = Place::kBetweenMembers;
      return false;
    }
    inflateReset(&stream_);
    place_ = Place::kInMember;
    has_member_ = true;
    return true;
  }

  Result<std::size_t> inflate_once(std::span<const char> in, std::span<char> out) {
    // zlib's older interface has no const; it does not write to what it reads.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    stream_.avail_in = static_cast<uInt>(in.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    const int outcome = inflate(&stream_, Z_NO_FLUSH);
    input_.use(in.size() - stream_.avail_in);
    if (outcome == Z_MEM_ERROR) throw std::bad_alloc();
    if (outcome == Z_STREAM_END) place_ = Place::kBetweenMembers;
    if (outcome == Z_DATA_ERROR || outcome == Z_NEED_DICT) {
      return is_damaged(kFormat, input_.offset(), stream_.msg == nullptr ? "" : stream_.msg);
    }
    return out.size() - stream_.avail_out;
  }

  std::unique_ptr<ByteSource> source_;
  CompressedInput input_;
  BombGuard guard_;
  z_stream stream_{};
  Place place_ = Place::kBetweenMembers;
  bool has_member_ = false;
  std::optional<Error> failure_;
};

}  // namespace

std::unique_ptr<ByteSource> read_gzip(std::unique_ptr<ByteSource> source,
                                      const DecompressLimits& limits) {
  return std::make_unique<GzipSource>(std::move(source), limits);
}

}  // namespace homeroom::io
