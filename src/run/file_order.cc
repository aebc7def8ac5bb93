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

// Words in a row among the words of the name.
std::size_t words_of_hint(const std::string& hint, const std::vector<std::string>& words) {
  const std::vector<std::string> run = contract::split_words(fold_name(hint));
  const bool is_there = !run.empty() && std::ranges::search(words, run).begin() != words.end();
  return is_there ? run.size() : 0;
}

struct Hinted {
  std::vector<std::string> hints;
  std::size_t depth = 0;
};

// The depth of the one data set that the file's name speaks of at most length, or kLast.
std::size_t rank_of(const source::InputFile& file, const std::vector<Hinted>& data_sets) {
  contract::FileName name = contract::split_file_name(file.path.string(), {});
  name.folder.clear();
  const std::vector<std::string> words = contract::words_of(name);
  std::size_t longest = 0;
  std::size_t rank = kLast;
  for (const Hinted& data_set : data_sets) {
    for (const std::string& hint : data_set.hints) {
      const std::size_t length = words_of_hint(hint, words);
      if (length == 0 || length < longest) continue;
      // Two that are equally likely: the one that needs more before it.
      rank = length > longest ? data_set.depth : std::max(rank, data_set.depth);
      longest = length;
    }
  }
  return rank;
}

}  // namespace

void put_referred_first(std::vector<source::InputFile>& files, const ContractSet& contracts) {
  if (files.size() < 2) return;
  std::vector<Hinted> data_sets;
  for (const Contract& contract : contracts.contracts()) {
    data_sets.push_back(
        {.hints = contract.name_hints, .depth = depth_of(contracts, contract, kLast)});
  }
  std::vector<std::pair<std::size_t, std::size_t>> order;
  for (std::size_t i = 0; i < files.size(); ++i)
    order.emplace_back(rank_of(files[i], data_sets), i);
  std::ranges::sort(order);
  std::vector<source::InputFile> ordered;
  for (const auto& [rank, i] : order) ordered.push_back(std::move(files[i]));
  files = std::move(ordered);
}

}  // namespace homeroom::run
