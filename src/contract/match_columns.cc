#include "contract/match_columns.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "contract/file_name.h"

namespace homeroom::contract {
namespace {

// Affixes that seldom change what a header means. What is left must tell something by itself.
constexpr std::string_view kPrefixes[] = {"student_", "stu_",     "std_",    "child_",
                                          "pupil_",   "learner_", "current_"};
// Only before columns of codes and flags: a "result code" is no result.
constexpr std::string_view kSuffixes[] = {"_code", "_indicator", "_ind", "_flag", "_yn"};
constexpr double kMinAffixWeight = 0.4;

bool has_codes(const Column& column) {
  return column.enumeration != nullptr || column.kind == Kind::kBoolean;
}

bool is_free(const ColumnAssignment& assignment, std::size_t header, std::size_t column) {
  return assignment.columns[header].column < 0 && assignment.headers[column] < 0;
}

void assign(ColumnAssignment& assignment, std::size_t header, std::size_t column,
            MatchReason reason) {
  assignment.columns[header].column = static_cast<int>(column);
  assignment.columns[header].reason = reason;
  assignment.headers[column] = static_cast<int>(header);
}

// A header that may be a column, as sure as `rank` says.
struct Candidate {
  std::size_t header = 0;
  std::uint32_t rank = 0;
};

class Matcher {
 public:
  Matcher(const HeaderIndex& index, const Contract& contract, std::size_t contract_index,
          std::span<const FoldedHeader> headers)
      : index_(index), contract_(contract), contract_index_(contract_index), headers_(headers) {
    result_.columns.resize(headers.size());
    result_.headers.assign(contract.columns.size(), -1);
    result_.is_weak.assign(headers.size(), 0);
  }

  ColumnAssignment match() {
    assign_exact(false);
    assign_exact(true);
    assign_similar();
    if (contract_.unpivot) assign_unpivoted(contract_, headers_, result_);
    return std::move(result_);
  }

 private:
  void assign_exact(bool is_weak) {
    std::vector<std::vector<Candidate>> candidates(contract_.columns.size());
    for (std::size_t header = 0; header < headers_.size(); ++header) {
      for (const HeaderMeaning& meaning : index_.find(headers_[header].key)) {
        if (meaning.contract != contract_index_ || meaning.is_weak != is_weak) continue;
        candidates[meaning.column].push_back({header, meaning.rank});
      }
    }
    for (std::size_t column = 0; column < candidates.size(); ++column) {
      std::ranges::stable_sort(candidates[column], {}, [this](const Candidate& candidate) {
        return std::pair(headers_[candidate.header].is_empty, candidate.rank);
      });
      for (const Candidate& candidate : candidates[column]) {
        if (!is_free(result_, candidate.header, column)) continue;
        const bool is_name =
            headers_[candidate.header].key == header_key(contract_.columns[column].name);
        assign(result_, candidate.header, column,
               is_name ? MatchReason::kName : MatchReason::kSynonym);
        result_.is_weak[candidate.header] = is_weak ? 1 : 0;
      }
    }
  }

  void assign_similar() {
    for (std::size_t header = 0; header < headers_.size(); ++header) {
      if (headers_[header].is_empty || result_.columns[header].column >= 0) continue;
      const auto column = similar_column(headers_[header]);
      if (column && is_free(result_, header, *column)) {
        assign(result_, header, *column, MatchReason::kAffix);
      }
    }
  }

  std::optional<std::size_t> similar_column(const FoldedHeader& header) const {
    if (!header.word_set.empty()) {
      if (const auto column = own_column(index_.find_words(header.word_set))) return column;
    }
    const std::string folded = folded_name(header);
    for (const std::string_view prefix : kPrefixes) {
      if (folded.starts_with(prefix)) {
        const std::string_view rest = std::string_view(folded).substr(prefix.size());
        if (const auto column = telling_column(rest)) return column;
        if (const auto column = column_without_suffix(rest)) return column;
      }
    }
    return column_without_suffix(folded);
  }

  std::optional<std::size_t> column_without_suffix(std::string_view folded) const {
    for (const std::string_view suffix : kSuffixes) {
      if (!folded.ends_with(suffix)) continue;
      const auto column = telling_column(folded.substr(0, folded.size() - suffix.size()));
      if (column && has_codes(contract_.columns[*column])) return column;
    }
    return std::nullopt;
  }

  std::optional<std::size_t> telling_column(std::string_view folded) const {
    const std::string key = header_key(folded);
    if (index_.weight(key) < kMinAffixWeight) return std::nullopt;
    return own_column(index_.find(key));
  }

  std::optional<std::size_t> own_column(std::span<const HeaderMeaning> meanings) const {
    for (const HeaderMeaning& meaning : meanings) {
      if (meaning.contract == contract_index_ && !meaning.is_weak) return meaning.column;
    }
    return std::nullopt;
  }

  static std::string folded_name(const FoldedHeader& header) {
    std::vector<std::string> words = header.words;
    return join(words, "_");
  }

  const HeaderIndex& index_;
  const Contract& contract_;
  std::size_t contract_index_;
  std::span<const FoldedHeader> headers_;
  ColumnAssignment result_;
};

}  // namespace

std::vector<FoldedHeader> fold_headers(std::span<const std::string> header,
                                       std::span<const char> is_empty) {
  std::vector<FoldedHeader> folded(header.size());
  for (std::size_t i = 0; i < header.size(); ++i) {
    folded[i].key = header_key(header[i]);
    folded[i].word_set = word_set_key(header[i]);
    folded[i].words = split_words(fold_name(header[i]));
    folded[i].is_empty = folded[i].key.empty() || (i < is_empty.size() && is_empty[i] != 0);
  }
  return folded;
}

ColumnAssignment assign_columns(const HeaderIndex& index, const Contract& contract,
                                std::size_t contract_index, std::span<const FoldedHeader> headers) {
  return Matcher(index, contract, contract_index, headers).match();
}

}  // namespace homeroom::contract
