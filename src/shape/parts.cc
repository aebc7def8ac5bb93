#include "shape/parts.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"

namespace homeroom::shape {
namespace {

using contract::Part;

constexpr std::array<std::string_view, 9> kSuffixes = {"jr", "sr",  "ii",  "iii", "iv",
                                                       "vi", "2nd", "3rd", "4th"};
constexpr std::size_t kFewestDigits = 2;
constexpr int kFewestPercent = 20;

std::string_view without_point(std::string_view word) {
  return word.ends_with('.') ? word.substr(0, word.size() - 1) : word;
}

bool is_suffix(std::string_view word) {
  return std::ranges::find(kSuffixes, to_lower(without_point(word))) != kSuffixes.end();
}

bool is_initial(std::string_view word) {
  return count_characters(without_point(word)) == 1;
}

// A fifth or a first of the name, or an initial.
bool is_unsure(std::string_view word) {
  const std::string letter = to_lower(without_point(word));
  return letter == "v" || letter == "i";
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool may_be_name(std::string_view name) {
  constexpr std::string_view kForeign = "0123456789()[]{}/\\&\"*;:#@_=+<>?!|";
  std::string_view rest = name;
  // "2nd" is the one word with a digit.
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!is_suffix(word) && word.find_first_of(kForeign) != std::string_view::npos) return false;
  }
  return true;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

// Takes a suffix off the end; false when there were two.
bool take_suffix(std::string_view& text, std::string_view& suffix) {
  const std::size_t blank = text.rfind(' ');
  if (blank == std::string_view::npos || !is_suffix(text.substr(blank + 1))) return true;
  if (!suffix.empty()) return false;
  suffix = text.substr(blank + 1);
  text = trim(text.substr(0, blank));
  return true;
}

struct Mark {
  std::string_view number;
  std::string_view letter;
};

bool is_letter_mark(std::string_view text) {
  if (text.empty() || text.size() > 2) return false;
  const bool is_letter = std::string_view("ABCDF").find(text[0]) != std::string_view::npos;
  return is_letter && (text.size() == 1 || text[1] == '+' || text[1] == '-');
}

bool is_percentage(std::string_view text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view fraction = text.substr(std::min(point + 1, text.size()));
  const bool has_fraction = point < text.size();
  if (point > 1 && text[0] == '0') return false;
  return point > 0 && point <= 3 && std::ranges::all_of(text.substr(0, point), is_digit) &&
         (!has_fraction || (!fraction.empty() && std::ranges::all_of(fraction, is_digit)));
}

std::string_view unwrapped(std::string_view text) {
  if (text.starts_with('(') && text.ends_with(')')) text = trim(text.substr(1, text.size() - 2));
  if (text.ends_with('%')) text = trim(text.substr(0, text.size() - 1));
  return text;
}

bool is_plausible(const Mark& mark) {
  if (mark.letter == "F") return true;
  int whole = 0;
  std::size_t num_digits = 0;
  for (; num_digits < mark.number.size() && is_digit(mark.number[num_digits]); ++num_digits) {
    whole = whole * 10 + (mark.number[num_digits] - '0');
  }
  return num_digits >= kFewestDigits && whole >= kFewestPercent;
}

}  // namespace

bool Parts::is_empty() const {
  return std::ranges::all_of(texts, [](std::string_view text) { return text.empty(); });
}

Parts name_parts(std::string_view name) {
  const auto pieces = split(name, ',');
  if (pieces.size() < 2 || pieces.size() > 3 || !may_be_name(name)) return {};
  std::string_view last = trim(pieces[0]);
  std::string_view given = trim(pieces[1]);
  std::string_view suffix;
  if (pieces.size() == 3) {
    suffix = trim(pieces[2]);
    if (is_suffix(given)) std::swap(suffix, given);
    if (!is_suffix(suffix) || is_suffix(given)) return {};
  }
  if (!take_suffix(last, suffix) || !take_suffix(given, suffix)) return {};
  const auto words = words_of(given);
  if (last.empty() || words.empty() || words.size() > 2 || is_suffix(given)) return {};
  if (words.size() == 2 && (!is_initial(words[1]) || is_unsure(words[1]))) return {};
  Parts parts;
  const auto set = [&parts](Part part, std::string_view text) {
    parts.texts[static_cast<std::size_t>(part)] = text;
  };
  set(Part::kLast, last);
  set(Part::kFirst, words[0]);
  if (words.size() == 2) set(Part::kMiddle, words[1]);
  set(Part::kSuffix, suffix);
  return parts;
}

Parts mark_parts(std::string_view mark) {
  const std::size_t gap = mark.find_first_of(" (/");
  if (gap == std::string_view::npos) return {};
  const std::size_t rest = mark[gap] == '(' ? gap : gap + 1;
  std::string_view left = mark.substr(0, gap);
  std::string_view right = trim(mark.substr(rest));
  if (right.starts_with('%')) {  // "85.12 % B+"
    left = mark.substr(0, rest + 1);
    right = trim(right.substr(1));
  }
  Mark found{.number = unwrapped(trim(left)), .letter = unwrapped(right)};
  if (is_letter_mark(found.number)) std::swap(found.number, found.letter);
  if (!is_letter_mark(found.letter) || !is_percentage(found.number) || !is_plausible(found)) {
    return {};
  }
  Parts parts;
  parts.texts[static_cast<std::size_t>(Part::kNumber)] = found.number;
  parts.texts[static_cast<std::size_t>(Part::kLetter)] = found.letter;
  return parts;
}

}  // namespace homeroom::shape
