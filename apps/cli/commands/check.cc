#include <fmt/format.h>

#include "command.h"
#include "contract/profile/profiled_contracts.h"
#include "file_flags.h"
#include "files_command.h"
#include "run/cleaning/clean_only.h"

namespace homeroom::cli {
namespace {

Result<std::vector<run::FileReport>> check(const Context& context, const FileFlags& flags) {
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  run::Settings settings = HOMEROOM_TRY(flags.settings(*contracts));
  auto reports = take_files(
      context, flags, run::Command::kCheck, settings,
      [](const source::InputFile& file, const source::InputFile*, const run::Settings& now) {
        return run::check_file(file, now, steady_seconds);
      });
  HOMEROOM_TRY(write_page(flags.html, reports, run::Command::kCheck));
  return reports;
}

run::ExitCode run_check(const Context& context, const FileFlags& flags) {
  const auto reports = check(context, flags);
  if (!reports) return report_error(context, reports.error());
  if (context.is_json) {
    print_json(*reports, run::Command::kCheck);
  } else if (!context.is_quiet) {
    fmt::print("Nothing was loaded. Load the good rows: homeroom run PATH\n");
  }
  return exit_code_of(*reports);
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<FileFlags>();
  flags->add_to(app, context);
  add_json_flag(app, context);
  app.callback([flags, &context, &result] { result = run_check(context, *flags); });
}

}  // namespace

extern const Command command_check = {
    .name = "check",
    .summary = "Say everything that a load would say, loading nothing",
    .examples =
        "  homeroom check scores_2026.csv\n"
        "  homeroom check drop/ --json\n"
        "  homeroom check drop/ --html report.html\n"
        "  homeroom check export.zip/users.csv\n"
        "  homeroom check marks.csv --dataset course_marks -v\n",
    .add = add,
};

}  // namespace homeroom::cli
