#include "base/text.h"

#include <algorithm>
#include <cstdlib>

#include <utf8proc.h>

namespace homeroom {
namespace {

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Letters without their marks, compatibility forms made plain; what is left beyond ASCII is
// replaced by nothing when it is a symbol, by a blank otherwise.
std::string to_plain_ascii(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  utf8proc_uint8_t* folded = nullptr;
  const auto length = utf8proc_map(
      reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
      static_cast<utf8proc_ssize_t>(text.size()), &folded,
      static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                                     UTF8PROC_STRIPMARK | UTF8PROC_IGNORE));
  std::string plain;
  const std::string_view source = length < 0
                                      ? text
                                      : std::string_view(reinterpret_cast<const char*>(folded),
                                                         static_cast<std::size_t>(length));
  for (const char c : source) {
    if (static_cast<unsigned char>(c) < 0x80) plain.push_back(c);
  }
  std::free(folded);  // NOLINT(cppcoreguidelines-no-malloc): utf8proc hands out malloc'ed bytes
  return plain;
}

// "TM" and "(R)" are what NFKC makes of trademark signs; both are dropped before folding.
void drop_signs(std::string& text) {
  for (const std::string_view sign : {"\xEF\xBB\xBF", "\xC2\xAE", "\xE2\x84\xA2", "\xEF\xBF\xBD"}) {
    for (auto at = text.find(sign); at != std::string::npos; at = text.find(sign, at)) {
      text.erase(at, sign.size());
    }
  }
}

// True where camelCase starts a new word: aB, or the B of ABc.
bool starts_word(std::string_view text, std::size_t at) {
  if (at == 0 || !is_upper(text[at])) return false;
  const char before = text[at - 1];
  if (is_lower(before)) return true;
  return is_upper(before) && at + 1 < text.size() && is_lower(text[at + 1]);
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string to_lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), lower);
  return result;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, [](char a, char b) { return lower(a) == lower(b); });
}

std::string fold_name(std::string_view header) {
  std::string signless(header);
  drop_signs(signless);
  const std::string plain = to_plain_ascii(signless);
  std::string key;
  bool gap = false;
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const char c = plain[i];
    if (c == '\'' || c == '"') continue;
    if (!is_upper(c) && !is_lower(c) && !is_digit(c)) {
      gap = true;
      continue;
    }
    if ((gap || starts_word(plain, i)) && !key.empty() && key.back() != '_') key.push_back('_');
    gap = false;
    key.push_back(lower(c));
  }
  return key;
}

int edit_distance(std::string_view left, std::string_view right, int limit) {
  const auto difference = static_cast<int>(left.size()) - static_cast<int>(right.size());
  if (std::abs(difference) > limit) return limit + 1;
  std::vector<int> before(right.size() + 1);
  std::vector<int> previous(right.size() + 1);
  std::vector<int> current(right.size() + 1);
  for (std::size_t j = 0; j <= right.size(); ++j) previous[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= left.size(); ++i) {
    current[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const int change = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, change});
      const bool swapped =
          i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) current[j] = std::min(current[j], before[j - 2] + 1);
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return std::min(previous[right.size()], limit + 1);
}

std::string_view nearest(std::string_view word, std::span<const std::string> candidates) {
  const int limit = std::max(1, static_cast<int>(word.size()) / 3);
  std::string_view best;
  int best_distance = limit + 1;
  for (const std::string& candidate : candidates) {
    const int distance = edit_distance(word, candidate, limit);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string with_thousands(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return digits;
}

std::string counted(std::uint64_t value, std::string_view noun) {
  return with_thousands(value) + ' ' + std::string(noun) + (value == 1 ? "" : "s");
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  while (true) {
    const auto at = text.find(separator);
    pieces.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return pieces;
    text.remove_prefix(at + 1);
  }
}

std::string join(std::span<const std::string> pieces, std::string_view separator) {
  std::string text;
  for (const std::string& piece : pieces) {
    if (&piece != pieces.data()) text += separator;
    text += piece;
  }
  return text;
}

}  // namespace homeroom
