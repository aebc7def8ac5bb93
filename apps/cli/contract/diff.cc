// homeroom contract diff [DATASET]: what a district's folder changes of the shipped contracts, and
// homeroom contract diff --from OLD --to NEW: what changed between two files or folders.

#include "contract/diff/diff.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "contract/actions.h"
#include "contract/contract_files.h"
#include "contract/find.h"
#include "file_flags.h"
#include "files_command.h"
#include "terminal.h"

namespace homeroom::cli {
namespace {

using contract::Breaks;
using contract::ContractChange;
using contract::ContractSet;

struct Flags {
  std::string dataset;
  std::string from;
  std::string to;
};

// A file or a folder over the shipped contracts; an empty path is the shipped ones alone.
Result<ContractSet> contracts_of(const std::string& path) {
  contract::ContractFiles files;
  if (!path.empty()) HOMEROOM_TRY(files.add(path));
  return ContractSet::from_files(files.all());
}

bool breaks_readers(const ContractChange& change) {
  return change.breaks == Breaks::kReaders;
}

void print_changes(const Context& context, const std::vector<ContractChange>& changes) {
  std::string dataset;
  for (const ContractChange& change : changes) {
    if (change.dataset != dataset) {
      dataset = change.dataset;
      fmt::print("{}\n", styled(context, Style::kBold, dataset));
    }
    const std::string what = change.column.empty() || change.part == "column"
                                 ? change.part
                                 : change.column + ": " + change.part;
    const std::string to = change.before.empty()  ? "new: " + change.after
                           : change.after.empty() ? "gone: " + change.before
                                                  : change.before + " -> " + change.after;
    const std::string whom =
        change.breaks == Breaks::kNobody
            ? ""
            : styled(context, breaks_readers(change) ? Style::kBad : Style::kWarn,
                     fmt::format("  (breaks {})", to_string(change.breaks)));
    fmt::print("  {} {}{}\n", what, printable(to), whom);
  }
  if (context.is_quiet) return;
  fmt::print("{}, {} of them can break readers\n",
             changes.empty() ? "No change" : counted(changes.size(), "change"),
             std::ranges::count_if(changes, breaks_readers));
}

void print_changes_as_json(const std::vector<ContractChange>& changes) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const ContractChange& change : changes) {
    list.push_back({{"dataset", change.dataset},
                    {"column", change.column},
                    {"part", change.part},
                    {"before", change.before},
                    {"after", change.after},
                    {"breaks", to_string(change.breaks)}});
  }
  const nlohmann::ordered_json document{{"schema_version", 1}, {"changes", list}};
  fmt::print("{}\n",
             document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

Result<run::ExitCode> compare(const Context& context, const Flags& flags) {
  const ContractSet before = HOMEROOM_TRY(contracts_of(flags.from));
  const ContractSet after =
      HOMEROOM_TRY(contracts_of(flags.to.empty() ? context.contracts_folder : flags.to));
  std::vector<ContractChange> changes = contract::diff(before, after);
  if (!flags.dataset.empty()) {
    HOMEROOM_TRY(
        find_dataset(before.find(flags.dataset) != nullptr ? before : after, flags.dataset));
    std::erase_if(changes, [&](const auto& change) { return change.dataset != flags.dataset; });
  }
  if (context.is_json) {
    print_changes_as_json(changes);
  } else {
    print_changes(context, changes);
  }
  return std::ranges::any_of(changes, breaks_readers) ? run::ExitCode::kDrift : run::ExitCode::kOk;
}

}  // namespace

void add_contract_diff(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("DATASET", flags->dataset, "Name of one data set; else all");
  app.add_option("--from", flags->from, "File or folder before; else the shipped contracts");
  app.add_option("--to", flags->to, "File or folder after; else the district's folder");
  add_contracts_flag(app, context);
  add_json_flag(app, context);
  app.footer(
      "Exit codes: 0 no change can break those who read the tables, 5 one can, 2 a contract is "
      "wrong.\n"
      "Examples:\n"
      "  homeroom contract diff --contracts lincoln\n"
      "  homeroom contract diff attendance_daily --from old/ --to new/ --json\n");
  app.callback([flags, &context, &result] {
    const Result<run::ExitCode> done = compare(context, *flags);
    result = done ? *done : report_error(context, done.error());
  });
}

}  // namespace homeroom::cli
