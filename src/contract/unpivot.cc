// Headers of wide score files: "Fall Math RIT" is window BOY, subject math, measure scale_score.

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "contract/file_name.h"
#include "contract/match_columns.h"

namespace homeroom::contract {
namespace {

constexpr std::size_t kMinGroups = 2;
constexpr std::size_t kMinGluedBytes = 3;

bool is_score(const Column& column) {
  return column.kind != Kind::kDate;
}

// A header read as dimension words and a measure.
struct Reading {
  std::vector<std::string> codes;  ///< one for each dimension
  int measure = -1;                ///< column of the contract
};

class WideReader {
 public:
  explicit WideReader(const Contract& contract) : contract_(contract) {
    for (const std::string& name : contract.unpivot->dimensions) {
      const Column& column = contract.columns[static_cast<std::size_t>(contract.find(name))];
      dimensions_.push_back(column.enumeration);
    }
    for (const std::string& name : contract.unpivot->measures) {
      const int index = contract.find(name);
      const Column& column = contract.columns[static_cast<std::size_t>(index)];
      measures_.try_emplace(header_key(column.name), index);
      for (const std::string& synonym : column.synonyms) {
        measures_.try_emplace(header_key(synonym), index);
      }
    }
  }

  [[nodiscard]] std::optional<Reading> read(const FoldedHeader& header) const {
    if (auto reading = read_words(header.words)) return reading;
    std::vector<std::string> words = header.words;
    return split_glued(words) ? read_words(words) : std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<Reading> read_words(const std::vector<std::string>& words) const {
    Reading reading{.codes = std::vector<std::string>(dimensions_.size()), .measure = -1};
    std::string rest;
    bool names_dimension = false;
    for (std::size_t i = 0; i < words.size();) {
      std::size_t num_used = 0;
      for (std::size_t d = 0; d < dimensions_.size() && num_used == 0; ++d) {
        const auto spelled = spelled_code(*dimensions_[d], words, i);
        if (!spelled) continue;
        const std::string& code = dimensions_[d]->values[spelled->value].code;
        if (!reading.codes[d].empty() && reading.codes[d] != code) return std::nullopt;
        reading.codes[d] = code;
        num_used = spelled->num_words;
      }
      names_dimension = names_dimension || num_used > 0;
      if (num_used == 0) rest += words[i++];
      i += num_used;
    }
    const auto measure = measures_.find(rest);
    if (!names_dimension || measure == measures_.end()) return std::nullopt;
    reading.measure = measure->second;
    return reading;
  }

  // "elass" -> "ela", "ss": a dimension's word and a measure written as one.
  [[nodiscard]] bool split_glued(std::vector<std::string>& words) const {
    for (std::size_t i = 0; i < words.size(); ++i) {
      for (std::size_t cut = kMinGluedBytes; cut < words[i].size(); ++cut) {
        const std::vector<std::string> head = {words[i].substr(0, cut)};
        const bool is_dimension = std::ranges::any_of(dimensions_, [&](const Enumeration* values) {
          return spelled_code(*values, head, 0).has_value();
        });
        if (!is_dimension || !measures_.contains(words[i].substr(cut))) continue;
        words.insert(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words[i].substr(cut));
        words[i] = head[0];
        return true;
      }
    }
    return false;
  }

  const Contract& contract_;
  std::vector<const Enumeration*> dimensions_;
  std::map<std::string, int, std::less<>> measures_;
};

// True when a score stands under its own name: then the file is long already.
bool has_score(const Contract& contract, std::span<const FoldedHeader> headers,
               const ColumnAssignment& assignment) {
  return std::ranges::any_of(contract.unpivot->measures, [&](const std::string& name) {
    const auto column = static_cast<std::size_t>(contract.find(name));
    const int header = assignment.headers[column];
    return header >= 0 && is_score(contract.columns[column]) &&
           !headers[static_cast<std::size_t>(header)].is_empty;
  });
}

bool is_year(std::string_view word) {
  return word.size() == 4 && (word.starts_with("19") || word.starts_with("20")) && word[2] >= '0' &&
         word[2] <= '9' && word[3] >= '0' && word[3] <= '9';
}

struct WideHeader {
  std::size_t header = 0;
  Reading reading;
  std::string years;  ///< "2022 2023 " of "Fall 2022/2023 Math Raw Score"
};

// Every header that reads as dimension words and a measure and has no surer meaning.
std::vector<WideHeader> read_headers(const Contract& contract,
                                     std::span<const FoldedHeader> headers,
                                     const ColumnAssignment& assignment) {
  const WideReader reader(contract);
  std::set<std::pair<std::vector<std::string>, int>> taken;
  std::vector<WideHeader> found;
  for (std::size_t i = 0; i < headers.size(); ++i) {
    const ColumnMatch& match = assignment.columns[i];
    if (match.column >= 0 && match.reason != MatchReason::kAffix) continue;
    WideHeader wide{.header = i, .reading = {}, .years = {}};
    FoldedHeader header = headers[i];
    std::erase_if(header.words, [&](const std::string& word) {
      if (is_year(word)) wide.years += word + " ";
      return is_year(word);
    });
    auto reading = reader.read(header);
    if (!reading || !taken.emplace(reading->codes, reading->measure).second) continue;
    wide.reading = *std::move(reading);
    found.push_back(std::move(wide));
  }
  return found;
}

// The dimension combinations that have a score, not only a date.
std::set<std::vector<std::string>> scored_groups(const Contract& contract,
                                                 std::span<const WideHeader> found) {
  std::set<std::vector<std::string>> groups;
  for (const WideHeader& wide : found) {
    const auto measure = static_cast<std::size_t>(wide.reading.measure);
    if (is_score(contract.columns[measure])) groups.insert(wide.reading.codes);
  }
  return groups;
}

}  // namespace

void assign_unpivoted(const Contract& contract, std::span<const FoldedHeader> headers,
                      ColumnAssignment& assignment) {
  if (has_score(contract, headers, assignment)) return;
  std::vector<WideHeader> found = read_headers(contract, headers, assignment);
  const auto groups = scored_groups(contract, found);
  if (groups.size() < kMinGroups) return;
  // Rows of several years need a year each, which such headers do not give.
  const bool same_years = std::ranges::all_of(
      found, [&](const WideHeader& wide) { return wide.years == found.front().years; });
  if (!same_years) return;
  for (WideHeader& wide : found) {
    if (!groups.contains(wide.reading.codes)) continue;
    ColumnMatch& match = assignment.columns[wide.header];
    if (match.column >= 0) assignment.headers[static_cast<std::size_t>(match.column)] = -1;
    match = {.column = wide.reading.measure,
             .reason = MatchReason::kUnpivot,
             .dimension_codes = std::move(wide.reading.codes)};
  }
  assignment.num_groups = groups.size();
}

}  // namespace homeroom::contract
