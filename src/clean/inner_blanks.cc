#include "clean/inner_blanks.h"

#include <string>
#include <string_view>

#include "clean/unicode_text.h"

namespace homeroom::clean {

bool collapse_blanks(std::string_view text, std::string& out) {
  out.clear();
  bool is_after_blank = false;
  for (std::string_view rest = text; !rest.empty();) {
    const Character character = first_character(rest);
    const bool is_blank_here = is_inline_blank(character.code);
    if (!is_blank_here) {
      out += rest.substr(0, character.size);
    } else if (!is_after_blank) {
      out += ' ';
    }
    is_after_blank = is_blank_here;
    rest.remove_prefix(character.size);
  }
  return out != text;
}

}  // namespace homeroom::clean
