#pragma once

// What `homeroom contract` does, one file each. Every function adds options to `app`, which is
// `homeroom contract ACTION`, and a callback that sets `result`.

#include <CLI/CLI.hpp>

#include "context.h"
#include "run/report.h"

namespace homeroom::cli {

void add_contract_diff(CLI::App& app, Context& context, run::ExitCode& result);
void add_contract_docs(CLI::App& app, Context& context, run::ExitCode& result);
void add_contract_export(CLI::App& app, Context& context, run::ExitCode& result);
void add_contract_lint(CLI::App& app, Context& context, run::ExitCode& result);
void add_contract_show(CLI::App& app, Context& context, run::ExitCode& result);

}  // namespace homeroom::cli
