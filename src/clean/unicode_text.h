#pragma once

// Characters beyond ASCII that look like a blank, or like nothing.

#include <cstdint>
#include <string_view>

namespace homeroom::clean {

/// One character of a text; bytes that are no UTF-8 count one each, as U+FFFD.
struct Character {
  std::int32_t code = 0;
  std::uint32_t size = 0;  ///< bytes
};

/// `text` is not empty.
[[nodiscard]] Character first_character(std::string_view text);
[[nodiscard]] Character last_character(std::string_view text);

/// Unicode's White_Space property.
[[nodiscard]] bool is_blank(std::int32_t code);

/// A blank that stands within a line: no line feed, no carriage return, no U+2028, ...
[[nodiscard]] bool is_inline_blank(std::int32_t code);

/// Characters with no width and no meaning in school data: byte order marks, zero width spaces,
/// direction marks, soft hyphens, control characters but tab, line feed and carriage return.
/// U+200C and U+200D are not among them: scripts of Asia and emoji need them.
[[nodiscard]] bool is_invisible(std::int32_t code);

/// `text` without outer blanks of any kind.
[[nodiscard]] std::string_view trim_blanks(std::string_view text);

}  // namespace homeroom::clean
