#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <fmt/format.h>
#include <xxhash.h>

#include "base/text.h"
#include "contract/contract.h"
#include "contract/contract_file.h"
#include "contract/contract_files.h"
#include "contract/enumeration_file.h"
#include "contract/header_index.h"
#include "contract/problems.h"
#include "contract/profile/profile.h"
#include "contract/quality/comparison.h"
#include "contract/reference_file.h"
#include "contract/removed_columns.h"

namespace homeroom::contract {
namespace {

// Everything read so far: contracts with the texts each was made from.
struct Loading {
  std::vector<Contract> contracts;
  std::vector<std::string> texts;  ///< one for each contract
  std::string enumeration_texts;
  Enumerations enumerations;
  Problems problems;
};

std::string hash_of(std::string_view text) {
  return fmt::format("{:08x}", XXH64(text.data(), text.size(), 0) >> 32);
}

void read_contract(const EmbeddedFile& file, const YamlNode& root, Loading& loading) {
  const auto name = loading.problems.take(contract_name(file.path, root));
  if (!name) return;
  auto known = std::ranges::find(loading.contracts, *name, &Contract::name);
  if (known == loading.contracts.end()) {
    loading.contracts.push_back({});
    loading.texts.emplace_back();
    known = std::prev(loading.contracts.end());
    known->name = *name;
  }
  apply_contract_file(file.path, root, *known, loading.problems);
  const auto index = static_cast<std::size_t>(known - loading.contracts.begin());
  loading.texts[index].append(file.text).push_back('\0');
}

// The headers that a system's profile gives to the columns of one data set.
void add_headers(const EmbeddedFile& file, const YamlNode& columns, Contract& contract,
                 Problems& problems) {
  for (std::size_t i = 0; i < columns.keys.size(); ++i) {
    const int index = contract.find(columns.keys[i]);
    if (index < 0) {
      std::vector<std::string> known;
      for (const Column& column : contract.columns) known.push_back(column.name);
      problems.note(unknown_word(file.path, columns.items[i].key_line, "column of " + contract.name,
                                 columns.keys[i], known));
      continue;
    }
    const auto headers = problems.take(texts_of(file.path, columns.items[i], columns.keys[i]));
    if (!headers) continue;
    Column& column = contract.columns[static_cast<std::size_t>(index)];
    column.synonyms.insert(column.synonyms.begin(), headers->begin(), headers->end());
  }
}

// As the shipped contracts have it unless a district's file, which is read later, says otherwise.
void set_school_years(SchoolYearIs stated, std::vector<Contract>& contracts) {
  if (stated == SchoolYearIs::kUnsaid) return;
  for (Contract& contract : contracts) {
    for (Column& column : contract.columns) {
      column.school_year_is_start = stated == SchoolYearIs::kStart;
    }
  }
}

void read_profile_layer(const EmbeddedFile& file, const YamlNode& root, Loading& loading) {
  const SystemProfile profile = read_profile(file, root, loading.problems);
  set_school_years(profile.school_year, loading.contracts);
  const ProfileLayer layer = layer_of(root);
  loading.enumeration_texts.append(file.text).push_back('\0');
  if (layer.enumerations != nullptr) {
    apply_enumeration_file(file.path, *layer.enumerations, loading.enumerations, loading.problems);
  }
  if (layer.datasets == nullptr) return;
  for (std::size_t i = 0; i < layer.datasets->keys.size(); ++i) {
    const std::string& name = layer.datasets->keys[i];
    const auto contract = std::ranges::find(loading.contracts, name, &Contract::name);
    if (contract != loading.contracts.end()) {
      add_headers(file, layer.datasets->items[i], *contract, loading.problems);
      continue;
    }
    std::vector<std::string> known;
    for (const Contract& each : loading.contracts) known.push_back(each.name);
    loading.problems.note(
        unknown_word(file.path, layer.datasets->items[i].key_line, "data set", name, known));
  }
}

void read_file(const EmbeddedFile& file, Loading& loading) {
  loading.problems.enter(file.path);
  const auto root = loading.problems.take(parse_yaml(file.path, file.text));
  if (!root) return;
  if (is_profile_file(file.path)) return read_profile_layer(file, *root, loading);
  if (!is_enumeration_file(file.path)) return read_contract(file, *root, loading);
  loading.enumeration_texts.append(file.text).push_back('\0');
  apply_enumeration_file(file.path, *root, loading.enumerations, loading.problems);
}

void link_enumerations(Loading& loading) {
  std::vector<std::string> known;
  for (auto& [name, enumeration] : loading.enumerations) {
    index_spellings(*enumeration);
    known.push_back(name);
  }
  for (Contract& contract : loading.contracts) {
    for (Column& column : contract.columns) {
      if (column.list_name.empty()) continue;
      const auto found = loading.enumerations.find(column.list_name);
      if (found != loading.enumerations.end()) {
        column.enumeration = found->second.get();
        continue;
      }
      loading.problems.enter(column.file);
      loading.problems.note(
          unknown_word(column.file, column.list_line, "enumeration", column.list_name, known));
    }
  }
}

const Column* find_column(const Loading& loading, std::string_view reference) {
  const auto parts = split(reference, '.');
  const auto contract = std::ranges::find(loading.contracts, parts[0], &Contract::name);
  if (contract == loading.contracts.end() || parts.size() != 2) return nullptr;
  const int column = contract->find(parts[1]);
  return column < 0 ? nullptr : &contract->columns[static_cast<std::size_t>(column)];
}

void add_synonyms(const Column& other, Column& column) {
  for (const std::string& header : other.synonyms) {
    const bool is_known = std::ranges::find(column.synonyms, header) != column.synonyms.end();
    const bool is_taken_out =
        std::ranges::find(column.not_synonyms, header) != column.not_synonyms.end();
    if (!is_known && !is_taken_out) column.synonyms.push_back(header);
  }
}

// Columns that are the same in many data sets list their headers once.
void link_synonyms(Loading& loading) {
  for (Contract& contract : loading.contracts) {
    for (Column& column : contract.columns) {
      if (column.synonyms_from.empty()) continue;
      const Column* other = find_column(loading, column.synonyms_from);
      if (other != nullptr && other->synonyms_from.empty()) {
        add_synonyms(*other, column);
        continue;
      }
      loading.problems.enter(column.file);
      loading.problems.note(yaml_error(
          column.file, column.line,
          fmt::format("homeroom.synonymsFrom of {} names {}, which is no column with synonyms",
                      column.name, column.synonyms_from),
          "Write students.student_id, a column that lists its own synonyms"));
    }
  }
}

// Each name in `names` is a column of the contract.
void check_names(const Contract& contract, std::span<const std::string> names,
                 std::string_view what, Problems& problems) {
  for (const std::string& name : names) {
    if (contract.find(name) >= 0) continue;
    std::vector<std::string> known;
    for (const Column& column : contract.columns) known.push_back(column.name);
    const std::string_view near = nearest(name, known);
    problems.note({.code = ErrorCode::kConfig,
                   .message = fmt::format("{}: {} names {}, which is no column of {}",
                                          contract.file, what, name, contract.name),
                   .hint = near.empty() ? "Declare the column, or take the name out"
                                        : fmt::format("Did you mean {}?", near),
                   .detail = {},
                   .position = {}});
  }
}

void check_column(const Contract& contract, const Column& column, Problems& problems) {
  if (column.kind == Kind::kEnumeration && column.enumeration == nullptr) {
    problems.note(yaml_error(column.file, column.line,
                             fmt::format("{} has no list of codes", column.name),
                             "Write homeroom.enumeration with the list's name"));
  }
  check_names(contract, column.default_from, "homeroom.defaultFrom", problems);
  check_names(contract, column.made_from, "homeroom.madeFrom", problems);
  if (!column.part_of.empty()) {
    check_names(contract, std::span(column.part_of).first(1), "homeroom.partOf", problems);
  }
}

void check_unpivot(const Contract& contract, const Unpivot& unpivot, Problems& problems) {
  check_names(contract, unpivot.dimensions, "homeroom.unpivot", problems);
  check_names(contract, unpivot.measures, "homeroom.unpivot", problems);
  check_names(contract, unpivot.besides, "homeroom.unpivot", problems);
  for (const std::string& dimension : unpivot.dimensions) {
    const int index = contract.find(dimension);
    if (index < 0) continue;
    const Column& column = contract.columns[static_cast<std::size_t>(index)];
    if (column.enumeration != nullptr) continue;
    problems.note(yaml_error(column.file, column.line,
                             fmt::format("the dimension {} has no list of codes", dimension),
                             "Dimensions of homeroom.unpivot are enumerations"));
  }
}

// A snapshot closes rows: which ones must not be left to chance.
void check_snapshot(const Contract& contract, Problems& problems) {
  if (contract.write_mode != WriteMode::kSnapshot) return;
  const auto note = [&](std::string_view what, std::string hint) {
    problems.note(
        {.code = ErrorCode::kConfig,
         .message = fmt::format("{}: homeroom.writeMode snapshot needs {}", contract.file, what),
         .hint = std::move(hint),
         .detail = {},
         .position = {}});
  };
  if (contract.key.empty()) note("a key", "Write primaryKey: true for the columns that make a row");
  if (contract.scope.empty()) {
    note("homeroom.scope",
         "Name the columns that a file is complete for: [school_year, school_id]");
  }
  for (const std::string& name : contract.scope) {
    const int index = contract.find(name);
    if (index < 0) continue;
    const Column& column = contract.columns[static_cast<std::size_t>(index)];
    if (column.sql_type() == SqlType::kDate) {
      note("a scope without dates", fmt::format("Take {} out of homeroom.scope", name));
    }
  }
}

void check_true_period(const Contract& contract, Problems& problems) {
  check_names(contract, contract.true_period, "homeroom.truePeriod", problems);
  for (const std::string& name : contract.true_period) {
    const int index = contract.find(name);
    if (index < 0) continue;
    const Column& column = contract.columns[static_cast<std::size_t>(index)];
    if (column.sql_type() == SqlType::kDate) continue;
    problems.note(yaml_error(column.file, column.line,
                             fmt::format("{} of homeroom.truePeriod is no date", name),
                             "Name the columns of the first and the last day"));
  }
}

// Whether it is a column of the key is known when all files have been read: a district may state
// another key, and then its table is not parted.
void check_partitioned(const Contract& contract, Problems& problems) {
  const Column* first = nullptr;
  for (const Column& column : contract.columns) {
    if (!column.is_partitioned) continue;
    if (first != nullptr) {
      problems.note(
          yaml_error(column.file, column.line,
                     fmt::format("{} and {} are both partitioned", first->name, column.name),
                     "Write partitioned: true for one column"));
    } else if (column.kind != Kind::kSchoolYear && column.kind != Kind::kInteger) {
      problems.note(yaml_error(
          column.file, column.line,
          fmt::format("{} is partitioned, but is no school year and no whole number", column.name),
          "Part the table by its school_year"));
    }
    first = &column;
  }
}

void check_contract(const Contract& contract, Problems& problems) {
  problems.enter(contract.file);
  if (contract.columns.empty()) {
    problems.note({.code = ErrorCode::kConfig,
                   .message = fmt::format("{}: the data set has no columns", contract.file),
                   .hint = "Write properties: and - name: ... for each column",
                   .detail = {},
                   .position = {}});
  }
  check_names(contract, contract.key, "the key", problems);
  check_names(contract, contract.any_of, "homeroom.anyOf", problems);
  check_names(contract, contract.scope, "homeroom.scope", problems);
  check_names(contract, contract.school_year_from, "homeroom.schoolYearFrom", problems);
  const SchoolDayCheck& school_day = contract.load_checks.school_day;
  if (!school_day.date.empty()) {
    check_names(contract, std::array{school_day.date, school_day.school}, "homeroom.loadChecks",
                problems);
  }
  for (const auto& group : contract.match_needs) {
    check_names(contract, group, "homeroom.matchNeeds", problems);
  }
  check_snapshot(contract, problems);
  check_true_period(contract, problems);
  check_partitioned(contract, problems);
  if (contract.unpivot) check_unpivot(contract, *contract.unpivot, problems);
  for (const Column& column : contract.columns) check_column(contract, column, problems);
}

// Each of `words` is "students" or "students.first_name".
void check_words(const Contract& contract, const std::vector<std::string>& words,
                 std::string_view what, Loading& loading) {
  for (const std::string& word : words) {
    const auto parts = split(word, '.');
    const auto other = std::ranges::find(loading.contracts, parts[0], &Contract::name);
    const bool is_known = other != loading.contracts.end() && parts.size() <= 2 &&
                          (parts.size() == 1 || other->find(parts[1]) >= 0);
    if (is_known) continue;
    loading.problems.note({.code = ErrorCode::kConfig,
                           .message = fmt::format("{}: {} names {}, which is no data set or column",
                                                  contract.file, what, word),
                           .hint = "Write students, or students.first_name",
                           .detail = {},
                           .position = {}});
  }
}

// What is wrong across files is looked for where each by itself is right.
void link_and_check(Loading& loading) {
  if (loading.problems.size() > 0) return;
  link_enumerations(loading);
  link_synonyms(loading);
  if (loading.problems.size() > 0) return;
  for (const Contract& contract : loading.contracts) {
    check_contract(contract, loading.problems);
    check_words(contract, contract.carries, "homeroom.carries", loading);
    check_words(contract, contract.excludes, "homeroom.excludes", loading);
  }
  check_references(loading.contracts, loading.problems);
  check_comparisons(loading.contracts, loading.problems);
  take_out_removed(loading.contracts, loading.problems);
  for (Contract& contract : loading.contracts) join_references(contract);
}

Loading read_all(std::span<const EmbeddedFile> files) {
  Loading loading;
  for (const EmbeddedFile& file : files) read_file(file, loading);
  link_and_check(loading);
  return loading;
}

}  // namespace

int Contract::find(std::string_view column) const {
  const auto found = std::ranges::find(columns, column, &Column::name);
  return found == columns.end() ? -1 : static_cast<int>(found - columns.begin());
}

Error first_problem(const Problems& problems) {
  Error error = problems.all().front().error;
  if (problems.size() > 1) {
    error.hint += fmt::format("{}homeroom contract lint lists {} more",
                              error.hint.empty() ? "" : "; ", problems.size() - 1);
  }
  return error;
}

Result<ContractSet> ContractSet::from_files(std::span<const EmbeddedFile> files) {
  Loading loading = read_all(files);
  if (loading.problems.size() > 0) return tl::unexpected(first_problem(loading.problems));
  std::string everything = loading.enumeration_texts;
  for (std::size_t i = 0; i < loading.contracts.size(); ++i) {
    everything += loading.texts[i];
    loading.contracts[i].text_hash = hash_of(loading.texts[i] + loading.enumeration_texts);
  }
  ContractSet set;
  set.contracts_ = std::move(loading.contracts);
  set.enumerations_ = std::move(loading.enumerations);
  set.headers_ = std::make_shared<const HeaderIndex>(set.contracts_);
  set.hash_ = hash_of(everything);
  return set;
}

std::vector<Problem> find_problems(std::span<const EmbeddedFile> files) {
  return read_all(files).problems.all();
}

Result<ContractSet> ContractSet::load(const std::string& folder) {
  ContractFiles files;
  if (!folder.empty()) HOMEROOM_TRY(files.add(folder));
  return from_files(files.all());
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
