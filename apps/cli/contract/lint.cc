// homeroom contract lint PATH...: everything that is wrong in contracts and lists of codes.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "contract/actions.h"
#include "contract/contract_files.h"
#include "contract/problems.h"
#include "contract/profile/profile.h"
#include "file_flags.h"
#include "files_command.h"
#include "terminal.h"
#include "validate/file_checks.h"

namespace homeroom::cli {
namespace {

using contract::Problem;

void print_problems_as_json(std::size_t num_files, const std::vector<Problem>& problems) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Problem& problem : problems) {
    list.push_back({{"file", problem.file},
                    {"line", problem.error.position.line},
                    {"message", problem.error.message},
                    {"hint", problem.error.hint}});
  }
  const nlohmann::ordered_json document{
      {"schema_version", 1}, {"files", num_files}, {"problems", list}};
  fmt::print("{}\n",
             document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void print_problems(const Context& context, std::size_t num_files,
                    const std::vector<Problem>& problems) {
  for (const Problem& problem : problems) {
    fmt::print("{}\n", styled(context, Style::kBad, printable(problem.error.message)));
    if (!problem.error.hint.empty()) fmt::print("  {}\n", printable(problem.error.hint));
  }
  if (context.is_quiet) return;
  fmt::print("{} in {}\n", problems.empty() ? "No problem" : counted(problems.size(), "problem"),
             counted(num_files, "file"));
}

// Those of contracts and lists, then those of each profile over them.
std::vector<Problem> problems_of(const contract::ContractFiles& files) {
  std::vector<Problem> problems = contract::find_problems(files.all());
  const std::size_t num_shipped = contract::shipped_profiles().size();
  for (const EmbeddedFile& profile : files.profiles().subspan(num_shipped)) {
    std::vector<EmbeddedFile> with(files.all().begin(), files.all().end());
    with.push_back(profile);
    for (Problem& problem : contract::find_problems(with)) {
      if (problem.file == profile.path) problems.push_back(std::move(problem));
    }
  }
  return problems;
}

// Checks that cannot be, of contracts that can be read.
void add_problems_of_checks(const contract::ContractFiles& files, std::vector<Problem>& problems) {
  const auto set = contract::ContractSet::from_files(files.all());
  if (!set) return;
  for (const contract::Contract& contract : set->contracts()) {
    const Status status = validate::check_quality(contract);
    if (!status) problems.push_back({.file = contract.file, .error = status.error()});
  }
}

Result<run::ExitCode> lint(const Context& context, const std::vector<std::string>& paths) {
  contract::ContractFiles files;
  for (const std::string& path : paths) HOMEROOM_TRY(files.add(path));
  std::vector<Problem> problems = problems_of(files);
  if (problems.empty()) add_problems_of_checks(files, problems);
  const std::size_t num_files =
      files.added().size() + files.profiles().size() - contract::shipped_profiles().size();
  if (context.is_json) {
    print_problems_as_json(num_files, problems);
  } else {
    print_problems(context, num_files, problems);
  }
  return problems.empty() ? run::ExitCode::kOk : run::ExitCode::kUsage;
}

}  // namespace

void add_contract_lint(CLI::App& app, Context& context, run::ExitCode& result) {
  auto paths = std::make_shared<std::vector<std::string>>();
  app.add_option("PATH", *paths, "Contracts, lists of codes, and folders of them")->required();
  add_json_flag(app, context);
  app.footer(
      "Exit codes: 0 nothing is wrong, 2 something is, or a path cannot be read.\n"
      "Examples:\n"
      "  homeroom contract lint lincoln/\n"
      "  homeroom contract lint attendance.odcs.yaml enumerations-lincoln.yaml --json\n");
  app.callback([paths, &context, &result] {
    const Result<run::ExitCode> done = lint(context, *paths);
    result = done ? *done : report_error(context, done.error());
  });
}

}  // namespace homeroom::cli
