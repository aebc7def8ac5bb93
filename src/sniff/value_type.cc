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

// The sets are short and known where this is compiled: no call of memchr for each character.
constexpr bool is_any_of(char c, std::string_view set) {
  for (const char each : set) {
    if (each == c) return true;
  }
  return false;
}

bool has_any_of(std::string_view text, std::string_view set) {
  return std::ranges::any_of(text, [set](char c) { return is_any_of(c, set); });
}

template <std::size_t n>
bool is_one_of(std::string_view text, const std::array<std::string_view, n>& words) {
  return std::ranges::any_of(
      words, [text](std::string_view word) { return equals_ignoring_case(text, word); });
}

constexpr std::array<std::string_view, 8> kNothing = {"null", "n/a", "na",  "none",
                                                      "-",    "*",   "nan", "--"};
constexpr std::size_t kLongestNothing = 4;
constexpr std::array<std::string_view, 6> kBooleans = {"true", "false", "yes", "no", "t", "f"};
constexpr std::array<std::string_view, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
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

// Digits with marks of thousands and of the fraction. A comma has digits on both sides; blanks and
// apostrophes part thousands only.
bool take_digits(Scan& scan) {
  const std::size_t whole = scan.digits();
  std::size_t fraction = 0;
  std::size_t num_separators = 0;
  for (char separator = '\0'; (separator = scan.one_of(",.' ")) != '\0';) {
    // What stands between two separators is a group of thousands.
    if (num_separators > 0 && fraction != 3) return false;
    if (whole == 0 && separator != '.') return false;
    ++num_separators;
    fraction = scan.digits();
    if (fraction == 0 && (separator != '.' || !scan.is_done())) return false;
    if (is_any_of(separator, "' ") && fraction != 3) return false;
  }
  return whole + fraction > 0;
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
  const std::size_t first = std::min(text.size(), text.find_first_not_of(kBefore));
  const bool opens = text.substr(0, first).find('(') != std::string_view::npos;
  text.remove_prefix(first);
  const std::size_t last = text.find_last_not_of(kAfter) + 1;
  const bool closes = text.substr(last).find(')') != std::string_view::npos;
  if (opens != closes) return false;
  Scan scan(text.substr(0, last));
  if (!take_digits(scan)) return false;
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
    if (scan.one_of(".,") != '\0' && scan.digits() == 0) return false;
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

// "Mon", "Monday, ": the day of the week before a date.
std::string_view without_weekday(std::string_view text) {
  Scan scan(text);
  const std::string_view word = scan.letters();
  const bool is_day = word.size() >= 3 && word.size() <= 9 && is_one_of(word.substr(0, 3), kDays);
  if (!is_day) return text;
  scan.skip("., ");
  return scan.rest();
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
  Scan scan(without_weekday(text));
  if (!take_date(scan)) return ValueType::kText;
  if (scan.is_done()) return ValueType::kDate;
  if (scan.one_of("T ") == '\0') return ValueType::kText;
  scan.skip(" ");
  return is_time(scan.rest()) ? ValueType::kDateTime : ValueType::kText;
}

bool is_url_or_mail(std::string_view text) {
  for (const std::string_view start : {"http://", "https://", "ftp://", "www."}) {
    if (text.starts_with(start)) return true;
  }
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && text.find('.', at) != std::string_view::npos &&
         !has_any_of(text, ",;|\"\t&=:/#*!~^");
}

// /a/b.txt | ./a/b | C:\a\b
bool is_path(std::string_view text) {
  const bool has_drive = text.size() > 3 && is_letter(text[0]) && text.substr(1, 2) == ":\\";
  const bool is_rooted = text[0] == '/' || text.starts_with("./") || text.starts_with("../");
  if ((!has_drive && !is_rooted) || has_any_of(text, ",;|\"\t&=#*!^")) return false;
  return has_drive || (std::ranges::count(text, '/') >= 2 && text.find("//") == text.npos);
}

// (226) 555-7534 | 226-555-7534 | +44 20 7946 0018
bool is_phone(std::string_view text) {
  const bool is_dialled =
      std::ranges::all_of(text, [](char c) { return is_digit(c) || is_any_of(c, "()+-. "); });
  if (!is_dialled) return false;
  const auto num_digits = std::ranges::count_if(text, is_digit);
  if (num_digits < 7 || num_digits > 15) return false;
  if (text[0] == '+') return text.find(' ') != text.npos;
  if (text[0] == '(') return text.find(") ") != text.npos || text.find(')') == 4;
  return text.size() == 12 && is_any_of(text[3], "-.") && text[7] == text[3] && num_digits == 10;
}

bool is_address(std::string_view text) {
  if (is_phone(text)) return true;
  return text.find(' ') == text.npos && (is_url_or_mail(text) || is_path(text));
}

// (51.5, -0.12)
bool is_point(std::string_view text) {
  if (!text.starts_with('(') || !text.ends_with(')')) return false;
  text = text.substr(1, text.size() - 2);
  const std::size_t comma = text.find(", ");
  return comma != text.npos && is_number(text.substr(0, comma)) &&
         is_number(text.substr(comma + 2));
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

// Colons with something right behind them, in words: "Hill, Ada:(226) 555-7534:12". A time has one.
bool has_close_colons(std::string_view text) {
  int number = 0;
  for (std::size_t at = text.find(':', 1); at != text.npos; at = text.find(':', at + 1)) {
    const std::string_view behind = text.substr(at + 1);
    if (behind.empty() || is_any_of(behind[0], " /") || text[at - 1] == ' ') continue;
    Scan scan(behind);
    const bool is_time = is_digit(text[at - 1]) && scan.digits() == 2;
    if (!is_time) ++number;
  }
  return number >= 2;
}

// Around words, as in print: a blank or the end on the outer side. Or it says inches.
bool is_printed_quote(std::string_view text, std::size_t at) {
  if (at == 0) return false;
  const bool is_before_end = at + 1 == text.size() || is_any_of(text[at + 1], " .,;:!?)");
  return is_any_of(text[at - 1], " (") != is_before_end;
}

// {"a": 1} | ["a", "b"] | <b class="c">d</b>: what stands inside is one value.
bool is_enclosed(std::string_view text, bool is_whole) {
  constexpr std::string_view kOpen = "{[<";
  constexpr std::string_view kClose = "}]>";
  const std::size_t kind = kOpen.find(text[0]);
  return kind != kOpen.npos && text.find('"') != text.npos &&
         (!is_whole || text.back() == kClose[kind]);
}

// A bracket that is never closed: the value was cut in two.
bool has_open_bracket(std::string_view text) {
  int depth = 0;
  for (const char c : text) {
    if (is_any_of(c, "([{")) ++depth;
    if (is_any_of(c, ")]}") && depth > 0) --depth;
  }
  return depth > 0;
}

// No value ends there, and the next does not start there.
bool is_between_values(std::string_view text, std::size_t at) {
  const bool is_last = at + 1 == text.size();
  switch (text[at]) {
    case ',':  // behind which comes a blank, but in numbers; and this is none
      return !is_last && text[at + 1] != ' ';
    case ';':
      return is_last || text[at + 1] != ' ';
    case '"':
      return !is_printed_quote(text, at);
    default:
      return text[at] == '|' || static_cast<unsigned char>(text[at]) < 0x20;
  }
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
    if (is_between_values(text, at)) return ValueType::kMixed;
    if (c == ' ') {
      has_space = true;
    } else {
      has_other = true;
    }
  }
  const bool is_joined = num_joins >= 2 || (num_joins == 1 && !has_space);
  if (is_joined) return ValueType::kMixed;
  const bool has_parts = has_space ? has_close_colons(text) : has_many_parts(text);
  if (has_parts) return ValueType::kMixed;
  return has_space || has_other ? ValueType::kText : ValueType::kCode;
}

}  // namespace

ValueType value_type(std::string_view text) {
  const bool is_whole = text.size() <= kMaxBytes;
  text = text.substr(0, kMaxBytes);
  const bool has_tab = text.find('\t') != text.npos;
  text = trim(text);
  if (text.empty() || (text.size() <= kLongestNothing && is_one_of(text, kNothing)))
    return ValueType::kEmpty;
  if (has_tab) return ValueType::kMixed;
  const bool has_digit = std::ranges::any_of(text, is_digit);
  if (has_digit) {
    if (std::ranges::all_of(text, is_digit)) return ValueType::kInteger;
    if (is_time(text)) return ValueType::kTime;
    const ValueType type = date_type(text);
    if (type != ValueType::kText) return type;
    if (is_number(text) || is_point(text)) return ValueType::kDecimal;
  } else if (text.size() <= 5 && is_one_of(text, kBooleans)) {
    return ValueType::kBoolean;
  }
  if (is_address(text)) return ValueType::kAddress;
  if (is_enclosed(text, is_whole)) return ValueType::kText;
  return is_whole && has_open_bracket(text) ? ValueType::kMixed : word_type(text);
}

}  // namespace homeroom::sniff
