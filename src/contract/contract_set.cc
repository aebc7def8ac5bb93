#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <xxhash.h>

#include "base/text.h"
#include "contract/contract.h"
#include "contract/contract_file.h"
#include "contract/enumeration_file.h"
#include "contract/header_index.h"

namespace homeroom::contract {
namespace {

constexpr std::uintmax_t kMaxFileBytes = 1024 * 1024;

bool is_enumeration_file(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  return name.starts_with("enumerations") && name.ends_with(".yaml");
}

bool is_contract_file(std::string_view path) {
  return path.ends_with(".odcs.yaml");
}

// Everything read so far: contracts with the texts each was made from.
struct Loading {
  std::vector<Contract> contracts;
  std::vector<std::string> texts;  ///< one for each contract
  std::string enumeration_texts;
  std::vector<EnumerationUse> uses;
  Enumerations enumerations;
};

std::string hash_of(std::string_view text) {
  return fmt::format("{:08x}", XXH64(text.data(), text.size(), 0) >> 32);
}

Status read_contract(const EmbeddedFile& file, const YamlNode& root, Loading& loading) {
  const std::string name = HOMEROOM_TRY(contract_name(file.path, root));
  auto known = std::ranges::find(loading.contracts, name, &Contract::name);
  if (known == loading.contracts.end()) {
    loading.contracts.push_back({});
    loading.texts.emplace_back();
    known = std::prev(loading.contracts.end());
    known->name = name;
  }
  HOMEROOM_TRY(apply_contract_file(file.path, root, *known, loading.uses));
  const auto index = static_cast<std::size_t>(known - loading.contracts.begin());
  loading.texts[index].append(file.text).push_back('\0');
  return {};
}

Status read_file(const EmbeddedFile& file, Loading& loading) {
  const YamlNode root = HOMEROOM_TRY(parse_yaml(file.path, file.text));
  if (is_enumeration_file(file.path)) {
    loading.enumeration_texts.append(file.text).push_back('\0');
    return apply_enumeration_file(file.path, root, loading.enumerations);
  }
  return read_contract(file, root, loading);
}

Status link_enumerations(Loading& loading) {
  for (auto& [name, enumeration] : loading.enumerations) index_spellings(*enumeration);
  for (const EnumerationUse& use : loading.uses) {
    const auto found = loading.enumerations.find(use.enumeration);
    if (found == loading.enumerations.end()) {
      std::vector<std::string> known;
      for (const auto& [name, enumeration] : loading.enumerations) known.push_back(name);
      return tl::unexpected(
          unknown_word(use.file, use.line, "enumeration", use.enumeration, known));
    }
    const auto contract = std::ranges::find(loading.contracts, use.contract, &Contract::name);
    const int column = contract->find(use.column);
    contract->columns[static_cast<std::size_t>(column)].enumeration = found->second.get();
  }
  return {};
}

const Column* find_column(const Loading& loading, std::string_view reference) {
  const auto parts = split(reference, '.');
  const auto contract = std::ranges::find(loading.contracts, parts[0], &Contract::name);
  if (contract == loading.contracts.end() || parts.size() != 2) return nullptr;
  const int column = contract->find(parts[1]);
  return column < 0 ? nullptr : &contract->columns[static_cast<std::size_t>(column)];
}

// Columns that are the same in many data sets list their headers once.
Status link_synonyms(Loading& loading) {
  for (Contract& contract : loading.contracts) {
    for (Column& column : contract.columns) {
      if (column.synonyms_from.empty()) continue;
      const Column* other = find_column(loading, column.synonyms_from);
      if (other == nullptr || !other->synonyms_from.empty()) {
        return tl::unexpected(yaml_error(
            column.file, column.line,
            fmt::format("homeroom.synonymsFrom of {} names {}, which is no column with synonyms",
                        column.name, column.synonyms_from),
            "Write students.student_id, a column that lists its own synonyms"));
      }
      column.synonyms.insert(column.synonyms.end(), other->synonyms.begin(), other->synonyms.end());
    }
  }
  return {};
}

// Each name in `names` is a column of the contract.
Status check_names(const Contract& contract, std::span<const std::string> names,
                   std::string_view what) {
  for (const std::string& name : names) {
    if (contract.find(name) >= 0) continue;
    std::vector<std::string> known;
    for (const Column& column : contract.columns) known.push_back(column.name);
    const std::string_view near = nearest(name, known);
    return fail(ErrorCode::kConfig,
                fmt::format("{}: {} names {}, which is no column of {}", contract.file, what, name,
                            contract.name),
                near.empty() ? "Declare the column, or take the name out"
                             : fmt::format("Did you mean {}?", near));
  }
  return {};
}

Status check_column(const Contract& contract, const Column& column) {
  if (column.kind == Kind::kEnumeration && column.enumeration == nullptr) {
    return tl::unexpected(yaml_error(column.file, column.line,
                                     fmt::format("{} has no list of codes", column.name),
                                     "Write homeroom.enumeration with the list's name"));
  }
  HOMEROOM_TRY(check_names(contract, column.default_from, "homeroom.defaultFrom"));
  return check_names(contract, column.made_from, "homeroom.madeFrom");
}

Status check_contract(const Contract& contract) {
  if (contract.columns.empty()) {
    return fail(ErrorCode::kConfig, fmt::format("{}: the data set has no columns", contract.file),
                "Write properties: and - name: ... for each column");
  }
  HOMEROOM_TRY(check_names(contract, contract.key, "the key"));
  HOMEROOM_TRY(check_names(contract, contract.any_of, "homeroom.anyOf"));
  HOMEROOM_TRY(check_names(contract, contract.scope, "homeroom.scope"));
  HOMEROOM_TRY(check_names(contract, contract.school_year_from, "homeroom.schoolYearFrom"));
  for (const auto& group : contract.match_needs) {
    HOMEROOM_TRY(check_names(contract, group, "homeroom.matchNeeds"));
  }
  if (contract.unpivot) {
    HOMEROOM_TRY(check_names(contract, contract.unpivot->dimensions, "homeroom.unpivot"));
    HOMEROOM_TRY(check_names(contract, contract.unpivot->measures, "homeroom.unpivot"));
    HOMEROOM_TRY(check_names(contract, contract.unpivot->besides, "homeroom.unpivot"));
    for (const std::string& dimension : contract.unpivot->dimensions) {
      const Column& column = contract.columns[static_cast<std::size_t>(contract.find(dimension))];
      if (column.enumeration != nullptr) continue;
      return tl::unexpected(yaml_error(
          column.file, column.line, fmt::format("the dimension {} has no list of codes", dimension),
          "Dimensions of homeroom.unpivot are enumerations"));
    }
  }
  for (const Column& column : contract.columns) HOMEROOM_TRY(check_column(contract, column));
  return {};
}

// Each of `words` is "students" or "students.first_name".
Status check_references(const Loading& loading, const Contract& contract,
                        const std::vector<std::string>& words, std::string_view what) {
  for (const std::string& word : words) {
    const auto parts = split(word, '.');
    const auto other = std::ranges::find(loading.contracts, parts[0], &Contract::name);
    const bool is_known = other != loading.contracts.end() && parts.size() <= 2 &&
                          (parts.size() == 1 || other->find(parts[1]) >= 0);
    if (is_known) continue;
    return fail(
        ErrorCode::kConfig,
        fmt::format("{}: {} names {}, which is no data set or column", contract.file, what, word),
        "Write students, or students.first_name");
  }
  return {};
}

Result<std::string> read_text(const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (!error && size > kMaxFileBytes) {
    return fail(ErrorCode::kConfig, fmt::format("{} is larger than 1 MiB", path.string()),
                "A contract is a small text; is this the right file?");
  }
  std::ifstream stream(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (error || !stream) {
    return fail_with_detail(ErrorCode::kConfig, fmt::format("Cannot read {}", path.string()),
                            "Check that the file exists and may be read", error.message());
  }
  return text;
}

// The district's files in the order of their names, so that every machine reads the same.
Result<std::vector<std::filesystem::path>> list_folder(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (is_contract_file(name) || is_enumeration_file(name)) paths.push_back(entry->path());
  }
  if (error) {
    return fail_with_detail(ErrorCode::kConfig,
                            fmt::format("Cannot read the contracts in {}", folder),
                            "Give a folder with *.odcs.yaml files", error.message());
  }
  std::ranges::sort(paths);
  return paths;
}

}  // namespace

int Contract::find(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &Column::name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

Result<ContractSet> ContractSet::from_files(std::span<const EmbeddedFile> files) {
  Loading loading;
  for (const EmbeddedFile& file : files) HOMEROOM_TRY(read_file(file, loading));
  HOMEROOM_TRY(link_enumerations(loading));
  HOMEROOM_TRY(link_synonyms(loading));
  std::string everything = loading.enumeration_texts;
  for (std::size_t i = 0; i < loading.contracts.size(); ++i) {
    Contract& contract = loading.contracts[i];
    HOMEROOM_TRY(check_contract(contract));
    HOMEROOM_TRY(check_references(loading, contract, contract.carries, "homeroom.carries"));
    HOMEROOM_TRY(check_references(loading, contract, contract.excludes, "homeroom.excludes"));
    everything += loading.texts[i];
    contract.text_hash = hash_of(loading.texts[i] + loading.enumeration_texts);
  }
  ContractSet set;
  set.contracts_ = std::move(loading.contracts);
  set.enumerations_ = std::move(loading.enumerations);
  set.headers_ = std::make_shared<const HeaderIndex>(set.contracts_);
  set.hash_ = hash_of(everything);
  return set;
}

Result<ContractSet> ContractSet::load(const std::string& folder) {
  std::vector<EmbeddedFile> files(shipped_contracts().begin(), shipped_contracts().end());
  if (folder.empty()) return from_files(files);
  const auto paths = HOMEROOM_TRY(list_folder(folder));
  std::vector<std::string> texts;  // both live as long as `files`
  std::vector<std::string> names;
  for (const auto& path : paths) {
    texts.push_back(HOMEROOM_TRY(read_text(path)));
    names.push_back(path.string());
  }
  for (std::size_t i = 0; i < texts.size(); ++i) files.push_back({names[i], texts[i]});
  return from_files(files);
}

const Contract* ContractSet::find(std::string_view name) const {
  const auto found = std::ranges::find(contracts_, name, &Contract::name);
  return found == contracts_.end() ? nullptr : &*found;
}

const Enumeration* ContractSet::find_enumeration(std::string_view name) const {
  const auto found = enumerations_.find(name);
  return found == enumerations_.end() ? nullptr : found->second.get();
}

}  // namespace homeroom::contract
