#include "run/file_order.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "base/text.h"
#include "contract/file_name.h"
#include "contract/match.h"

namespace homeroom::run {
namespace {

using contract::Contract;
using contract::ContractSet;

// Longer than any chain of references; ends a circle.
constexpr std::size_t kLast = 16;

// How many data sets must be there before it.
std::size_t depth_of(const ContractSet& contracts, const Contract& contract, std::size_t limit) {
  std::size_t depth = 0;
  if (limit == 0) return depth;
  for (const Reference& reference : contract.references) {
    const Contract* other = contracts.find(reference.table);
    if (other == nullptr || other == &contract) continue;
    depth = std::max(depth, 1 + depth_of(contracts, *other, limit - 1));
  }
  return depth;
}

struct Hint {
  std::vector<std::string> words;
  std::size_t depth = 0;  // of its data set
};

// The depth of the data set that the longest hint in the file's name means, or kLast.
std::size_t rank_of(const source::InputFile& file, const std::vector<Hint>& hints) {
  contract::FileName name = contract::split_file_name(file.path.string(), {});
  name.folder.clear();
  const std::vector<std::string> words = contract::words_of(name);
  std::size_t longest = 0;
  std::size_t rank = kLast;
  for (const Hint& hint : hints) {
    if (hint.words.size() < longest || !contract::is_run_of(hint.words, words)) continue;
    // Two that are equally likely: the one that needs more before it.
    rank = hint.words.size() > longest ? hint.depth : std::max(rank, hint.depth);
    longest = hint.words.size();
  }
  return rank;
}

}  // namespace

void put_referred_first(std::vector<source::InputFile>& files, const ContractSet& contracts) {
  if (files.size() < 2) return;
  std::vector<Hint> hints;
  for (const Contract& contract : contracts.contracts()) {
    const std::size_t depth = depth_of(contracts, contract, kLast);
    for (const std::string& hint : contract.name_hints) {
      hints.push_back({.words = contract::split_words(fold_name(hint)), .depth = depth});
    }
  }
  std::vector<std::pair<std::size_t, std::size_t>> order;
  for (const source::InputFile& file : files) {
    order.emplace_back(rank_of(file, hints), order.size());
  }
  std::ranges::sort(order);
  std::vector<source::InputFile> ordered;
  for (const auto& [rank, i] : order) ordered.push_back(std::move(files[i]));
  files = std::move(ordered);
}

}  // namespace homeroom::run
