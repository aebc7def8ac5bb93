#include "source/folder.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "io/decompress/archive.h"
#include "io/file.h"
#include "io/s3/s3_client.h"

namespace homeroom::source {
namespace {

namespace fs = std::filesystem;

Error unusable(std::string message, std::string hint) {
  return {.code = ErrorCode::kInvalidInput,
          .message = std::move(message),
          .hint = std::move(hint),
          .detail = {},
          .position = {}};
}

Error unusable_path(const fs::path& path, const std::error_code& code) {
  std::error_code ignored;
  if (code != std::errc::no_such_file_or_directory) {
    Error error = io::io_error(code.value(), "cannot read", path);
    error.code = ErrorCode::kInvalidInput;
    return error;
  }
  if (fs::is_symlink(fs::symlink_status(path, ignored))) {
    return unusable(fmt::format("{} is a link to a file that is not there", path.string()),
                    "put the file back, or remove the link");
  }
  return unusable(fmt::format("{}: no such file or folder", path.string()),
                  "check the spelling; a path with blanks needs quotes in a shell");
}

fs::path location_of(const fs::path& path) {
  if (io::is_s3_url(path.native())) return path;
  std::error_code code;
  const fs::path absolute = fs::absolute(path, code);
  return code ? path : absolute.lexically_normal();
}

void add_file_of(const fs::path& path, std::uint64_t size_bytes, FoundFiles& found) {
  fs::path location = location_of(path);
  found.files.push_back({.path = path,
                         .source = location.parent_path().filename().string(),
                         .size_bytes = size_bytes,
                         .location = std::move(location),
                         .known_as = {}});
}

// Appends the file `path`, whose bytes are one file's.
void add_plain_file(const fs::path& path, FoundFiles& found) {
  std::error_code code;
  const auto size = fs::file_size(path, code);
  add_file_of(path, code ? 0 : static_cast<std::uint64_t>(size), found);
}

// README.txt, LICENSE, notes.md: they tell of the data beside them and are none.
bool tells_of_the_folder(std::string_view lower) {
  constexpr std::array<std::string_view, 6> kStems = {"readme",  "license", "licence",
                                                      "copying", "notice",  "changelog"};
  const std::string_view stem = lower.substr(0, lower.find('.'));
  return lower.ends_with(".md") || std::ranges::find(kStems, stem) != kStems.end();
}

bool is_any_part_passed_over(std::string_view member) {
  return std::ranges::any_of(split(member, '/'), [](std::string_view part) {
    return part != ".." && is_passed_over(part);
  });
}

// "export/" when everything that counts in the archive is in one folder of that name; else "".
std::string top_folder(const io::ArchiveListing& listing) {
  std::optional<std::string> top;
  for (const io::ArchiveMember& member : listing.members) {
    if (member.refusal || is_any_part_passed_over(member.name)) continue;
    const std::string first = member.name.substr(0, member.name.find('/') + 1);
    if (top && *top != first) return {};
    top = first;
  }
  return top.value_or("");
}

// Folder of a member: the innermost that the archive names, below its top folder.
std::string folder_in_archive(std::string_view member, std::string_view top) {
  member.remove_prefix(member.starts_with(top) ? top.size() : 0);
  const std::size_t end = member.rfind('/');
  if (end == std::string_view::npos) return {};
  member = member.substr(0, end);
  return std::string(member.substr(member.rfind('/') + 1));
}

void add_member(const fs::path& archive, const io::ArchiveMember& member, const std::string& top,
                FoundFiles& found) {
  if (member.refusal) {
    // Not joined as paths are, which an absolute name would win.
    found.unusable.push_back({archive.string() + "/" + member.name, *member.refusal});
    return;
  }
  const fs::path location = location_of(archive);
  std::string folder = folder_in_archive(member.name, top);
  if (folder.empty()) folder = location.parent_path().filename().string();
  found.files.push_back({.path = archive / member.name,
                         .source = std::move(folder),
                         .size_bytes = member.size_bytes,
                         .location = location / member.name,
                         .known_as = {},
                         .archive = archive});
}

void add_members(const fs::path& archive, const io::ArchiveListing& listing, FoundFiles& found) {
  const std::string top = top_folder(listing);
  found.num_passed_over += listing.num_of_macos;
  for (const io::ArchiveMember& member : listing.members) {
    if (is_any_part_passed_over(member.name)) {
      ++found.num_passed_over;
    } else {
      add_member(archive, member, top, found);
    }
  }
  if (listing.broken_off) found.unusable.push_back({archive, *listing.broken_off});
}

// A file, or the files of an archive. What is wrong with either is told by whoever reads it.
void add_file(const fs::path& path, FoundFiles& found) {
  const auto listing = io::list_archive(path);
  const bool is_archive = listing && listing->has_value();
  is_archive ? add_members(path, **listing, found) : add_plain_file(path, found);
}

// "export.zip/users.csv". False when the path is of another kind.
bool add_named_member(const fs::path& path, FoundFiles& found) {
  const io::ArchivePath at = io::split_archive_path(path);
  if (at.member.empty()) return false;
  const auto listing = io::list_archive(at.file);
  if (listing && *listing) {
    const auto& members = (*listing)->members;
    const auto member = std::ranges::find(members, at.member, &io::ArchiveMember::name);
    if (member != members.end()) {
      add_member(at.file, *member, top_folder(**listing), found);
      return true;
    }
  }
  const auto opened = io::open_path(path);
  if (!opened) found.unusable.push_back({path, opened.error()});
  return true;
}

// A folder named like a file, with nothing in it: someone takes it for the file.
bool is_named_like_a_file(const fs::path& folder) {
  constexpr std::array<std::string_view, 6> kEndings = {".csv", ".tsv", ".txt",
                                                        ".gz",  ".zst", ".zip"};
  const std::string lower = to_lower(folder.filename().string());
  return std::ranges::any_of(kEndings, [&](std::string_view end) { return lower.ends_with(end); });
}

// What stands in a folder, by what is to be done with it.
struct Entries {
  std::vector<fs::path> files;  // pipes, sockets and devices too: opening them says what they are
  std::vector<fs::path> folders;
};

void sort_in(const fs::directory_entry& entry, Entries& entries, FoundFiles& found) {
  std::error_code code;
  const fs::file_status status = entry.status(code);
  const bool is_linked_folder = fs::is_directory(status) && entry.is_symlink(code);
  if (is_linked_folder || is_passed_over(entry.path().filename().string())) {
    ++found.num_passed_over;
  } else if (!fs::exists(status)) {
    if (!code) code = std::make_error_code(std::errc::no_such_file_or_directory);
    found.unusable.push_back({entry.path(), unusable_path(entry.path(), code)});
  } else if (fs::is_directory(status)) {
    entries.folders.push_back(entry.path());
  } else {
    entries.files.push_back(entry.path());
  }
}

void walk_folder(const fs::path& folder, FoundFiles& found) {
  std::error_code code;
  fs::directory_iterator at(folder, code);
  Entries entries;
  const std::size_t num_unusable = found.unusable.size();
  for (; !code && at != fs::directory_iterator(); at.increment(code)) sort_in(*at, entries, found);
  if (code) found.unusable.push_back({folder, unusable_path(folder, code)});
  std::ranges::sort(found.unusable.begin() + static_cast<std::ptrdiff_t>(num_unusable),
                    found.unusable.end(), {}, &Unusable::path);
  const bool is_empty = entries.files.empty() && entries.folders.empty();
  if (is_empty && num_unusable == found.unusable.size() && is_named_like_a_file(folder)) {
    found.unusable.push_back(
        {folder, unusable(fmt::format("{} is an empty folder, not a file", folder.string()),
                          "put the file in its place, or remove the folder")});
  }
  std::ranges::sort(entries.files);
  std::ranges::sort(entries.folders);
  for (const fs::path& file : entries.files) add_file(file, found);
  for (const fs::path& inner : entries.folders) walk_folder(inner, found);
}

// Objects that may be archives are opened to see; a table's name saves that request.
bool is_named_like_a_table(std::string_view key) {
  const std::string lower = to_lower(key);
  return lower.ends_with(".csv") || lower.ends_with(".tsv") || lower.ends_with(".txt");
}

void add_object(const io::S3Object& object, FoundFiles& found) {
  const fs::path path(object.at.text());
  const auto listing = is_named_like_a_table(object.at.key)
                           ? Result<std::optional<io::ArchiveListing>>(std::nullopt)
                           : io::list_archive(path);
  if (listing && listing->has_value()) return add_members(path, **listing, found);
  add_file_of(path, object.size_bytes, found);
}

// Every object whose key is the address's, or lies below it.
Status find_objects(const std::string& text, FoundFiles& found) {
  const io::S3Url at = HOMEROOM_TRY(io::parse_s3_url(text));
  const auto client = HOMEROOM_TRY(io::s3_client());
  std::size_t num_objects = 0;
  for (const io::S3Object& object : HOMEROOM_TRY(client->list(at))) {
    const std::string_view below = std::string_view(object.at.key).substr(at.key.size());
    const bool is_meant =
        at.key.empty() || at.key.ends_with('/') || below.empty() || below.starts_with('/');
    if (!is_meant || object.at.key.ends_with('/')) continue;
    ++num_objects;
    if (is_any_part_passed_over(below.empty() ? fs::path(at.key).filename().native() : below)) {
      ++found.num_passed_over;
    } else {
      add_object(object, found);
    }
  }
  if (num_objects > 0 || at.key.empty() || at.key.ends_with('/')) return {};
  // "s3://bucket/export.zip/users.csv", or nothing.
  if (add_named_member(fs::path(text), found)) return {};
  return tl::unexpected(unusable(fmt::format("{}: no such object or folder", text),
                                 "check the address; capital letters count"));
}

}  // namespace

bool is_passed_over(std::string_view file_name) {
  if (file_name.starts_with('.') || file_name.starts_with("~$") || file_name.ends_with('~')) {
    return true;
  }
  constexpr std::array<std::string_view, 5> kEndings = {".tmp", ".part", ".partial", ".crdownload",
                                                        ".filepart"};
  const std::string lower = to_lower(file_name);
  if (lower == "thumbs.db" || lower == "desktop.ini" || tells_of_the_folder(lower)) return true;
  return std::ranges::any_of(kEndings, [&](std::string_view end) { return lower.ends_with(end); });
}

FoundFiles find_files(const std::vector<std::string>& paths) {
  FoundFiles found;
  for (const std::string& text : paths) {
    const fs::path path(text);
    if (io::is_s3_url(text)) {
      const Status listed = find_objects(text, found);
      if (!listed) found.unusable.push_back({path, listed.error()});
      continue;
    }
    std::error_code code;
    const fs::file_status status = fs::status(path, code);
    if (!fs::exists(status) && add_named_member(path, found)) continue;
    if (!fs::exists(status)) {
      if (!code) code = std::make_error_code(std::errc::no_such_file_or_directory);
      found.unusable.push_back({path, unusable_path(path, code)});
    } else if (fs::is_directory(status)) {
      walk_folder(path, found);
    } else {
      add_file(path, found);
    }
  }
  return found;
}

}  // namespace homeroom::source
