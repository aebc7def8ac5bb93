#include "io/decompress/archive.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/byte_source.h"
#include "base/result.h"
#include "base/text.h"
#include "io/decompress/archive_reader.h"
#include "io/decompress/decompress.h"
#include "io/decompress/decompress_formats.h"
#include "io/decompress/member_name.h"
#include "io/decompress/zip_directory.h"
#include "io/file.h"
#include "io/s3/s3_client.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;

/// A directory that nothing stands before.
constexpr std::string_view kEmptyZip = "PK\x05\x06";
constexpr std::size_t kNamesInHint = 3;
/// What was read before a member began may be its own first bytes.
constexpr std::uint64_t kReadAhead = std::uint64_t{64} * 1024;

struct Shape {
  ArchiveFormat format = ArchiveFormat::kZip;
  bool is_packed = false;
};

Error refused(std::string message, std::string_view hint) {
  return {ErrorCode::kInvalidInput, std::move(message), std::string(hint), {}, {}};
}

/// What kind of archive the file is; nothing when it is none, or a packed file that is torn at its
/// start: whoever reads it says so.
Result<std::optional<Shape>> look_at(FileSource& file, const DecompressLimits& limits) {
  const std::string head = HOMEROOM_TRY(read_head(file));
  if (head.starts_with(kEmptyZip)) return holds_no_file("zip");
  if (const auto format = detect_archive(head)) return Shape{.format = *format};
  if (detect_compression(head) == Compression::kNone) return std::nullopt;
  HOMEROOM_TRY(file.rewind());
  const auto unpacked = unpack(file, limits);
  if (!unpacked) return std::nullopt;
  const auto inner = read_head(**unpacked);
  const bool is_tar = inner && detect_archive(*inner) == ArchiveFormat::kTar;
  if (!is_tar) return std::nullopt;
  return Shape{.format = ArchiveFormat::kTar, .is_packed = true};
}

Result<std::unique_ptr<ArchiveReader>> open_reader(FileSource& file, const Shape& shape,
                                                   const DecompressLimits& limits) {
  HOMEROOM_TRY(file.rewind());
  std::unique_ptr<ByteSource> stream;
  if (shape.is_packed) stream = HOMEROOM_TRY(unpack(file, limits));
  return ArchiveReader::open(shape.format, file, std::move(stream));
}

/// Office programs write zips with these names in them.
std::optional<Error> refuse_workbook(std::string_view name) {
  std::string_view kind;
  if (name == "[Content_Types].xml") kind = "an Excel workbook";
  if (name == "mimetype") kind = "an OpenDocument workbook";
  if (kind.empty()) return std::nullopt;
  return refused(fmt::format("the file is {}, not CSV", kind), "save it as CSV UTF-8");
}

std::optional<Error> refuse_member(const ArchiveEntry& entry, std::string_view format) {
  if (const std::string_view why = refusal_of_name(entry.name); !why.empty()) {
    return refused(fmt::format("a file in the {} is not read: {}", format, why),
                   "pack the files again, with their plain names");
  }
  if (!entry.is_file) {
    return refused(fmt::format("a link or device in the {} is not followed", format),
                   "pack the file itself");
  }
  if (entry.is_encrypted) {
    return refused(fmt::format("the file is encrypted in the {}", format),
                   "unpack it with its password and give the file in it");
  }
  return std::nullopt;
}

/// Which of several files of one name is meant cannot be told.
void refuse_repeated(std::vector<ArchiveMember>& members) {
  for (std::size_t first = 0; first < members.size();) {
    std::size_t end = first + 1;
    while (end < members.size() && members[end].name == members[first].name) ++end;
    for (std::size_t i = first; end - first > 1 && i < end; ++i) {
      members[i].refusal =
          refused(fmt::format("{} files in the archive have this name", end - first),
                  "pack the files again, each under its own name");
    }
    first = end;
  }
}

/// Reads the archive's entries into `listing`. Errors: what condemns the archive as a whole.
class Lister {
 public:
  Lister(ArchiveReader& reader, const ArchiveLimits& limits, std::uint64_t archive_bytes)
      : reader_(&reader), limits_(&limits), archive_bytes_(archive_bytes), guard_(limits.bytes) {}

  Result<ArchiveListing> list() {
    for (;;) {
      auto entry = reader_->next();
      if (!entry) {
        if (listing_.members.empty() || entry.error().code == ErrorCode::kIo) {
          return tl::unexpected(std::move(entry).error());
        }
        listing_.broken_off = std::move(entry).error();
        break;
      }
      if (!*entry) break;
      HOMEROOM_TRY(add(**entry));
    }
    if (listing_.members.empty()) return holds_no_file(reader_->format_name());
    std::ranges::stable_sort(listing_.members, {}, &ArchiveMember::name);
    refuse_repeated(listing_.members);
    return std::move(listing_);
  }

 private:
  Status add(const ArchiveEntry& entry) {
    if (is_of_macos(entry.name)) {
      ++listing_.num_of_macos;
      return {};
    }
    if (auto refusal = refuse_workbook(entry.name)) return tl::unexpected(*std::move(refusal));
    if (listing_.members.size() == limits_->max_members) {
      return tl::unexpected(
          refused(fmt::format("the {} file holds more than {} files", reader_->format_name(),
                              with_thousands(limits_->max_members)),
                  "unpack it and give the folder"));
    }
    HOMEROOM_TRY(guard_.add(entry.size_bytes, archive_bytes_));
    auto refusal = refuse_member(entry, reader_->format_name());
    listing_.members.push_back({.name = plain_member_name(entry.name),
                                .size_bytes = entry.size_bytes,
                                .refusal = std::move(refusal)});
    return {};
  }

  ArchiveReader* reader_;
  const ArchiveLimits* limits_;
  std::uint64_t archive_bytes_;
  BombGuard guard_;
  ArchiveListing listing_;
};

Result<ArchiveListing> list(FileSource& file, const Shape& shape, const ArchiveLimits& limits) {
  const FileStamp stamp = HOMEROOM_TRY(file.stamp());
  const auto reader = HOMEROOM_TRY(open_reader(file, shape, limits.bytes));
  ArchiveListing listing = HOMEROOM_TRY(Lister(*reader, limits, stamp.size_bytes).list());
  const std::uint64_t num_files = listing.members.size();
  if (shape.is_packed && reader->position() > limits.max_packed_work_bytes / num_files) {
    return tl::unexpected(refused(
        fmt::format("the packed tar holds {} files in {} bytes, too many to unpack for each file",
                    with_thousands(num_files), with_thousands(reader->position())),
        "send a zip, or unpack it and give the folder"));
  }
  return listing;
}

/// A member's bytes, as many as the archive says.
class MemberSource final : public ByteSource {
 public:
  MemberSource(std::unique_ptr<ArchiveReader> reader, const ArchiveEntry& entry,
               const DecompressLimits& limits)
      : reader_(std::move(reader)),
        guard_(limits),
        start_(reader_->position() - std::min(kReadAhead, reader_->position())),
        left_(entry.has_size ? std::optional(entry.size_bytes) : std::nullopt) {}

  Result<std::size_t> read(std::span<char> out) override {
    if (failure_) return tl::unexpected(*failure_);
    auto num_out = read_some(out);
    if (!num_out) failure_ = num_out.error();
    return num_out;
  }

 private:
  Result<std::size_t> read_some(std::span<char> out) {
    if (is_at_end_) return std::size_t{0};
    const std::size_t num_out = HOMEROOM_TRY(reader_->read(out));
    is_at_end_ = num_out == 0;
    HOMEROOM_TRY(guard_.add(num_out, reader_->position() - start_));
    if (left_ && num_out > *left_) {
      return is_damaged(reader_->format_name(), reader_->position(), "a file is longer than said");
    }
    if (left_) *left_ -= num_out;
    return num_out;
  }

  std::unique_ptr<ArchiveReader> reader_;
  BombGuard guard_;
  std::uint64_t start_;
  std::optional<std::uint64_t> left_;
  bool is_at_end_ = false;
  std::optional<Error> failure_;
};

void take_member(std::unique_ptr<ArchiveReader> reader, const ArchiveEntry& entry,
                 const DecompressLimits& limits, OpenedPath& opened) {
  opened.size_bytes = entry.size_bytes;
  opened.member = std::make_unique<MemberSource>(std::move(reader), entry, limits);
}

/// Straight to a zip's only file of that name. False: there is no such way to it.
Result<bool> jump_to_member(const Shape& shape, const std::string& name, ArchiveCheck check,
                            const ArchiveLimits& limits, OpenedPath& opened) {
  if (shape.format != ArchiveFormat::kZip || !refusal_of_name(name).empty()) return false;
  auto tail = HOMEROOM_TRY(find_in_zip(*opened.file, name));
  if (!tail) return false;
  const std::uint64_t archive_bytes = HOMEROOM_TRY(opened.file->stamp()).size_bytes;
  const bool is_within = tail->num_records <= limits.max_members &&
                         BombGuard(limits.bytes).add(tail->total_bytes, archive_bytes).has_value();
  if (check == ArchiveCheck::kWhole && !is_within) return false;
  auto reader = ArchiveReader::open(*opened.file, *std::move(tail));
  if (!reader) return false;
  const auto entry = (*reader)->next();
  const bool is_found = entry && *entry && plain_member_name((*entry)->name) == name;
  if (!is_found || refuse_member(**entry, (*reader)->format_name())) return false;
  take_member(*std::move(reader), **entry, limits.bytes, opened);
  return true;
}

Status open_member(const Shape& shape, const std::string& name, const DecompressLimits& limits,
                   OpenedPath& opened) {
  auto reader = HOMEROOM_TRY(open_reader(*opened.file, shape, limits));
  for (;;) {
    const auto entry = HOMEROOM_TRY(reader->next());
    if (!entry) break;
    if (plain_member_name(entry->name) != name) continue;
    if (auto refusal = refuse_member(*entry, reader->format_name())) {
      return tl::unexpected(*std::move(refusal));
    }
    take_member(std::move(reader), *entry, limits, opened);
    return {};
  }
  return fail(ErrorCode::kInvalidInput, "the archive changed while it was read",
              "wait until it has been written, then run again");
}

tl::unexpected<Error> no_such_member(const ArchivePath& at, const ArchiveListing& listing) {
  std::vector<std::string> names;
  for (const ArchiveMember& member : listing.members) names.push_back(member.name);
  const std::string_view near = nearest(at.member, names);
  return tl::unexpected(refused(fmt::format("{} holds no file {}", at.file.string(), at.member),
                                near.empty()
                                    ? std::string("check the spelling; capitals count")
                                    : fmt::format("did you mean {}/{}?", at.file.string(), near)));
}

tl::unexpected<Error> holds_several(const ArchivePath& at, const ArchiveListing& listing) {
  std::string names;
  for (std::size_t i = 0; i < listing.members.size() && i < kNamesInHint; ++i) {
    names += fmt::format("{}{}/{}", i == 0 ? "" : ", ", at.file.string(), listing.members[i].name);
  }
  return tl::unexpected(refused(fmt::format("{} holds {} files, not one", at.file.string(),
                                            with_thousands(listing.members.size())),
                                fmt::format("name one of them: {}{}", names,
                                            listing.members.size() > kNamesInHint ? ", ..." : "")));
}

Result<const ArchiveMember*> choose_member(const ArchivePath& at, const ArchiveListing& listing) {
  const ArchiveMember* chosen = nullptr;
  if (at.member.empty()) {
    if (listing.members.size() > 1) return holds_several(at, listing);
    chosen = &listing.members.front();
  } else {
    const auto found = std::ranges::find(listing.members, at.member, &ArchiveMember::name);
    if (found == listing.members.end()) return no_such_member(at, listing);
    chosen = &*found;
  }
  if (chosen->refusal) return tl::unexpected(*chosen->refusal);
  return chosen;
}

// A folder's name seldom has a point in it: no object is asked for without one.
ArchivePath split_s3_path(const fs::path& path) {
  const std::string& text = path.native();
  const auto client = s3_client();
  const std::size_t first = text.find('/', std::string_view("s3://").size());
  std::size_t end = text.rfind('/');
  for (; client && end != std::string::npos && end > first; end = text.rfind('/', end - 1)) {
    const std::string upper = text.substr(0, end);
    if (fs::path(upper).filename().native().find('.') == std::string::npos) continue;
    const auto url = parse_s3_url(upper);
    if (!url || !(*client)->find(*url)) continue;
    return {.file = upper, .member = plain_member_name(text.substr(end + 1))};
  }
  return {.file = path, .member = {}};
}

}  // namespace

Result<std::optional<ArchiveListing>> list_archive(const fs::path& path,
                                                   const ArchiveLimits& limits) {
  const auto file = HOMEROOM_TRY(FileSource::open(path));
  const auto shape = HOMEROOM_TRY(look_at(*file, limits.bytes));
  if (!shape) return std::nullopt;
  return HOMEROOM_TRY(list(*file, *shape, limits));
}

ArchivePath split_archive_path(const fs::path& path) {
  if (is_s3_url(path.native())) return split_s3_path(path);
  std::error_code code;
  const std::string& text = path.native();
  std::size_t end = text.size();
  while (end != std::string::npos && end > 0) {
    const fs::path upper(text.substr(0, end));
    const fs::file_status status = fs::status(upper, code);
    if (fs::exists(status)) {
      if (!fs::is_regular_file(status) || end == text.size()) break;
      return {.file = upper, .member = plain_member_name(text.substr(end + 1))};
    }
    end = text.rfind('/', end - 1);
  }
  return {.file = path, .member = {}};
}

Result<OpenedPath> open_path(const fs::path& path, ArchiveCheck check,
                             const ArchiveLimits& limits) {
  ArchivePath at = split_archive_path(path);
  OpenedPath opened;
  opened.file = HOMEROOM_TRY(FileSource::open(at.file));
  const auto shape = HOMEROOM_TRY(look_at(*opened.file, limits.bytes));
  if (shape) {
    if (!at.member.empty() &&
        HOMEROOM_TRY(jump_to_member(*shape, at.member, check, limits, opened))) {
      return opened;
    }
    if (check == ArchiveCheck::kWhole || at.member.empty()) {
      const ArchiveListing listing = HOMEROOM_TRY(list(*opened.file, *shape, limits));
      at.member = HOMEROOM_TRY(choose_member(at, listing))->name;
    }
    HOMEROOM_TRY(open_member(*shape, at.member, limits.bytes, opened));
    return opened;
  }
  if (!at.member.empty()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("{} is no archive: there is no file in it", at.file.string()),
                "check the spelling");
  }
  opened.size_bytes = HOMEROOM_TRY(opened.file->stamp()).size_bytes;
  HOMEROOM_TRY(opened.file->rewind());
  return opened;
}

}  // namespace homeroom::io
