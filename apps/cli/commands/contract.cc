#include "command.h"
#include "contract/actions.h"

namespace homeroom::cli {
namespace {

using AddAction = void (*)(CLI::App& app, Context& context, run::ExitCode& result);

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  app.require_subcommand(1);
  const auto add_action = [&](const char* name, const char* summary, AddAction action) {
    action(*app.add_subcommand(name, summary), context, result);
  };
  add_action("lint", "Say everything that is wrong in contracts and lists of codes",
             add_contract_lint);
}

}  // namespace

extern const Command command_contract = {
    .name = "contract",
    .summary = "What data sets look like: check the files that say so",
    .examples = "  homeroom contract lint lincoln/\n",
    .add = add,
};

}  // namespace homeroom::cli
