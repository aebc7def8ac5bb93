#include "io/decompress/member_name.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace homeroom::io {
namespace {

constexpr std::size_t kMostNameBytes = 1024;
constexpr std::size_t kMostPartBytes = 255;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

}  // namespace

std::string plain_member_name(std::string_view name) {
  std::string plain;
  while (!name.empty()) {
    const std::size_t end = std::min(name.find('/'), name.size());
    const std::string_view part = name.substr(0, end);
    const bool is_first = plain.empty();
    if (part.empty() ? is_first : part != ".") plain += name.substr(0, end + 1);
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return plain;
}

std::string_view refusal_of_name(std::string_view name) {
  if (name.empty()) return "it has no name";
  if (name.size() > kMostNameBytes) return "its name is longer than 1,024 bytes";
  const bool has_drive = name.size() > 1 && is_letter(name[0]) && name[1] == ':';
  if (name[0] == '/' || name[0] == '\\' || has_drive) return "its name is an absolute path";
  if (std::ranges::any_of(name, is_control)) return "its name holds control characters";
  while (!name.empty()) {
    const std::size_t end = std::min(name.find_first_of("/\\"), name.size());
    const std::string_view part = name.substr(0, end);
    if (part == "..") return "its name leads out of the archive with \"..\"";
    if (part.size() > kMostPartBytes) return "a part of its name is longer than 255 bytes";
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return {};
}

bool is_of_macos(std::string_view name) {
  return name.starts_with("__MACOSX/") || name == ".DS_Store" || name.ends_with("/.DS_Store");
}

}  // namespace homeroom::io
