#include "contract/file_name.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"

namespace homeroom::contract {
namespace {

constexpr std::size_t kMaxNameBytes = 63;
constexpr std::size_t kMaxSpellingWords = 5;
constexpr std::size_t kMinSpellingBytes = 3;
constexpr int kFirstMonthOfSchoolYear = 7;

bool is_number(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

int number_of(std::string_view digits) {
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number;
}

bool is_year(std::string_view word) {
  return word.size() == 4 && is_number(word) && number_of(word) >= 1990 && number_of(word) <= 2099;
}

// "20250901", "202509"
bool is_date(std::string_view word) {
  return is_number(word) && (word.size() == 8 || word.size() == 6) && is_year(word.substr(0, 4)) &&
         number_of(word.substr(4, 2)) >= 1 && number_of(word.substr(4, 2)) <= 12;
}

// "sy2026", "fy26", "ay2025": letters, then a year.
std::string_view year_after_letters(std::string_view word) {
  for (const std::string_view prefix : {"sy", "fy", "ay"}) {
    if (word.starts_with(prefix) && is_number(word.substr(2)) &&
        (is_year(word.substr(2)) || word.size() == 4)) {
      return word.substr(2);
    }
  }
  return {};
}

int full_year(std::string_view digits) {
  return digits.size() == 2 ? 2000 + number_of(digits) : number_of(digits);
}

bool is_season_of(std::string_view word, std::initializer_list<std::string_view> seasons) {
  return std::ranges::find(seasons, word) != seasons.end();
}

// The year that "2324", or "23" and "24", end in. Such years begin in 15 at least, so that grades
// and months are not taken for years.
std::optional<int> short_year(std::string_view first, std::string_view second) {
  if (first.size() != 2 || second.size() != 2 || !is_number(first) || !is_number(second)) {
    return std::nullopt;
  }
  constexpr int kFirst = 15;
  const bool is_one = number_of(first) >= kFirst && number_of(second) == number_of(first) + 1;
  return is_one ? std::optional(2000 + number_of(second)) : std::nullopt;
}

// Year that a school year ends in, when words[i] is one and its neighbours say which.
std::optional<int> year_at(const std::vector<std::string>& words, std::size_t i) {
  const std::string_view word = words[i];
  if (const auto digits = year_after_letters(word); !digits.empty()) return full_year(digits);
  if (is_date(word)) {
    const int month = number_of(word.substr(4, 2));
    return number_of(word.substr(0, 4)) + (month >= kFirstMonthOfSchoolYear ? 1 : 0);
  }
  const std::string_view after = i + 1 < words.size() ? std::string_view(words[i + 1]) : "";
  if (const auto year = short_year(word, after)) return year;
  if (!is_year(word)) {
    return word.size() == 4 ? short_year(word.substr(0, 2), word.substr(2)) : std::nullopt;
  }
  const int year = number_of(word);
  const std::string_view before = i > 0 ? std::string_view(words[i - 1]) : "";
  if (is_year(after) && number_of(after) == year + 1) return year + 1;
  if (after.size() == 2 && is_number(after)) {
    if (number_of(after) == (year + 1) % 100) return year + 1;  // 2024-25, also 2011-12
    const int month = number_of(after);
    if (month >= 1 && month <= 12) return year + (month >= kFirstMonthOfSchoolYear ? 1 : 0);
  }
  if (is_season_of(before, {"fall", "autumn", "boy"})) return year + 1;
  if (is_season_of(before, {"winter", "spring", "summer", "moy", "eoy", "sy"})) return year;
  return std::nullopt;
}

std::optional<int> year_in(const std::string& text) {
  const std::vector<std::string> words = split_words(fold_name(text));
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (const auto year = year_at(words, i)) return year;
  }
  return std::nullopt;
}

// "(1)" that a browser puts behind the second copy.
std::string_view without_copy_number(std::string_view stem) {
  stem = trim(stem);
  if (!stem.ends_with(')')) return stem;
  const std::size_t open = stem.rfind('(');
  if (open == std::string_view::npos || open == 0) return stem;
  return is_number(stem.substr(open + 1, stem.size() - open - 2)) ? trim(stem.substr(0, open))
                                                                  : stem;
}

bool is_two_digits(const std::vector<std::string>& words, std::size_t i) {
  return i < words.size() && words[i].size() <= 2 && is_number(words[i]);
}

// How many words from `i` on only tell when the file was made, or which copy or part it is.
std::size_t stamp_length(const std::vector<std::string>& words, std::size_t i) {
  const std::string& word = words[i];
  if (is_date(word) || !year_after_letters(word).empty() || word == "copy") return 1;
  if (!is_year(word) && year_at(words, i)) return word.size() == 4 ? 1 : 2;
  if (word.starts_with("part") && word.size() > 4 && is_number(word.substr(4))) return 1;
  if (word == "part" && i + 1 < words.size() && is_number(words[i + 1])) return 2;
  if (is_year(word)) {  // 2025-26, 2025-09, 2025-09-01, 2025-2026; a year alone is kept
    std::size_t length = 1;
    while (length < 3 && is_two_digits(words, i + length)) ++length;
    if (length > 1) return length;
    return i + 1 < words.size() && is_year(words[i + 1]) ? 2 : 0;
  }
  if (is_two_digits(words, i) && is_two_digits(words, i + 1) && i + 2 < words.size() &&
      is_year(words[i + 2])) {
    return 3;  // 9-1-2025
  }
  return 0;
}

std::string name_of(const std::vector<std::string>& words) {
  std::string name;
  for (const std::string& word : words) {
    if (name.size() + word.size() + 1 > kMaxNameBytes) break;
    if (!name.empty()) name.push_back('_');
    name += word;
  }
  return name;
}

std::string stripped_name(const std::string& text) {
  const std::vector<std::string> words = split_words(fold_name(without_copy_number(text)));
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < words.size();) {
    const std::size_t stamp = stamp_length(words, i);
    if (stamp == 0) kept.push_back(words[i]);
    i += stamp == 0 ? 1 : stamp;
  }
  return name_of(kept);
}

}  // namespace

std::vector<std::string> split_words(const std::string& folded) {
  std::vector<std::string> words;
  for (const std::string_view word : split(folded, '_')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

FileName split_file_name(std::string_view path, std::string_view absolute_folder) {
  FileName name{.path = std::string(path), .folder = std::string(absolute_folder), .stem = {}};
  std::string_view stem = path.substr(path.find_last_of('/') + 1);
  constexpr std::string_view kExtensions[] = {".gz",  ".zst", ".bz2", ".zip", ".csv",
                                              ".tsv", ".txt", ".tab", ".psv", ".dat"};
  for (bool is_cut = true; is_cut;) {
    is_cut = false;
    for (const std::string_view extension : kExtensions) {
      if (stem.size() <= extension.size()) continue;
      if (!equals_ignoring_case(stem.substr(stem.size() - extension.size()), extension)) continue;
      stem.remove_suffix(extension.size());
      is_cut = true;
    }
  }
  name.stem = stem;
  if (name.folder == "." || name.folder == "/") name.folder.clear();
  return name;
}

std::string table_name(const FileName& name, const ContractSet& contracts) {
  std::string table = stripped_name(name.stem);
  if (table.empty()) table = stripped_name(name.folder);
  if (table.empty()) table = "file";
  const bool is_taken = contracts.find(table) != nullptr;
  if (is_taken || !(table[0] >= 'a' && table[0] <= 'z')) table = "file_" + table;
  if (table.size() > kMaxNameBytes) table.resize(kMaxNameBytes);
  return table;
}

std::optional<int> school_year_in_name(const FileName& name) {
  if (const auto year = year_in(name.stem)) return year;
  return year_in(name.folder);
}

std::vector<std::string> words_of(const FileName& name) {
  std::vector<std::string> words = split_words(fold_name(name.folder));
  words.emplace_back();  // no run of words goes over from one name to the other
  for (std::string& word : split_words(fold_name(name.stem))) words.push_back(std::move(word));
  return words;
}

std::optional<SpelledCode> spelled_code(const Enumeration& enumeration,
                                        const std::vector<std::string>& words, std::size_t start) {
  if (is_number(words[start])) return std::nullopt;
  std::optional<SpelledCode> longest;
  std::string spaced;
  std::string joined;  // "aMath" is two words of a header and one of a list
  for (std::size_t i = start; i < words.size() && i < start + kMaxSpellingWords; ++i) {
    if (i > start) spaced.push_back(' ');
    spaced += words[i];
    joined += words[i];
    if (joined.size() < kMinSpellingBytes) continue;
    auto found = enumeration.by_spelling.find(spaced);
    if (found == enumeration.by_spelling.end()) found = enumeration.by_spelling.find(joined);
    if (found == enumeration.by_spelling.end()) continue;
    longest = SpelledCode{.num_words = i - start + 1, .value = found->second};
  }
  return longest;
}

std::optional<std::string> code_in_name(const Enumeration& enumeration, const FileName& name) {
  for (const std::string* text : {&name.stem, &name.folder}) {
    const std::vector<std::string> words = split_words(fold_name(*text));
    std::optional<std::uint32_t> value;
    bool is_contested = false;
    for (std::size_t i = 0; i < words.size();) {
      const auto spelled = spelled_code(enumeration, words, i);
      if (spelled && value && *value != spelled->value) is_contested = true;
      if (spelled) value = spelled->value;
      i += spelled ? spelled->num_words : 1;
    }
    if (value && !is_contested) return enumeration.values[*value].code;
  }
  return std::nullopt;
}

bool is_run_of(const std::vector<std::string>& run, const std::vector<std::string>& words) {
  return !run.empty() && std::ranges::search(words, run).begin() != words.end();
}

}  // namespace homeroom::contract
