#pragma once

// Which header means which column of which data set, and how much it tells.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "contract/contract.h"

namespace homeroom::contract {

/// A header folded to the key it is looked up by: its words without anything between them, so
/// that STUDENTID, StudentId and "Student ID" are one.
///
///     header_key("Student ID") == "studentid"
[[nodiscard]] std::string header_key(std::string_view header);

/// The words of a header, in alphabetical order and without "of" and "the", as one key; empty for
/// fewer than two words. "Date of Birth" and "birth_date" are one.
[[nodiscard]] std::string word_set_key(std::string_view header);

/// What a header may mean.
struct HeaderMeaning {
  std::uint32_t contract = 0;
  std::uint32_t column = 0;
  std::uint32_t rank = 0;  ///< 0: the surest spelling of the column
  bool is_weak = false;    ///< only where the rest of the file says what it is
};

/// The headers of all contracts. Immutable; may be shared by threads.
class HeaderIndex {
 public:
  explicit HeaderIndex(std::span<const Contract> contracts);

  /// Meanings of a `header_key`, in the order of the contracts.
  [[nodiscard]] std::span<const HeaderMeaning> find(const std::string& key) const;
  /// Meanings of a `word_set_key`.
  [[nodiscard]] std::span<const HeaderMeaning> find_words(const std::string& key) const;

  /// 0 to 1: near 1 for a header that one data set alone uses, near 0 for one that all use.
  [[nodiscard]] double weight(const std::string& key) const;

  /// True when files of the contract often repeat this header of another data set.
  [[nodiscard]] bool carries(std::size_t contract, const std::string& key) const;
  /// True when the contract says that a file with this header is another data set.
  [[nodiscard]] bool excludes(std::size_t contract, const std::string& key) const;

 private:
  using Meanings = std::unordered_map<std::string, std::vector<HeaderMeaning>>;

  void add(const Contract& contract, std::uint32_t index);

  Meanings by_key_;
  Meanings by_words_;
  std::vector<std::unordered_set<std::string>> carried_;   ///< keys, by contract
  std::vector<std::unordered_set<std::string>> excluded_;  ///< the same
  std::size_t num_contracts_ = 0;
};

}  // namespace homeroom::contract
