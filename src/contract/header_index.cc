#include "contract/header_index.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace homeroom::contract {
namespace {

constexpr std::span<const HeaderMeaning> kNone;

// The column's own name stands where its synonyms list it, else before them.
std::vector<std::string> spellings_of(const Column& column) {
  std::vector<std::string> spellings = column.synonyms;
  const std::string own = header_key(column.name);
  const bool is_listed = std::ranges::any_of(
      spellings, [&](const std::string& synonym) { return header_key(synonym) == own; });
  if (!is_listed) spellings.insert(spellings.begin(), column.name);
  return spellings;
}

std::span<const HeaderMeaning> find_in(
    const std::unordered_map<std::string, std::vector<HeaderMeaning>>& meanings,
    const std::string& key) {
  const auto found = meanings.find(key);
  return found == meanings.end() ? kNone : std::span<const HeaderMeaning>(found->second);
}

// The first meaning of a key in a column is its surest.
void add_meaning(std::vector<HeaderMeaning>& meanings, const HeaderMeaning& meaning) {
  const bool is_known = std::ranges::any_of(meanings, [&](const HeaderMeaning& known) {
    return known.contract == meaning.contract && known.column == meaning.column;
  });
  if (!is_known) meanings.push_back(meaning);
}

// The keys of "students" or "students.first_name", for each of `references`.
std::unordered_set<std::string> keys_of(std::span<const Contract> contracts,
                                        std::span<const std::string> references) {
  std::unordered_set<std::string> keys;
  for (const std::string& reference : references) {
    const auto parts = split(reference, '.');
    const auto other = std::ranges::find(contracts, parts[0], &Contract::name);
    for (const Column& column : other->columns) {
      if (parts.size() == 2 && column.name != parts[1]) continue;
      for (const std::string& spelling : spellings_of(column)) keys.insert(header_key(spelling));
    }
  }
  return keys;
}

}  // namespace

std::string header_key(std::string_view header) {
  std::string key = fold_name(header);
  std::erase(key, '_');
  return key;
}

std::string word_set_key(std::string_view header) {
  const std::string folded = fold_name(header);
  std::vector<std::string_view> words = split(folded, '_');
  std::erase_if(
      words, [](std::string_view word) { return word.empty() || word == "of" || word == "the"; });
  if (words.size() < 2) return {};
  std::ranges::sort(words);
  std::string key;
  for (const std::string_view word : words) key.append(word).push_back(' ');
  return key;
}

HeaderIndex::HeaderIndex(std::span<const Contract> contracts) : num_contracts_(contracts.size()) {
  for (std::uint32_t i = 0; i < contracts.size(); ++i) {
    add(contracts[i], i);
    carried_.push_back(keys_of(contracts, contracts[i].carries));
    excluded_.push_back(keys_of(contracts, contracts[i].excludes));
  }
}

void HeaderIndex::add(const Contract& contract, std::uint32_t index) {
  for (std::uint32_t column = 0; column < contract.columns.size(); ++column) {
    const std::vector<std::string> spellings = spellings_of(contract.columns[column]);
    HeaderMeaning meaning{.contract = index, .column = column};
    for (const std::string& spelling : spellings) {
      add_meaning(by_key_[header_key(spelling)], meaning);
      const std::string words = word_set_key(spelling);
      if (!words.empty()) add_meaning(by_words_[words], meaning);
      ++meaning.rank;
    }
    meaning.is_weak = true;
    for (const std::string& spelling : contract.columns[column].weak_synonyms) {
      add_meaning(by_key_[header_key(spelling)], meaning);
      ++meaning.rank;
    }
  }
}

std::span<const HeaderMeaning> HeaderIndex::find(const std::string& key) const {
  return find_in(by_key_, key);
}

std::span<const HeaderMeaning> HeaderIndex::find_words(const std::string& key) const {
  return find_in(by_words_, key);
}

double HeaderIndex::weight(const std::string& key) const {
  std::size_t num_users = 0;
  bool is_strong = false;
  std::uint32_t last = ~std::uint32_t{0};
  for (const HeaderMeaning& meaning : find(key)) {
    if (meaning.contract == last) continue;
    is_strong = is_strong || !meaning.is_weak;
    ++num_users;
    last = meaning.contract;
  }
  if (!is_strong || num_contracts_ == 0) return 0;
  const double all = static_cast<double>(num_contracts_) + 1;
  return std::log(all / static_cast<double>(num_users)) / std::log(all);
}

bool HeaderIndex::carries(std::size_t contract, const std::string& key) const {
  return carried_[contract].contains(key);
}

bool HeaderIndex::excludes(std::size_t contract, const std::string& key) const {
  return excluded_[contract].contains(key);
}

}  // namespace homeroom::contract
