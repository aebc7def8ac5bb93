// homeroom contract export DATASET --format NAME: the contract in the words of another tool.

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "contract/actions.h"
#include "contract/find.h"
#include "file_flags.h"
#include "files_command.h"
#include "publish/contract_format.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::string dataset;
  std::string format;
};

Status write_export(const Context& context, const Flags& flags) {
  const contract::ContractSet contracts =
      HOMEROOM_TRY(contract::ContractSet::load(context.contracts_folder));
  const contract::Contract& contract = *HOMEROOM_TRY(find_dataset(contracts, flags.dataset));
  fmt::print("{}", publish::find_format(flags.format)->write(contract));
  return {};
}

}  // namespace

void add_contract_export(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("DATASET", flags->dataset, "Name of the data set")->required();
  std::vector<std::string> names;
  std::string summaries;
  for (const publish::ContractFormat* format : publish::contract_formats()) {
    names.emplace_back(format->name);
    summaries += fmt::format("  {:<14} {}\n", format->name, format->summary);
  }
  app.add_option("--format", flags->format, "How it is written")
      ->required()
      ->check(CLI::IsMember(names));
  add_contracts_flag(app, context);
  app.footer(fmt::format(
      "Formats:\n{}Examples:\n"
      "  homeroom contract export students --format frictionless > students.schema.json\n"
      "  homeroom contract export students --format dqdl --contracts lincoln\n",
      summaries));
  app.callback([flags, &context, &result] {
    if (const Status done = write_export(context, *flags); !done) {
      result = report_error(context, done.error());
    }
  });
}

}  // namespace homeroom::cli
