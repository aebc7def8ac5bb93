#include "clean/contact_text.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/text.h"
#include "clean/canonical.h"
#include "clean/characters.h"
#include "clean/traits.h"

namespace homeroom::clean {
namespace {

bool is_name_byte(char c) {
  return is_letter(c) || c == '.' || c == '-';
}

// The first byte of U+00C0 to U+02FF: letters with marks.
bool is_accented_lead(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0xC3 && byte <= 0xCB;
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

bool is_local_part(char c) {
  return is_letter(c) || is_digit(c) ||
         std::string_view("._%+'-&").find(c) != std::string_view::npos;
}

bool is_host_name(char c) {
  return is_letter(c) || is_digit(c) || c == '-' || c == '.';
}

// Takes "x12", "ext. 12" or "#12" off the end; false where no digits follow the word.
bool drop_extension(std::string_view& text) {
  const auto is_start = [](char c) { return lower(c) == 'x' || lower(c) == 'e' || c == '#'; };
  const auto at = std::ranges::find_if(text, is_start);
  if (at == text.end()) return true;
  const auto position = static_cast<std::size_t>(at - text.begin());
  std::string_view rest = text.substr(position);
  text = trim(text.substr(0, position));
  for (const std::string_view word : {"extension", "ext.", "ext", "x.", "x", "#"}) {
    if (!equals_ignoring_case(rest.substr(0, word.size()), word)) continue;
    rest = trim(rest.substr(word.size()));
    return rest.size() <= 6 && is_all_digits(rest);
  }
  return false;
}

}  // namespace

bool is_plain_name(std::string_view text) {
  if (has_token_form(text)) return false;
  char before = ' ';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool is_accented = is_accented_lead(c) && is_ascii(before) && at + 1 < text.size() &&
                             is_continuation(text[at + 1]);
    if (before == ',' && c != ' ') return false;
    if (is_accented) {
      ++at;
    } else if (c == ' ') {
      if (before == ' ') return false;
    } else if (c == ',') {
      if (before == ' ' || before == ',') return false;
    } else if (c == '\'') {
      if (before == '\'') return false;
    } else if (!is_name_byte(c)) {
      return false;
    }
    before = text[at];
  }
  return before != ' ' && before != ',';
}

bool is_plain_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.size() > 254) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view host = text.substr(at + 1);
  if (!std::ranges::all_of(local, is_local_part) || !std::ranges::all_of(host, is_host_name)) {
    return false;
  }
  const std::size_t point = host.rfind('.');
  const bool has_parts = point != std::string_view::npos && point > 0 && point + 2 < host.size();
  const bool has_bare_point = local.front() == '.' || local.back() == '.' || host.front() == '.' ||
                              host.front() == '-' || text.find("..") != std::string_view::npos;
  return has_parts && !has_bare_point && std::ranges::all_of(host.substr(point + 1), [](char c) {
           return is_letter(c) || c == '-';
         });
}

bool is_phone(std::string_view text) {
  if (text.size() > 40 || !drop_extension(text)) return false;
  const bool is_international = text.starts_with('+');
  if (is_international) text.remove_prefix(1);
  std::size_t num_digits = 0;
  int open = 0;
  for (const char c : text) {
    if (is_digit(c)) {
      ++num_digits;
    } else if (c == '(' || c == ')') {
      open += c == '(' ? 1 : -1;
      if (open < 0 || open > 1) return false;
    } else if (c != ' ' && c != '.' && c != '-' && c != '/') {
      return false;
    }
  }
  if (open != 0 || text.empty() || (!is_digit(text.back()))) return false;
  if (is_international) return num_digits >= 8 && num_digits <= 15;
  if (num_digits != 11) return num_digits == 7 || num_digits == 10;
  return *std::ranges::find_if(text, is_digit) == '1';
}

bool is_plain_phone(std::string_view text) {
  const bool has_outer_blank = text.front() == ' ' || text.back() == ' ';
  return !has_outer_blank && text.find("  ") == std::string_view::npos && is_phone(text);
}

bool is_plain_postcode(std::string_view text) {
  if (text.size() == 5) return is_all_digits(text);
  if (text.size() == 10) {
    return text[5] == '-' && is_all_digits(text.substr(0, 5)) && is_all_digits(text.substr(6));
  }
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  return text.size() == 7 && is_capital(text[0]) && is_digit(text[1]) && is_capital(text[2]) &&
         text[3] == ' ' && is_digit(text[4]) && is_capital(text[5]) && is_digit(text[6]);
}

bool tidy_name(std::string_view text, std::string& out) {
  out.clear();
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\'' && out.ends_with('\'')) continue;
    if (c == ',') {
      while (out.ends_with(' ')) out.pop_back();
      if (out.empty() || out.ends_with(',')) continue;
      out += c;
      continue;
    }
    if (out.ends_with(',') && c != ' ') out += ' ';
    out += c;
  }
  while (out.ends_with(' ') || out.ends_with(',')) out.pop_back();
  return out != text;
}

}  // namespace homeroom::clean
