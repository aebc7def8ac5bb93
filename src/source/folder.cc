#include "source/folder.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "io/file.h"

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
  std::error_code code;
  const fs::path absolute = fs::absolute(path, code);
  return code ? path : absolute.lexically_normal();
}

void add_file(const fs::path& path, FoundFiles& found) {
  std::error_code code;
  const auto size = fs::file_size(path, code);
  fs::path location = location_of(path);
  found.files.push_back({.path = path,
                         .source = location.parent_path().filename().string(),
                         .size_bytes = code ? 0 : static_cast<std::uint64_t>(size),
                         .location = std::move(location),
                         .known_as = {}});
}

// README.txt, LICENSE, notes.md: they tell of the data beside them and are none.
bool tells_of_the_folder(std::string_view lower) {
  constexpr std::array<std::string_view, 6> kStems = {"readme",  "license", "licence",
                                                      "copying", "notice",  "changelog"};
  const std::string_view stem = lower.substr(0, lower.find('.'));
  return lower.ends_with(".md") || std::ranges::find(kStems, stem) != kStems.end();
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
    std::error_code code;
    const fs::file_status status = fs::status(path, code);
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
