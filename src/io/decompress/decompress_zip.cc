#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/byte_source.h"
#include "base/result.h"
#include "base/text.h"
#include "io/decompress/decompress.h"
#include "io/decompress/decompress_formats.h"
#include "io/decompress/zip_archive.h"
#include "io/file.h"

namespace homeroom::io {
namespace {

constexpr std::size_t kMostCounted = 1000;

/// What is in a zip besides the file to read.
struct Content {
  std::size_t num_files = 0;
  std::optional<Error> refusal;  ///< of what it is
};

/// Office programs write zips with these names in them.
std::optional<Error> refuse_workbook(std::string_view name) {
  std::string_view kind;
  if (name == "[Content_Types].xml") kind = "an Excel workbook";
  if (name == "mimetype") kind = "an OpenDocument workbook";
  if (kind.empty()) return std::nullopt;
  return Error{ErrorCode::kInvalidInput,
               fmt::format("the file is {}, not CSV", kind),
               "save it as CSV UTF-8",
               {},
               {}};
}

tl::unexpected<Error> is_encrypted() {
  return fail(ErrorCode::kInvalidInput, "the zip file is encrypted",
              "unpack it with its password and give the file in it");
}

tl::unexpected<Error> holds_several(std::size_t num_files) {
  const bool is_all = num_files <= kMostCounted;
  return fail(ErrorCode::kInvalidInput,
              fmt::format("the zip file holds {}{} files, not one", is_all ? "" : "more than ",
                          with_thousands(std::min(num_files, kMostCounted))),
              "unpack it and give the files in it");
}

/// Looks at what is left of the zip, after `num_files` files of it.
Result<Content> count_files(ZipArchive& zip, std::size_t num_files) {
  Content content{.num_files = num_files, .refusal = {}};
  while (content.num_files <= kMostCounted) {
    const auto entry = HOMEROOM_TRY(zip.next());
    if (!entry) break;
    ++content.num_files;
    if (!content.refusal) content.refusal = refuse_workbook(entry->name);
  }
  return content;
}

Status require_one_file(const Content& content) {
  if (content.refusal) return tl::unexpected(*content.refusal);
  if (content.num_files == 0) return holds_no_file();
  if (content.num_files > 1) return holds_several(content.num_files);
  return {};
}

/// The zip's only file. Whether it is the only one is known before its first byte when the zip is
/// a file, else after its last.
class ZipSource final : public ByteSource {
 public:
  ZipSource(std::unique_ptr<ByteSource> stream, std::unique_ptr<ZipArchive> zip,
            const DecompressLimits& limits)
      : stream_(std::move(stream)), zip_(std::move(zip)), guard_(limits) {}

  Result<std::size_t> read(std::span<char> out) override {
    if (failure_) return tl::unexpected(*failure_);
    auto num_out = read_some(out);
    if (!num_out) failure_ = num_out.error();
    return num_out;
  }

 private:
  Result<std::size_t> read_some(std::span<char> out) {
    if (is_at_end_) return std::size_t{0};
    const std::size_t num_out = HOMEROOM_TRY(zip_->read(out));
    HOMEROOM_TRY(guard_.add(num_out, zip_->position()));
    if (num_out > 0) return num_out;
    is_at_end_ = true;
    const Content content = HOMEROOM_TRY(count_files(*zip_, 1));
    HOMEROOM_TRY(require_one_file(content));
    return std::size_t{0};
  }

  std::unique_ptr<ByteSource> stream_;
  std::unique_ptr<ZipArchive> zip_;
  BombGuard guard_;
  bool is_at_end_ = false;
  std::optional<Error> failure_;
};

}  // namespace

tl::unexpected<Error> holds_no_file() {
  return fail(ErrorCode::kInvalidInput, "the zip file holds no file",
              "check that it is the right one");
}

Result<std::unique_ptr<ByteSource>> read_zip(std::unique_ptr<ByteSource> source, FileSource* file,
                                             const DecompressLimits& limits) {
  if (file != nullptr) {
    const auto zip = HOMEROOM_TRY(ZipArchive::open(*source, file));
    const Content content = HOMEROOM_TRY(count_files(*zip, 0));
    HOMEROOM_TRY(require_one_file(content));
  }
  auto zip = HOMEROOM_TRY(ZipArchive::open(*source, file));
  const auto entry = HOMEROOM_TRY(zip->next());
  if (!entry) return holds_no_file();
  if (const auto refusal = refuse_workbook(entry->name)) return tl::unexpected(*refusal);
  if (entry->is_encrypted) return is_encrypted();
  return std::make_unique<ZipSource>(std::move(source), std::move(zip), limits);
}

}  // namespace homeroom::io
