#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <zstd.h>
#include <zstd_errors.h>

#include "base/byte_source.h"
#include "base/result.h"
#include "io/decompress/decompress.h"
#include "io/decompress/decompress_formats.h"

namespace homeroom::io {
namespace {

constexpr std::string_view kFormat = "zstd";

struct StreamDeleter {
  void operator()(ZSTD_DCtx* stream) const { ZSTD_freeDCtx(stream); }
};

/// RFC 8878: frames one after the other. zstd checks their checksums, where they have one, and
/// refuses a window of more than 128 MiB.
class ZstdSource final : public ByteSource {
 public:
  ZstdSource(std::unique_ptr<ByteSource> source, const DecompressLimits& limits)
      : source_(std::move(source)), input_(*source_), guard_(limits), stream_(ZSTD_createDCtx()) {
    if (stream_ == nullptr) throw std::bad_alloc();
  }

  Result<std::size_t> read(std::span<char> out) override {
    if (failure_) return tl::unexpected(*failure_);
    auto num_out = decompress_some(out);
    if (num_out) {
      const Status bounded = guard_.add(*num_out, input_.offset());
      if (!bounded) num_out = tl::unexpected(bounded.error());
    }
    if (!num_out) failure_ = num_out.error();
    return num_out;
  }

 private:
  Result<std::size_t> decompress_some(std::span<char> out) {
    for (;;) {
      const std::span<const char> in = HOMEROOM_TRY(input_.available());
      ZSTD_inBuffer from{.src = in.data(), .size = in.size(), .pos = 0};
      ZSTD_outBuffer into{.dst = out.data(), .size = out.size(), .pos = 0};
      if (in.empty() && is_between_frames_) return std::size_t{0};
      // It may still hold bytes of the frame when all input is used.
      const std::size_t outcome = ZSTD_decompressStream(stream_.get(), &into, &from);
      input_.use(from.pos);
      if (ZSTD_isError(outcome) != 0U) return failed(outcome);
      is_between_frames_ = outcome == 0;
      if (into.pos > 0) return into.pos;
      if (in.empty() && !is_between_frames_) return ends_too_early(kFormat, input_.offset());
    }
  }

  tl::unexpected<Error> failed(std::size_t outcome) {
    const ZSTD_ErrorCode code = ZSTD_getErrorCode(outcome);
    if (code == ZSTD_error_memory_allocation) throw std::bad_alloc();
    if (code == ZSTD_error_frameParameter_windowTooLarge) {
      return fail(ErrorCode::kInvalidInput,
                  "the zstd file needs more memory than 128 MiB to be read",
                  "unpack it (`zstd -d --long=31`) and give the file in it");
    }
    return is_damaged(kFormat, input_.offset(), ZSTD_getErrorName(outcome));
  }

  std::unique_ptr<ByteSource> source_;
  CompressedInput input_;
  BombGuard guard_;
  std::unique_ptr<ZSTD_DCtx, StreamDeleter> stream_;
  bool is_between_frames_ = true;
  std::optional<Error> failure_;
};

}  // namespace

std::unique_ptr<ByteSource> read_zstd(std::unique_ptr<ByteSource> source,
                                      const DecompressLimits& limits) {
  return std::make_unique<ZstdSource>(std::move(source), limits);
}

}  // namespace homeroom::io
