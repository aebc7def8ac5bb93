#include "run/reading/input_stream.h"

#include <vector>

#include <fmt/format.h>

#include "base/failpoint.h"
#include "io/decompress/archive.h"
#include "io/decompress/decompress.h"
#include "sniff/sniff.h"

namespace homeroom::run {
namespace {

constexpr std::size_t kDrainBytes = 64 * 1024;
constexpr std::size_t kHashBytes = 256 * 1024;

Result<FileHead> read_first_bytes(const std::filesystem::path& path,
                                  const io::DecompressLimits& limits) {
  const io::OpenedPath opened =
      HOMEROOM_TRY(io::open_path(path, io::ArchiveCheck::kWhole, {.bytes = limits}));
  const auto unpacked = HOMEROOM_TRY(io::decompress(opened.bytes(), limits));
  FileHead head;
  head.stamp = HOMEROOM_TRY(opened.file->stamp());
  head.bytes.resize(sniff::kSampleBytes);
  std::size_t used = 0;
  while (used < head.bytes.size()) {
    const std::size_t got =
        HOMEROOM_TRY(unpacked->read({head.bytes.data() + used, head.bytes.size() - used}));
    if (got == 0) break;
    used += got;
  }
  head.is_whole = used < head.bytes.size();
  head.bytes.resize(used);
  return head;
}

}  // namespace

Error changed_while_read(const std::filesystem::path& path) {
  return {.code = ErrorCode::kInvalidInput,
          .message = fmt::format("{} changed while it was read", path.string()),
          .hint = "wait until the export has finished writing it, then run again",
          .detail = {},
          .position = {}};
}

Result<std::string> hash_file(const std::filesystem::path& path, const io::FileStamp& stamp) {
  const auto file = HOMEROOM_TRY(of_the_file(io::FileSource::open(path)));
  io::Sha256 hash;
  std::vector<char> buffer(kHashBytes);
  for (;;) {
    const std::size_t size = HOMEROOM_TRY(of_the_file(file->read(buffer)));
    if (size == 0) break;
    hash.update(std::span(buffer).first(size));
  }
  if (HOMEROOM_TRY(of_the_file(file->stamp())) != stamp) {
    return tl::unexpected(changed_while_read(path));
  }
  return hash.finish();
}

Result<FileHead> read_head(const std::filesystem::path& path, const io::DecompressLimits& limits) {
  return of_the_file(read_first_bytes(path, limits));
}

Result<std::size_t> RawTee::read(std::span<char> out) {
  HOMEROOM_FAILPOINT("read_chunk");
  out = readable_at("read_chunk", out);
  const std::size_t got = HOMEROOM_TRY(of_the_file(source_->read(out)));
  const std::span<const char> bytes = out.first(got);
  if (is_hashing_) hash_.update(bytes);
  if (copy_ != nullptr && got > 0) HOMEROOM_TRY(copy_->write(bytes));
  num_bytes_ += got;
  if (settings_->progress) settings_->progress(num_bytes_, size_bytes_);
  return got;
}

Result<std::unique_ptr<InputStream>> InputStream::open(const std::filesystem::path& path,
                                                       const Dialect& dialect,
                                                       const Settings& settings, Purpose purpose,
                                                       ByteSink* copy) {
  std::unique_ptr<InputStream> stream(new InputStream());
  HOMEROOM_FAILPOINT("open");
  stream->path_ = path;
  stream->purpose_ = purpose;
  stream->opened_ = HOMEROOM_TRY(of_the_file(
      io::open_path(path, io::ArchiveCheck::kMember, {.bytes = settings.decompress_limits})));
  stream->stamp_ = HOMEROOM_TRY(of_the_file(stream->opened_.file->stamp()));
  stream->tee_ =
      std::make_unique<RawTee>(stream->opened_.bytes(), copy, settings, stream->opened_.size_bytes);
  if (purpose == Purpose::kReadAgain) stream->tee_->skip_hash();
  stream->unpacked_ = HOMEROOM_TRY(io::decompress(*stream->tee_, settings.decompress_limits));
  stream->decoder_ = HOMEROOM_TRY(DecodingSource::create(*stream->unpacked_, dialect.encoding));
  stream->twice_ = DoubleEncodingSource::create(
      *stream->decoder_, dialect.is_encoded_twice ? DoubleEncodingSource::Action::kUndo
                                                  : DoubleEncodingSource::Action::kCount);
  stream->reader_ =
      HOMEROOM_TRY(parse::BatchReader::create(*stream->twice_, dialect, settings.limits));
  return stream;
}

Result<std::string> InputStream::finish() {
  std::vector<char> rest(kDrainBytes);
  while (HOMEROOM_TRY(unpacked_->read(rest)) > 0) {
  }
  while (HOMEROOM_TRY(tee_->read(rest)) > 0) {
  }
  const io::FileStamp now = HOMEROOM_TRY(of_the_file(opened_.file->stamp()));
  const bool is_whole = opened_.member != nullptr || tee_->num_bytes() == stamp_.size_bytes;
  if (now != stamp_ || !is_whole) return tl::unexpected(changed_while_read(path_));
  HOMEROOM_FAILPOINT("hash_done");
  return purpose_ == Purpose::kHashAndCopy ? tee_->finish_hash() : std::string();
}

}  // namespace homeroom::run
