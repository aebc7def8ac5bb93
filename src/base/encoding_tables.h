#pragma once

// Single-byte encodings: what the bytes 0x80 to 0xFF mean. Below, all of them are ASCII.

#include <array>
#include <span>
#include <string_view>

namespace homeroom {

struct CodePage {
  std::string_view name;             ///< lower-case IANA name, or the name in common use
  std::array<char16_t, 128> points;  ///< of bytes 0x80 to 0xFF; U+FFFD: the byte means nothing
};

/// All of them, written by tools/make_codepages.py when the program is built.
[[nodiscard]] std::span<const CodePage> code_pages();

}  // namespace homeroom
