#pragma once

// A command: one file in apps/cli/commands/, picked up by the build.

#include <span>
#include <string_view>

#include <CLI/CLI.hpp>

#include "context.h"
#include "run/report.h"

namespace homeroom::cli {

struct Command {
  std::string_view name;
  std::string_view summary;   ///< one line of `homeroom --help`
  std::string_view examples;  ///< shown under the options: lines of "  homeroom ..."
  /// Adds options to `app` and a callback that does the work and sets `result`.
  /// `context` and `result` outlive the app.
  void (*add)(CLI::App& app, Context& context, run::ExitCode& result) = nullptr;
};

/// All commands, by name. Generated from commands/*.cc.
[[nodiscard]] std::span<const Command* const> all_commands();

}  // namespace homeroom::cli
