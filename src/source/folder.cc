#include "source/folder.h"

#include <algorithm>
#include <array>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace homeroom::source {
namespace {

namespace fs = std::filesystem;

Error unusable_path(const fs::path& path, const std::error_code& code) {
  if (code == std::errc::no_such_file_or_directory) {
    return {.code = ErrorCode::kIo,
            .message = fmt::format("{}: no such file or folder", path.string()),
            .hint = "check the spelling; a path with blanks needs quotes in a shell",
            .detail = {},
            .position = {}};
  }
  return {.code = ErrorCode::kIo,
          .message = fmt::format("{}: cannot be read: {}", path.string(), code.message()),
          .hint = "give the user that runs homeroom the right to read it",
          .detail = {},
          .position = {}};
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

void walk_folder(const fs::path& folder, FoundFiles& found) {
  std::error_code code;
  fs::directory_iterator entries(folder, code);
  if (code) {
    found.unusable.push_back({folder, unusable_path(folder, code)});
    return;
  }
  std::vector<fs::path> files;
  std::vector<fs::path> folders;
  for (; entries != fs::directory_iterator(); entries.increment(code)) {
    const fs::directory_entry& entry = *entries;
    std::error_code ignored;
    const std::string name = entry.path().filename().string();
    const bool is_folder = entry.is_directory(ignored) && !entry.is_symlink(ignored);
    if (is_passed_over(name)) {
      ++found.num_passed_over;
    } else if (is_folder) {
      folders.push_back(entry.path());
    } else if (entry.is_regular_file(ignored)) {
      files.push_back(entry.path());
    }
    if (code) break;
  }
  if (code) found.unusable.push_back({folder, unusable_path(folder, code)});
  std::ranges::sort(files);
  std::ranges::sort(folders);
  for (const fs::path& file : files) add_file(file, found);
  for (const fs::path& inner : folders) walk_folder(inner, found);
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
