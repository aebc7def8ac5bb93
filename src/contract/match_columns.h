#pragma once

// Which column of one data set each header of a file is.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "contract/header_index.h"
#include "contract/match.h"

namespace homeroom::contract {

/// A header in the forms that matching needs. Made once a file.
struct FoldedHeader {
  std::string key;                 ///< header_key
  std::string word_set;            ///< word_set_key
  std::vector<std::string> words;  ///< folded words in order
  bool is_empty = false;           ///< no name, or no value in the whole file: no evidence
};

[[nodiscard]] std::vector<FoldedHeader> fold_headers(std::span<const std::string> header,
                                                     std::span<const char> is_empty);

/// One data set's columns, by header. No column is named twice.
struct ColumnAssignment {
  std::vector<ColumnMatch> columns;  ///< one for each header
  std::vector<int> headers;          ///< header of each column; -1: none
  std::vector<char> is_weak;         ///< by header: matched by a weak synonym
  std::size_t num_groups = 0;        ///< distinct dimension combinations, when unpivoted
};

/// Columns take their surest header in the order of the contract; then weak synonyms; then
/// headers that differ by an affix ("student_", "_code") or the order of their words; then, where
/// no score is there by its own name, headers made of dimension words and a measure.
[[nodiscard]] ColumnAssignment assign_columns(const HeaderIndex& index, const Contract& contract,
                                              std::size_t contract_index,
                                              std::span<const FoldedHeader> headers);

/// The headers of a wide file (unpivot.cc); adds to `assignment`, or nothing when fewer than two
/// groups would come of it.
void assign_unpivoted(const Contract& contract, std::span<const FoldedHeader> headers,
                      ColumnAssignment& assignment);

}  // namespace homeroom::contract
