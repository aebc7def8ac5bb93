#include "clean/unicode_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <utf8proc.h>

namespace homeroom::clean {
namespace {

constexpr std::int32_t kReplacement = 0xFFFD;

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

bool is_between(std::int32_t code, std::int32_t first, std::int32_t last) {
  return code >= first && code <= last;
}

}  // namespace

Character first_character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return {.code = first, .size = 1};
  std::int32_t code = 0;
  const auto size = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                     static_cast<utf8proc_ssize_t>(text.size()), &code);
  if (size <= 0) return {.code = kReplacement, .size = 1};
  return {.code = code, .size = static_cast<std::uint32_t>(size)};
}

Character last_character(std::string_view text) {
  std::size_t start = text.size() - 1;
  const std::size_t earliest = text.size() - std::min<std::size_t>(text.size(), 4);
  while (start > earliest && is_continuation(text[start])) --start;
  const Character character = first_character(text.substr(start));
  if (start + character.size == text.size()) return character;
  return {.code = kReplacement, .size = 1};
}

bool is_blank(std::int32_t code) {
  return code == 0x20 || is_between(code, 0x09, 0x0D) || code == 0x85 || code == 0xA0 ||
         code == 0x1680 || is_between(code, 0x2000, 0x200A) || code == 0x2028 || code == 0x2029 ||
         code == 0x202F || code == 0x205F || code == 0x3000;
}

bool is_inline_blank(std::int32_t code) {
  const bool ends_line =
      is_between(code, 0x0A, 0x0D) || code == 0x85 || code == 0x2028 || code == 0x2029;
  return is_blank(code) && !ends_line;
}

bool is_invisible(std::int32_t code) {
  if (code < 0x20) return code != '\t' && code != '\n' && code != '\r';
  return is_between(code, 0x7F, 0x9F) || code == 0xAD || code == 0x200B || code == 0x200E ||
         code == 0x200F || is_between(code, 0x202A, 0x202E) || is_between(code, 0x2060, 0x2069) ||
         code == 0xFEFF;
}

std::string_view trim_blanks(std::string_view text) {
  while (!text.empty()) {
    const Character first = first_character(text);
    if (!is_blank(first.code)) break;
    text.remove_prefix(first.size);
  }
  while (!text.empty()) {
    const Character last = last_character(text);
    if (!is_blank(last.code)) break;
    text.remove_suffix(last.size);
  }
  return text;
}

}  // namespace homeroom::clean
