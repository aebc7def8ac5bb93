// homeroom contract show DATASET: the contract in force, after a district's overrides.

#include <memory>
#include <string>

#include <fmt/format.h>

#include "contract/actions.h"
#include "contract/contract_files.h"
#include "contract/document/merge.h"
#include "contract/document/write_yaml.h"
#include "contract/find.h"
#include "file_flags.h"
#include "files_command.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::string dataset;
  bool has_origin = false;
};

Status show(const Context& context, const Flags& flags) {
  const contract::ContractSet contracts =
      HOMEROOM_TRY(contract::ContractSet::load(context.contracts_folder));
  const contract::Contract& contract = *HOMEROOM_TRY(find_dataset(contracts, flags.dataset));
  contract::ContractFiles files;
  if (!context.contracts_folder.empty()) HOMEROOM_TRY(files.add(context.contracts_folder));
  const contract::MergedDocument merged =
      HOMEROOM_TRY(contract::merge_contract(files.all(), contract.name));
  contract::YamlComment comment;
  if (flags.has_origin) {
    comment = [&merged](const contract::YamlNode& node) {
      return fmt::format("{}:{}", merged.files[node.file], node.line);
    };
  }
  fmt::print("{}", contract::write_yaml(merged.root, comment));
  return {};
}

}  // namespace

void add_contract_show(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("DATASET", flags->dataset, "Name of the data set")->required();
  app.add_flag("--origin", flags->has_origin, "Behind each line the file and line it came from");
  add_contracts_flag(app, context);
  app.footer(
      "Examples:\n"
      "  homeroom contract show attendance_daily\n"
      "  homeroom contract show attendance_daily --contracts lincoln --origin\n");
  app.callback([flags, &context, &result] {
    if (const Status done = show(context, *flags); !done) {
      result = report_error(context, done.error());
    }
  });
}

}  // namespace homeroom::cli
