// Property: whatever a district's files change, the documents that people are shown are read as the
// contracts in force, and a comparison with the shipped ones finds whatever changed.

#include <algorithm>
#include <array>
#include <list>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "contract/contract.h"
#include "contract/contract_files.h"
#include "contract/diff/diff.h"
#include "contract/document/merge.h"
#include "contract/document/write_yaml.h"
#include "contract/profile/profile.h"
#include "contract/testing.h"

namespace homeroom::contract {
namespace {

// What a district may write of a column; {} is another column of the same data set.
constexpr std::array kOfColumns = {
    "required: true",
    "required: false",
    "primaryKey: false",
    "primaryKey: true, primaryKeyPosition: 3",
    "unique: true",
    "logicalType: string",
    "logicalTypeOptions: {maxLength: 12}",
    "logicalTypeOptions: {minLength: 2, pattern: 'x.*'}",
    "relationships: []",
    "relationships: [{to: students.student_id, customProperties: [{property: "
    "homeroom.whenUnknown, value: quarantine}]}]",
    "quality: [{id: blank, metric: nullValues, mustBe: 0}]",
    "quality: [{id: blank, metric: nullValues, mustBeLessThan: 5, severity: warning}]",
    "customProperties: [{property: homeroom.without, value: [minimum, maximum, pattern, units]}]",
    "customProperties: [{property: homeroom.without, value: [synonyms, synonymsFrom, default]}]",
    "customProperties: [{property: homeroom.synonyms, value: [Eins, Zwei]}]",
    "customProperties: [{property: homeroom.notSynonyms, value: [id, student_id, local_id]}]",
    "customProperties: [{property: homeroom.notSynonyms, value: [Eins, school, year]}]",
    "customProperties: [{property: homeroom.weakSynonyms, value: Drei}]",
    "customProperties: [{property: homeroom.units, value: [oz]}]",
    "customProperties: [{property: homeroom.clean, value: [upper_case]}]",
    "customProperties: [{property: homeroom.suppressible, value: true}]",
    "customProperties: [{property: homeroom.enumeration, value: sex}]",
    "customProperties: [{property: homeroom.kind, value: identifier}]",
    "customProperties: [{property: homeroom.defaultFrom, value: [{}]}]",
    "customProperties: [{property: homeroom.madeFrom, value: {}}]",
    "primaryKey: false, customProperties: [{property: homeroom.removed, value: true}]",
    "primaryKey: false, customProperties: [{property: homeroom.removed, value: true}]",
    "customProperties: [{property: homeroom.removed, value: false}]",
};

// ... and of a data set.
constexpr std::array kOfDataSets = {
    "{property: homeroom.anyOf, value: [{}]}",
    "{property: homeroom.scope, value: {}}",
    "{property: homeroom.schoolYearFrom, value: []}",
    "{property: homeroom.matchNeeds, value: [[{}]]}",
    "{property: homeroom.carries, value: [students.full_name, schools]}",
    "{property: homeroom.excludes, value: [students.first_name, students.student_id]}",
    "{property: homeroom.minKnownPercent, value: 33}",
    "{property: homeroom.maxBadPercent, value: 7}",
    "{property: homeroom.writeMode, value: replace}",
    "{property: homeroom.extraColumns, value: keep}",
    "{property: homeroom.unpivot, value: []}",
    "{property: homeroom.files, value: [{name: 'x_*.txt', delimiter: tab, headerLines: 0}]}",
    "{property: homeroom.withoutChecks, value: [blank]}",
    "{property: homeroom.loadChecks, value: {volume: {holdDropPercent: 55}}}",
    "{property: homeroom.loadChecks, value: {volume: {severity: warn}, drift: {maxPsi: 1}}}",
    "{property: homeroom.loadChecks, value: {schoolDay: {severity: quarantine}}}",
    "{property: homeroom.loadChecks, value: {freshness: {graceMinutes: 5}}}",
    "{property: other.tool, value: {a: 1}}",
};

constexpr std::array kOfDocuments = {
    "slaProperties: [{property: timeOfAvailability, value: '07:15'}]\n",
    "slaProperties: [{property: latency, value: 4, unit: d, element: {}}]\n",
};

class Maker {
 public:
  explicit Maker(unsigned seed) : random_(seed) {}

  std::string file_for(const Contract& contract) {
    std::string text = "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 2.0.0\n";
    if (below(3) == 0) text += filled(pick(kOfDocuments), contract);
    text += fmt::format("schema:\n  - name: {}\n", contract.name);
    if (below(2) == 0) text += "    customProperties:\n";
    for (bool is_open = text.ends_with("Properties:\n"); is_open; is_open = below(2) == 0) {
      text += fmt::format("      - {}\n", filled(pick(kOfDataSets), contract));
    }
    text += "    properties:\n";
    for (std::size_t left = below(4) + 1; left > 0; --left) {
      text += fmt::format("      - {{name: {}, {}}}\n", column_of(contract),
                          filled(pick(kOfColumns), contract));
    }
    return text;
  }

  std::size_t below(std::size_t bound) { return random_() % bound; }

 private:
  template <class Parts>
  std::string_view pick(const Parts& parts) {
    return parts[below(parts.size())];
  }

  const std::string& column_of(const Contract& contract) {
    return contract.columns[below(contract.columns.size())].name;
  }

  std::string filled(std::string_view part, const Contract& contract) {
    const std::size_t place = part.find("{}");
    if (place == std::string_view::npos) return std::string(part);
    return fmt::format("{}{}{}", part.substr(0, place), column_of(contract),
                       part.substr(place + 2));
  }

  std::mt19937 random_;
};

// The shipped files, a profile or none, and in place of the shipped contracts their documents.
Result<ContractSet> set_of_documents(const std::vector<EmbeddedFile>& files) {
  std::list<std::string> texts;
  std::vector<EmbeddedFile> replaced;
  const auto documents = HOMEROOM_TRY(merge_contracts(files));
  for (const EmbeddedFile& file : files) {
    if (file.path.starts_with("ours/")) continue;
    replaced.push_back(file);
    if (!is_contract_file(file.path)) continue;
    const auto document = documents.find(file.path.substr(0, file.path.find('.')));
    replaced.back().text = texts.emplace_back(write_yaml(document->second.root));
  }
  return ContractSet::from_files(replaced);
}

// Files that say what no contract may say are left out, until none does.
void erase_wrong(std::vector<EmbeddedFile>& files) {
  for (auto wrong = find_problems(files); !wrong.empty(); wrong = find_problems(files)) {
    const auto is_wrong = [&](const EmbeddedFile& file) {
      return file.path.starts_with("ours/") && std::ranges::any_of(wrong, [&](const Problem& each) {
               return each.file == file.path;
             });
    };
    if (std::erase_if(files, is_wrong) == 0) return;
  }
}

// What a district says of a data set, or of all.
std::string said(const std::vector<EmbeddedFile>& files, std::string_view dataset = {}) {
  std::string text;
  for (const EmbeddedFile& file : files) {
    if (!file.path.starts_with("ours/") || file.text.find(dataset) == std::string::npos) continue;
    text += fmt::format("\n# {}\n{}", file.path, file.text);
  }
  return text;
}

constexpr unsigned kNumSeeds = 1;  // a long search has more

class EveryProfile : public testing::TestWithParam<EmbeddedFile> {};

// A profile is no part of a document: it is read after the district's files here.
TEST_P(EveryProfile, DocumentsAndComparisonsSayWhatIsInForce) {
  std::vector<EmbeddedFile> before_all(shipped_contracts().begin(), shipped_contracts().end());
  if (!GetParam().path.empty()) before_all.push_back(GetParam());
  const auto shipped = ContractSet::from_files(before_all);
  ASSERT_TRUE(shipped);
  const std::span<const Contract> contracts = shipped->contracts();
  for (unsigned seed = 0; seed < kNumSeeds; ++seed) {
    Maker maker(seed + static_cast<unsigned>(GetParam().text.size()));
    std::vector<EmbeddedFile> files(shipped_contracts().begin(), shipped_contracts().end());
    std::list<std::string> texts;
    for (int i = 10; i < 30; ++i) {
      const auto& path = texts.emplace_back(fmt::format("ours/{}.odcs.yaml", i));
      const Contract& contract = contracts[maker.below(contracts.size())];
      files.push_back({path, texts.emplace_back(maker.file_for(contract))});
    }
    erase_wrong(files);
    ASSERT_GT(files.size(), shipped_contracts().size()) << "every file was wrong";
    if (!GetParam().path.empty()) files.push_back(GetParam());
    const auto in_force = ContractSet::from_files(files);
    const auto again = set_of_documents(files);
    // A profile may name a column that is gone from the document.
    ASSERT_TRUE(in_force);
    if (!again && !GetParam().path.empty() && again.error().message.starts_with("profiles/"))
      continue;
    ASSERT_TRUE(again) << again.error().message << " " << again.error().hint << said(files);
    for (const Contract& contract : in_force->contracts()) {
      ASSERT_EQ(describe(*again->find(contract.name)), describe(contract))
          << said(files, contract.name);
      const Contract& before = *shipped->find(contract.name);
      const bool is_same = describe(before) == describe(contract);
      ASSERT_EQ(diff(before, contract).empty(), is_same) << said(files, contract.name);
      ASSERT_EQ(diff(contract, before).empty(), is_same) << said(files, contract.name);
    }
  }
}

std::vector<EmbeddedFile> profiles_and_none() {
  std::vector<EmbeddedFile> profiles = {{"", ""}};
  for (const EmbeddedFile& file : shipped_profiles()) profiles.push_back(file);
  return profiles;
}

INSTANTIATE_TEST_SUITE_P(MergeContract, EveryProfile, testing::ValuesIn(profiles_and_none()),
                         [](const auto& tested) {
                           const std::string_view path = tested.param.path;
                           const std::string_view name = path.substr(path.find('/') + 1);
                           return path.empty() ? "none"
                                               : std::string(name.substr(0, name.find('.')));
                         });

}  // namespace
}  // namespace homeroom::contract
