#include "sniff/value_type.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace homeroom::sniff {
namespace {

constexpr std::size_t kMaxBytes = 200;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

bool is_any_of(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

template <std::size_t n>
bool is_one_of(std::string_view text, const std::array<std::string_view, n>& words) {
  return std::ranges::any_of(
      words, [text](std::string_view word) { return equals_ignoring_case(text, word); });
}

constexpr std::array<std::string_view, 8> kNothing = {"null", "n/a", "na",  "none",
                                                      "-",    "*",   "nan", "--"};
constexpr std::array<std::string_view, 6> kBooleans = {"true", "false", "yes", "no", "t", "f"};
constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};

// Reads a text from its start, piece by piece.
class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  // Digits from here; how many.
  std::size_t digits() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ - from;
  }

  // One character of `set`; '\0' when there is none.
  char one_of(std::string_view set) {
    if (at_ == text_.size() || !is_any_of(text_[at_], set)) return '\0';
    return text_[at_++];
  }

  void skip(std::string_view set) {
    while (at_ < text_.size() && is_any_of(text_[at_], set)) ++at_;
  }

  std::string_view letters() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_letter(text_[at_])) ++at_;
    return text_.substr(from, at_ - from);
  }

  [[nodiscard]] bool is_done() const { return at_ == text_.size(); }

  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_month(std::string_view word) {
  return word.size() >= 3 && is_one_of(word.substr(0, 3), kMonths);
}

// 12 | 1,204.50 | 1.204,5 | 1 204 | -5 | +5 | (5) | $74.69 | 12 % | 1e-5
bool is_number(std::string_view text) {
  constexpr std::string_view kBefore = "+-($ ";
  constexpr std::string_view kAfter = ")% ";
  std::size_t begin = 0;
  std::size_t end = text.size();
  for (const std::string_view sign : {"€", "£", "¥"}) {
    if (text.starts_with(sign)) begin = sign.size();
    if (text.ends_with(sign)) end = text.size() - sign.size();
  }
  if (begin >= end) return false;
  text = text.substr(begin, end - begin);
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(kBefore)));
  const std::size_t last = text.find_last_not_of(kAfter);
  text = last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
  Scan scan(text);
  const std::size_t whole = scan.digits();
  std::size_t fraction = 0;
  std::size_t num_separators = 0;
  while (scan.one_of(",.' ") != '\0') {
    // What stands between two separators is a group of thousands.
    if (num_separators > 0 && fraction != 3) return false;
    ++num_separators;
    fraction = scan.digits();
    if (fraction == 0 && !scan.is_done()) return false;
  }
  if (whole + fraction == 0) return false;
  if (scan.one_of("eE") != '\0') {
    scan.one_of("+-");
    if (scan.digits() == 0) return false;
  }
  return scan.is_done();
}

// 9:05 | 09:05:00 | 09:05:00.123 | 9:05 PM | 09:05Z | 09:05+01:00
bool is_time(std::string_view text) {
  Scan scan(text);
  const std::size_t hours = scan.digits();
  if (hours == 0 || hours > 2 || scan.one_of(":") == '\0' || scan.digits() != 2) return false;
  if (scan.one_of(":") != '\0') {
    if (scan.digits() != 2) return false;
    if (scan.one_of(".,") != '\0') scan.digits();
  }
  scan.skip(" ");
  const std::string_view word = scan.letters();
  if (!word.empty() && word.size() > 4) return false;
  if (scan.one_of("+-") != '\0') {
    scan.digits();
    scan.one_of(":");
    scan.digits();
  }
  scan.skip(" ");
  return scan.letters().size() <= 4 && scan.is_done();
}

// Consumes 2025-11-03 | 3/11/25 | 3.11.2025 | 3-Nov-25 | Nov 3, 2025 | 3 November 2025.
bool take_date(Scan& scan) {
  const std::size_t first = scan.digits();
  if (first == 0) {
    if (!is_month(scan.letters())) return false;
    scan.skip(". ");
    const std::size_t day = scan.digits();
    scan.skip(", ");
    return day >= 1 && day <= 2 && scan.digits() == 4;
  }
  if (first != 1 && first != 2 && first != 4) return false;
  const char separator = scan.one_of("-/. ");
  if (separator == '\0') return false;
  const std::string_view word = scan.letters();
  const bool has_word = is_month(word);
  const std::size_t second = has_word ? 2 : scan.digits();
  if (!word.empty() && !has_word) return false;
  if (second == 0 || second > 2 || (separator == ' ' && !has_word)) return false;
  if (scan.one_of(std::string_view(&separator, 1)) == '\0') return false;
  const std::size_t third = scan.digits();
  return first == 4 ? third == 1 || third == 2 : third == 2 || third == 4;
}

ValueType date_type(std::string_view text) {
  Scan scan(text);
  if (!take_date(scan)) return ValueType::kText;
  if (scan.is_done()) return ValueType::kDate;
  if (scan.one_of("T ") == '\0') return ValueType::kText;
  scan.skip(" ");
  return is_time(scan.rest()) ? ValueType::kDateTime : ValueType::kText;
}

bool is_address(std::string_view text) {
  if (text.find(' ') != std::string_view::npos) return false;
  for (const std::string_view start : {"http://", "https://", "ftp://", "www."}) {
    if (text.starts_with(start)) return true;
  }
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos &&
         text.find_first_of(",;|\"\t&=:/#*!~^") == std::string_view::npos;
}

// A sign that hardly stands between the letters of one value, with letters or digits beside it.
bool joins_values(std::string_view text, std::size_t at) {
  constexpr std::string_view kJoins = "^~*=!&%#";
  if (!is_any_of(text[at], kJoins) || at == 0 || at + 1 == text.size()) return false;
  const auto is_part = [](char c) { return is_letter(c) || is_digit(c) || is_any_of(c, "\"'%"); };
  return is_part(text[at - 1]) && is_part(text[at + 1]);
}

// "a:b:c" and "a/b/c/d": one value seldom has so many parts. A path may.
bool has_many_parts(std::string_view text) {
  const auto num_colons = std::ranges::count(text, ':');
  const auto num_slashes = std::ranges::count(text, '/');
  return num_colons >= 3 || (num_slashes >= 3 && !is_any_of(text[0], "/.~"));
}

// What letters and signs make up a text that is no number and no date.
ValueType word_type(std::string_view text) {
  bool has_space = false;
  bool has_other = false;
  int num_joins = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (joins_values(text, at)) ++num_joins;
    if (is_letter(c) || is_digit(c) || is_any_of(c, "-_./:#")) continue;
    const bool is_control = static_cast<unsigned char>(c) < 0x20;
    // Behind a comma comes a blank, but in numbers; and this is none.
    const bool is_close_comma = c == ',' && at + 1 < text.size() && text[at + 1] != ' ';
    if (is_control || is_close_comma || is_any_of(c, ";|\"")) return ValueType::kMixed;
    if (c == ' ') {
      has_space = true;
    } else {
      has_other = true;
    }
  }
  const bool is_joined = num_joins >= 2 || (num_joins == 1 && !has_space);
  if (is_joined) return ValueType::kMixed;
  if (!has_space && has_many_parts(text)) return ValueType::kMixed;
  return has_space || has_other ? ValueType::kText : ValueType::kCode;
}

}  // namespace

ValueType value_type(std::string_view text) {
  text = trim(text.substr(0, kMaxBytes));
  if (text.empty() || is_one_of(text, kNothing)) return ValueType::kEmpty;
  const bool has_digit = std::ranges::any_of(text, is_digit);
  if (has_digit) {
    if (std::ranges::all_of(text, is_digit)) return ValueType::kInteger;
    if (is_time(text)) return ValueType::kTime;
    const ValueType type = date_type(text);
    if (type != ValueType::kText) return type;
    if (is_number(text)) return ValueType::kDecimal;
  } else if (text.size() <= 5 && is_one_of(text, kBooleans)) {
    return ValueType::kBoolean;
  }
  return is_address(text) ? ValueType::kAddress : word_type(text);
}

}  // namespace homeroom::sniff
