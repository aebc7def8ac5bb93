// Headers of wide score files: "Fall Math RIT" is window BOY, subject math, measure scale_score;
// "Exam Code 01" and "Exam Grade 01" are test and score of the first of many exams.

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "contract/file_name.h"
#include "contract/header_index.h"
#include "contract/match_columns.h"

namespace homeroom::contract {
namespace {

constexpr std::size_t kMinGroups = 2;
constexpr std::size_t kMinGluedBytes = 3;
constexpr std::size_t kMaxNumberBytes = 3;

bool is_number(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_year(std::string_view word) {
  return word.size() == 4 && is_number(word) && (word.starts_with("19") || word.starts_with("20"));
}

// A header read as dimension words, or a number, and a column.
struct Reading {
  std::vector<std::string> codes;  ///< one for each dimension
  std::string number;              ///< of a repeated group; empty: it has dimension words
  std::string years;               ///< "2022 2023 " of "Fall 2022/2023 Math Raw Score"
  int column = -1;                 ///< of the contract

  [[nodiscard]] auto group() const { return std::pair(codes, number); }
};

class WideReader {
 public:
  explicit WideReader(const Contract& contract) {
    for (const std::string& name : contract.unpivot->dimensions) {
      const Column& column = contract.columns[static_cast<std::size_t>(contract.find(name))];
      dimensions_.push_back(column.enumeration);
    }
    for (const auto* names : {&contract.unpivot->measures, &contract.unpivot->besides}) {
      for (const std::string& name : *names) add_column(contract, contract.find(name));
    }
  }

  [[nodiscard]] std::optional<Reading> read(std::vector<std::string> words) const {
    Reading reading;
    std::erase_if(words, [&](const std::string& word) {
      if (is_year(word)) reading.years += word + " ";
      return is_year(word);
    });
    if (!read_words(words, reading) && (!split_glued(words) || !read_words(words, reading))) {
      return std::nullopt;
    }
    return reading;
  }

 private:
  void add_column(const Contract& contract, int index) {
    const Column& column = contract.columns[static_cast<std::size_t>(index)];
    columns_.try_emplace(header_key(column.name), index);
    for (const auto* synonyms : {&column.synonyms, &column.weak_synonyms}) {
      for (const std::string& synonym : *synonyms) {
        columns_.try_emplace(header_key(synonym), index);
      }
    }
  }

  // Takes the words of a dimension from `i` on; 0 when there are none. A second code of the same
  // dimension is left to the rest of the header ("Early Math Composite Score").
  [[nodiscard]] std::size_t take_dimension(const std::vector<std::string>& words, std::size_t i,
                                           Reading& reading) const {
    for (std::size_t d = 0; d < dimensions_.size(); ++d) {
      const auto spelled = spelled_code(*dimensions_[d], words, i);
      if (!spelled || !reading.codes[d].empty()) continue;
      reading.codes[d] = dimensions_[d]->values[spelled->value].code;
      return spelled->num_words;
    }
    return 0;
  }

  [[nodiscard]] bool read_words(const std::vector<std::string>& words, Reading& reading) const {
    reading.codes.assign(dimensions_.size(), {});
    reading.number.clear();
    std::string rest;
    bool has_dimension = false;
    for (std::size_t i = 0; i < words.size();) {
      const std::size_t num_used = take_dimension(words, i, reading);
      has_dimension = has_dimension || num_used > 0;
      if (num_used == 0) rest += words[i];
      i += std::max<std::size_t>(1, num_used);
    }
    if (!has_dimension && !words.empty() && is_number(words.back()) &&
        words.back().size() <= kMaxNumberBytes) {
      reading.number = words.back();
      rest.resize(rest.size() - reading.number.size());
    }
    const auto column = columns_.find(rest);
    if (column == columns_.end() || (!has_dimension && reading.number.empty())) return false;
    reading.column = column->second;
    return true;
  }

  // "elass" -> "ela", "ss": a dimension's word and a measure written as one.
  [[nodiscard]] bool split_glued(std::vector<std::string>& words) const {
    for (std::size_t i = 0; i < words.size(); ++i) {
      for (std::size_t cut = kMinGluedBytes; cut < words[i].size(); ++cut) {
        const std::vector<std::string> head = {words[i].substr(0, cut)};
        const bool is_dimension = std::ranges::any_of(dimensions_, [&](const Enumeration* values) {
          return spelled_code(*values, head, 0).has_value();
        });
        if (!is_dimension || !columns_.contains(words[i].substr(cut))) continue;
        words.insert(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words[i].substr(cut));
        words[i] = head[0];
        return true;
      }
    }
    return false;
  }

  std::vector<const Enumeration*> dimensions_;
  std::map<std::string, int, std::less<>> columns_;
};

bool is_measure(const Contract& contract, int column) {
  const std::string& name = contract.columns[static_cast<std::size_t>(column)].name;
  return std::ranges::find(contract.unpivot->measures, name) != contract.unpivot->measures.end();
}

// True when a score stands under its own name: then the file is long already.
bool has_score(const Contract& contract, std::span<const FoldedHeader> headers,
               const ColumnAssignment& assignment) {
  return std::ranges::any_of(contract.unpivot->measures, [&](const std::string& name) {
    const int header = assignment.headers[static_cast<std::size_t>(contract.find(name))];
    return header >= 0 && !headers[static_cast<std::size_t>(header)].is_empty;
  });
}

struct WideHeader {
  std::size_t header = 0;
  Reading reading;
};

// A group of columns that becomes one row, as far as it was found.
struct Group {
  std::uint32_t index = 0;
  bool has_score = false;
  bool says_what = false;  ///< has dimension words, or names its test besides the score

  [[nodiscard]] bool is_whole() const { return has_score && says_what; }
};

using Groups = std::map<std::pair<std::vector<std::string>, std::string>, Group>;

// Every header that reads as part of a group and has no surer meaning; one for each column.
std::vector<WideHeader> read_headers(const Contract& contract,
                                     std::span<const FoldedHeader> headers,
                                     const ColumnAssignment& assignment) {
  const WideReader reader(contract);
  std::map<std::pair<std::vector<std::string>, std::string>, std::vector<int>> taken;
  std::vector<WideHeader> found;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const ColumnMatch& match = assignment.columns[i];
    if (match.column >= 0 && match.reason != MatchReason::kAffix) continue;
    auto reading = reader.read(headers[i].words);
    if (!reading) continue;
    std::vector<int>& columns = taken[reading->group()];
    if (std::ranges::find(columns, reading->column) != columns.end()) continue;
    columns.push_back(reading->column);
    found.push_back({.header = i, .reading = *std::move(reading)});
  }
  return found;
}

Groups find_groups(const Contract& contract, std::span<const WideHeader> found) {
  Groups groups;
  for (const WideHeader& wide : found) {
    Group& group = groups[wide.reading.group()];
    if (is_measure(contract, wide.reading.column)) {
      group.has_score = true;
    } else {
      group.says_what = true;
    }
    if (wide.reading.number.empty()) group.says_what = true;
  }
  std::erase_if(groups, [](const auto& entry) { return !entry.second.is_whole(); });
  return groups;
}

}  // namespace

void assign_unpivoted(const Contract& contract, std::span<const FoldedHeader> headers,
                      ColumnAssignment& assignment) {
  if (has_score(contract, headers, assignment)) return;
  std::vector<WideHeader> found = read_headers(contract, headers, assignment);
  Groups groups = find_groups(contract, found);
  if (groups.size() < kMinGroups) return;
  // Rows of several years need a year each, which such headers do not give.
  const bool same_years = std::ranges::all_of(found, [&](const WideHeader& wide) {
    return wide.reading.years == found.front().reading.years;
  });
  if (!same_years) return;
  for (WideHeader& wide : found) {
    const auto group = groups.find(wide.reading.group());
    if (group == groups.end()) continue;
    if (group->second.index == 0) {
      group->second.index = static_cast<std::uint32_t>(++assignment.num_groups);
    }
    ColumnMatch& match = assignment.columns[wide.header];
    if (match.column >= 0) assignment.headers[static_cast<std::size_t>(match.column)] = -1;
    match = {.column = wide.reading.column,
             .reason = MatchReason::kUnpivot,
             .dimension_codes = std::move(wide.reading.codes),
             .group = group->second.index - 1};
  }
}

}  // namespace homeroom::contract
