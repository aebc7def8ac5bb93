#include "io/decompress/decompress.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include "base/byte_source.h"
#include "base/result.h"

namespace homeroom::io {
namespace {

using testing::HasSubstr;

/// A text in memory that gives at most `step` bytes a read.
class TextSource final : public ByteSource {
 public:
  TextSource(std::string text, std::size_t step) : text_(std::move(text)), step_(step) {}

  Result<std::size_t> read(std::span<char> out) override {
    const std::size_t size = text_.copy(out.data(), std::min(out.size(), step_), used_);
    used_ += size;
    return size;
  }

 private:
  std::string text_;
  std::size_t step_;
  std::size_t used_ = 0;
};

Result<std::string> read_all(ByteSource& source, const DecompressLimits& limits = {}) {
  const auto opened = HOMEROOM_TRY(decompress(source, limits));
  std::string text;
  std::string buffer(1 << 16, '\0');
  for (;;) {
    const std::size_t size = HOMEROOM_TRY(opened->read(buffer));
    if (size == 0) return text;
    text.append(buffer, 0, size);
  }
}

Result<std::string> read_all(std::string bytes, const DecompressLimits& limits = {},
                             std::size_t step = 1 << 16) {
  TextSource source(std::move(bytes), step);
  return read_all(source, limits);
}

/// kInternal when there was none.
Error error_of(const Result<std::string>& result) {
  return result ? Error{} : result.error();
}

std::string gzip(std::string_view text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
  std::string input(text);
  std::string out(deflateBound(&stream, input.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(std::string_view text) {
  const std::unique_ptr<ZSTD_CCtx, std::size_t (*)(ZSTD_CCtx*)> stream(ZSTD_createCCtx(),
                                                                       ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(stream.get(), ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress2(stream.get(), out.data(), out.size(), text.data(), text.size()));
  return out;
}

/// A CSV long enough for several buffers, which does not compress to nothing.
std::string long_text() {
  std::string text = "id,name,minutes\n";
  std::uint32_t number = 1;
  for (int line = 0; line < 10'000; ++line) {
    number = number * 1664525U + 1013904223U;
    text += fmt::format("{},student {},{}\n", line, number, number % 60);
  }
  return text;
}

TEST(DetectCompression, GoesByTheFirstBytes) {
  const std::vector<std::pair<std::string, Compression>> table = {
      {gzip("a"), Compression::kGzip},
      {zstd("a"), Compression::kZstd},
      {std::string("\x53\x2a\x4d\x18", 4), Compression::kZstd},
      {"PK\x03\x04", Compression::kNone},
      {"id,name\n", Compression::kNone},
      {"", Compression::kNone},
      {"P", Compression::kNone},
      {"PK", Compression::kNone},
      {"\x1f", Compression::kNone},
  };
  for (const auto& [head, compression] : table) EXPECT_EQ(detect_compression(head), compression);
}

TEST(Decompress, GivesBackWhatIsNotCompressed) {
  for (const std::string& text :
       {std::string(), std::string("i"), std::string("id\n1\n"), long_text()}) {
    EXPECT_EQ(read_all(text), text);
    EXPECT_EQ(read_all(text, {}, 1), text);
  }
}

class EachFormat : public testing::TestWithParam<std::string_view> {
 protected:
  static std::string pack(std::string_view text) {
    return GetParam() == "gzip" ? gzip(text) : zstd(text);
  }

  static Result<std::string> unpack(const std::string& bytes, const DecompressLimits& limits = {}) {
    return read_all(bytes, limits);
  }
};

INSTANTIATE_TEST_SUITE_P(Decompress, EachFormat, testing::Values("gzip", "zstd"),
                         [](const auto& format) { return std::string(format.param); });

TEST_P(EachFormat, GivesBackWhatWasPacked) {
  for (const std::string& text : {std::string(), std::string("id\n1\n"), long_text()}) {
    EXPECT_EQ(unpack(pack(text)), text);
    EXPECT_EQ(read_all(pack(text), {}, 3), text);
  }
}

TEST_P(EachFormat, IsRefusedWhenItIsTornAnywhere) {
  const std::string whole = pack(long_text());
  for (std::size_t size = 4; size < whole.size(); size += whole.size() / 50) {
    const Error error = error_of(unpack(whole.substr(0, size)));
    EXPECT_EQ(error.code, ErrorCode::kInvalidInput);
    EXPECT_EQ(error.message,
              fmt::format("the {} file ends too early, at byte {}", GetParam(), size));
    EXPECT_EQ(error.position.byte_offset, size);
    EXPECT_THAT(error.hint, HasSubstr("again"));
  }
  EXPECT_FALSE(unpack(whole.substr(0, whole.size() - 1)));
}

TEST_P(EachFormat, IsRefusedOrRightWhenABitIsWrong) {
  const std::string text = long_text();
  const std::string whole = pack(text);
  std::size_t num_refused = 0;
  for (std::size_t at = 4; at < whole.size(); at += whole.size() / 100) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    const auto read = unpack(damaged);
    if (!read) {
      ++num_refused;
      EXPECT_EQ(read.error().code, ErrorCode::kInvalidInput);
    } else {
      EXPECT_EQ(*read, text) << at;  // a bit of a time, name or flag that means nothing here
    }
  }
  EXPECT_GT(num_refused, 90U);
}

TEST_P(EachFormat, IsRefusedPastTheLimits) {
  const DecompressLimits few{.max_ratio = 200, .max_bytes = 1000};
  const auto large = unpack(pack(long_text()), few);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().message, "the compressed file holds more than 1,000 bytes");
  EXPECT_THAT(large.error().hint, HasSubstr("unpack it"));

  constexpr std::size_t kFreeBytes = std::size_t{64} * 1024 * 1024;
  const auto bomb = unpack(pack(std::string(kFreeBytes + 100'000, 'a')));
  ASSERT_FALSE(bomb);
  EXPECT_EQ(bomb.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(bomb.error().message, "the compressed file grows more than 200 fold");
  EXPECT_EQ(unpack(pack(std::string(kFreeBytes / 10, 'a')))->size(), kFreeBytes / 10);
}

TEST_P(EachFormat, FailsAgainWhenReadAfterAnError) {
  const std::string whole = pack(long_text());
  TextSource source(whole.substr(0, whole.size() / 2), 1000);
  const auto opened = decompress(source);
  ASSERT_TRUE(opened) << opened.error().message;
  std::string buffer(1 << 20, '\0');
  while ((*opened)->read(buffer)) {
  }
  EXPECT_FALSE((*opened)->read(buffer));
}

TEST_P(EachFormat, IsRefusedWhenAnArchiveIsInIt) {
  const Error error = error_of(unpack(pack(std::string("PK\x03\x04", 4) + long_text())));
  EXPECT_EQ(error.code, ErrorCode::kInvalidInput);
  EXPECT_EQ(error.message, "the file is a zip inside another archive or compressed file");
  EXPECT_EQ(error.hint, "unpack the outer one and give what is in it");
}

TEST(Decompress, ReadsConcatenatedMembersAndFrames) {
  EXPECT_EQ(read_all(gzip("id\n") + gzip("") + gzip("1\n")), "id\n1\n");
  EXPECT_EQ(read_all(gzip("id\n") + gzip("1\n"), {}, 1), "id\n1\n");
  EXPECT_EQ(read_all(zstd("id\n") + zstd("") + zstd("1\n")), "id\n1\n");
  const std::string skipped("\x50\x2a\x4d\x18\x02\x00\x00\x00xy", 10);
  EXPECT_EQ(read_all(skipped + zstd("id\n") + skipped), "id\n");
}

TEST(Decompress, AllowsZerosAfterAGzipFileAndNothingElse) {
  EXPECT_EQ(read_all(gzip("id\n") + std::string(1000, '\0')), "id\n");
  for (const std::string& rest : {std::string("x"), std::string("\0x", 2), std::string("id\n1\n"),
                                  std::string("\0", 1) + gzip("1\n")}) {
    const auto text = read_all(gzip("id\n") + rest);
    ASSERT_FALSE(text) << rest;
    EXPECT_THAT(text.error().message, HasSubstr("the gzip file is damaged, at byte"));
    EXPECT_EQ(text.error().detail, "other bytes follow its end");
  }
}

TEST(Decompress, ChecksTheChecksum) {
  std::string damaged = gzip("id\n1\n");
  damaged[damaged.size() - 8] ^= 1;
  const auto text = read_all(damaged);
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().message, HasSubstr("the gzip file is damaged, at byte"));
  EXPECT_EQ(text.error().detail, "incorrect data check");
}

TEST(Decompress, RefusesAZstdWindowLargerThanItsMemory) {
  // Frame header of RFC 8878, 3.1.1.1: no single segment, window descriptor 0x98: 2^(10+19) bytes.
  const auto text = read_all(std::string("\x28\xb5\x2f\xfd\x00\x98\x01\x00\x00", 9));
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().message, "the zstd file needs more memory than 128 MiB to be read");
  EXPECT_THAT(text.error().hint, HasSubstr("zstd -d"));
}

}  // namespace
}  // namespace homeroom::io
