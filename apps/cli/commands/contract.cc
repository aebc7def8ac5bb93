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
  add_action("show", "Print the contract in force, after a district's overrides",
             add_contract_show);
  add_action("diff", "Say what changed, and what of it breaks those who read the tables",
             add_contract_diff);
  add_action("docs", "Write a page for the person who sends the file", add_contract_docs);
  add_action("export", "Write a contract for another tool", add_contract_export);
}

}  // namespace

extern const Command command_contract = {
    .name = "contract",
    .summary = "What data sets look like: check, show, compare, explain and export it",
    .examples =
        "  homeroom contract lint lincoln/\n"
        "  homeroom contract show attendance_daily --contracts lincoln --origin\n"
        "  homeroom contract export students --format frictionless\n",
    .add = add,
};

}  // namespace homeroom::cli
