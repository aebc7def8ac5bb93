// The command line: parses flags, calls one command, turns its result into an exit code.

#include <cerrno>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "base/failpoint.h"
#include "base/text.h"
#include "command.h"
#include "context.h"
#include "terminal.h"

namespace homeroom::cli {
namespace {

constexpr std::string_view kFooter = R"(
Exit codes: 0 ok, 1 internal error, 2 usage, 3 rows quarantined, 4 a file refused or held,
5 a change of shape waits for approval, 6 database or storage not reachable.
Start with:
  homeroom sample --out district    a made-up district to play with
  homeroom run district             from raw files to answers
)";

void add_commands(CLI::App& app, Context& context, run::ExitCode& result) {
  for (const Command* command : all_commands()) {
    CLI::App* sub = app.add_subcommand(std::string(command->name), std::string(command->summary));
    sub->footer(fmt::format("Examples:\n{}", command->examples));
    command->add(*sub, context, result);
    // The same words for every command that has output to shape.
    sub->add_flag("-q,--quiet", context.is_quiet, "Only results and errors");
    sub->add_flag("-v,--verbose", context.is_verbose, "More of what was found");
    sub->add_option_function<std::string>(
           "--color",
           [&context](const std::string& when) {
             context.color = when == "always"  ? ColorMode::kAlways
                             : when == "never" ? ColorMode::kNever
                                               : ColorMode::kAuto;
           },
           "Colours: auto, always, never")
        ->check(CLI::IsMember({"auto", "always", "never"}));
  }
}

// The word that is no command or option, with the nearest one that is.
int print_usage_error(const CLI::App& app, const CLI::ParseError& error,
                      const std::vector<std::string>& words) {
  std::string message = error.what();
  std::vector<std::string> known;
  std::string unknown;
  const auto& subs = app.get_subcommands();
  if (subs.empty() && !words.empty() && !words.front().starts_with('-')) {
    unknown = words.front();
    message = fmt::format("there is no command {}", printable(unknown));
    for (const Command* command : all_commands()) known.emplace_back(command->name);
  } else if (!subs.empty()) {
    for (const CLI::Option* option : subs.front()->get_options()) {
      for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    }
    for (const std::string& word : words) {
      const std::string name = word.substr(0, word.find('='));
      if (!name.starts_with("--") || name == "--") continue;
      if (std::find(known.begin(), known.end(), name) == known.end()) unknown = name;
    }
    if (!unknown.empty()) message = fmt::format("there is no option {}", printable(unknown));
  }
  fmt::print(stderr, "homeroom: {}\n", message);
  const std::string_view near = unknown.empty() ? "" : nearest(unknown, known);
  if (!near.empty()) fmt::print(stderr, "  did you mean {}?\n", near);
  const std::string of = subs.empty() ? "" : " " + subs.front()->get_name();
  fmt::print(stderr, "  homeroom{} --help lists what there is\n", of);
  return static_cast<int>(run::ExitCode::kUsage);
}

int run_program(int argc, char** argv) {
#ifndef NDEBUG
  const Status armed =  // what a test wants to break
      arm_failpoint(environment("HOMEROOM_FAILPOINT"), environment("HOMEROOM_FAILPOINT_LOG"));
  if (!armed) {
    fmt::print(stderr, "homeroom: {}\n  {}\n", armed.error().message, armed.error().hint);
    return static_cast<int>(run::ExitCode::kUsage);
  }
#endif
  Context context = context_from_environment();
  io::use_s3(s3_from_environment());
  run::ExitCode result = run::ExitCode::kOk;
  CLI::App app("Homeroom takes a school district's CSV files from raw bytes to answers.",
               "homeroom");
  app.set_version_flag("--version", fmt::format("homeroom {}", kVersion));
  app.require_subcommand(1);
  app.footer(std::string(kFooter));
  app.get_formatter()->column_width(36);
  add_commands(app, context, result);
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty()) {
    fmt::print("{}", app.help());
    return static_cast<int>(run::ExitCode::kUsage);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto subs = app.get_subcommands();
    fmt::print("{}", subs.empty() ? app.help() : subs.front()->help());
    return 0;
  } catch (const CLI::CallForVersion&) {
    fmt::print("homeroom {}\n", kVersion);
    return 0;
  } catch (const CLI::ParseError& error) {
    return print_usage_error(app, error, words);
  }
  return static_cast<int>(result);
}

// Whatever is said last must not fail by the same full disk: this does not throw.
int end_badly(const std::string& message, std::string_view hint, run::ExitCode code) {
  const std::string text = fmt::format("homeroom: {}\n  {}\n", message, hint);
  std::fputs(text.c_str(), stderr);
  return static_cast<int>(code);
}

int cannot_write(const std::string& reason) {
  return end_badly("cannot write its output: " + reason,
                   "make room where the output goes, then run the command again: what was loaded "
                   "is not loaded twice",
                   run::ExitCode::kUnreachable);
}

}  // namespace
}  // namespace homeroom::cli

int main(int argc, char** argv) {
  namespace cli = homeroom::cli;
  try {
    const int code = cli::run_program(argc, argv);
    // A result that did not get out is none.
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
    return cli::cannot_write(std::generic_category().message(errno));
  } catch (const std::system_error& error) {
    const bool is_print = std::string_view(error.what()).starts_with("cannot write to file");
    if (is_print) return cli::cannot_write(error.code().message());
    return cli::end_badly(fmt::format("internal error: {}", error.what()),
                          "see whether the machine has memory and threads left",
                          homeroom::run::ExitCode::kInternal);
  } catch (const std::exception& error) {
    return cli::end_badly(fmt::format("internal error: {}", error.what()),
                          "please report it with the command", homeroom::run::ExitCode::kInternal);
  }
}
