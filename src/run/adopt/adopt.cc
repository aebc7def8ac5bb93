#include "run/adopt/adopt.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/embedded_file.h"
#include "base/text.h"
#include "contract/contract.h"
#include "contract/contract_files.h"
#include "run/adopt/column_study.h"
#include "run/adopt/contract_text.h"
#include "run/reading/prepare.h"

namespace homeroom::run {
namespace {

// The file without any contract: each column as its values are.
Result<PreparedFile> prepare_alone(const source::InputFile& input, const Settings& settings,
                                   FileReport& report) {
  const contract::ContractSet none = HOMEROOM_TRY(contract::ContractSet::from_files({}));
  Settings alone = settings;
  alone.contracts = &none;
  alone.profiles = nullptr;
  alone.dataset.clear();
  PreparedFile file = HOMEROOM_TRY(prepare_file(input, alone, nullptr, report));
  file.contracts = settings.contracts;
  return file;
}

Status refuse_known(const PreparedFile& file) {
  if (!file.match) return {};
  return fail(ErrorCode::kContract,
              fmt::format("the file is {} already: {}", file.dataset(), file.match->reason),
              fmt::format("see homeroom contract show {0}, or give another data set's name with "
                          "--name",
                          file.dataset()));
}

std::string key_reason(const Draft& draft, std::uint64_t num_rows) {
  if (draft.key.empty()) {
    return "No one, two or three columns tell all rows apart: a new file replaces the one before.";
  }
  std::vector<std::string> names;
  for (const std::size_t index : draft.key) names.push_back(draft.columns[index].name);
  return fmt::format("Key: {} never empty and never {} in {}.",
                     join(names, ", ") + (names.size() == 1 ? " is" : " together are"),
                     names.size() == 1 ? "repeats" : "repeat", counted(num_rows, "row"));
}

// Rows that repeat a key, or contradict each other under one.
bool has_repeated_keys(const FileReport& report) {
  return report.rows.duplicate > 0 || std::ranges::any_of(report.issues, [](const Issue& issue) {
           return issue.rule == "unique_key";
         });
}

// What checking the file by its contract says.
Result<FileReport> check_by(const std::string& text, const Draft& draft,
                            const source::InputFile& input, const Settings& settings,
                            const contract::ContractFiles& files, const Clock& clock) {
  const std::string path = draft.dataset + ".odcs.yaml";
  std::vector<EmbeddedFile> all(files.all().begin(), files.all().end());
  all.push_back({path, text});
  const contract::ContractSet contracts = HOMEROOM_TRY(contract::ContractSet::from_files(all));
  Settings with = settings;
  with.contracts = &contracts;
  with.profiles = nullptr;
  with.dataset.clear();
  return check_file(input, with, clock);
}

}  // namespace

Result<Adopted> adopt_file(const source::InputFile& input, const Settings& settings,
                           const std::string& name, const contract::ContractFiles& files,
                           const Clock& clock) {
  if (settings.contracts->find(name) != nullptr) {
    return fail(ErrorCode::kConfig, fmt::format("there is a data set {} already", name),
                "give another --name: a contract of that name would change the one there is");
  }
  FileReport report;
  const PreparedFile as_known = HOMEROOM_TRY(prepare_file(input, settings, nullptr, report));
  if (name.empty()) HOMEROOM_TRY(refuse_known(as_known));
  FileReport alone;
  const PreparedFile file = HOMEROOM_TRY(prepare_alone(input, settings, alone));
  Draft draft;
  draft.dataset = name.empty() ? contract::table_name(file.name, *settings.contracts) : name;
  draft.columns = HOMEROOM_TRY(study_columns(file, settings));
  std::uint64_t num_rows = 0;
  draft.key = HOMEROOM_TRY(find_key(file, settings, draft.columns, &num_rows));
  Adopted adopted{.dataset = draft.dataset, .text = {}, .report = {}};
  for (;;) {
    draft.key_reason = key_reason(draft, num_rows);
    adopted.text = write_contract(draft, file);
    adopted.report = HOMEROOM_TRY(check_by(adopted.text, draft, input, settings, files, clock));
    if (adopted.report.dataset != draft.dataset && !draft.is_named) {
      draft.is_named = true;
    } else if (has_repeated_keys(adopted.report) && !draft.key.empty()) {
      draft.key.clear();  // it does not hold behind the rows that were looked at
    } else {
      return adopted;
    }
  }
}

}  // namespace homeroom::run
