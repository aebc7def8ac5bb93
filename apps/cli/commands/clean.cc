#include <string>

#include <fmt/format.h>

#include "command.h"
#include "contract/profile/profiled_contracts.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/store.h"
#include "run/cleaning/clean_only.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::string out;
  FileFlags file;
};

Result<std::vector<run::FileReport>> clean(const Context& context, const Flags& flags) {
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  run::Settings settings = HOMEROOM_TRY(flags.file.settings(*contracts));
  const io::Store store = HOMEROOM_TRY(open_store(flags.out));
  settings.scratch = store.scratch();
  run::CleanedAt at{.time = time_now()};
  auto reports = take_files(
      context, flags.file, run::Command::kClean, settings,
      [&](const source::InputFile& file, const source::InputFile*, const run::Settings& now) {
        ++at.number;
        return run::clean_file_to(file, now, store, steady_seconds, at);
      });
  HOMEROOM_TRY(write_page(flags.file.html, reports, run::Command::kClean));
  return reports;
}

run::ExitCode run_clean(const Context& context, const Flags& flags) {
  const auto reports = clean(context, flags);
  if (!reports) return report_error(context, reports.error());
  if (context.is_json) {
    print_json(*reports, run::Command::kClean);
  } else if (!context.is_quiet) {
    fmt::print("Clean files: {0}/clean  quarantined rows: {0}/quarantine  reports: {0}/runs\n",
               flags.out);
  }
  return exit_code_of(*reports);
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  flags->file.add_to(app, context);
  app.add_option("--out", flags->out,
                 "Folder, or s3://bucket/prefix, for clean/, quarantine/ and runs/")
      ->required();
  flags->file.add_changes_flag(app);
  add_json_flag(app, context);
  app.callback([flags, &context, &result] { result = run_clean(context, *flags); });
}

}  // namespace

extern const Command command_clean = {
    .name = "clean",
    .summary = "Write clean CSV, the quarantined rows and a report; needs no database",
    .examples =
        "  homeroom clean drop/ --out store\n"
        "  homeroom clean drop/ --out store --changes\n"
        "  homeroom clean attendance.csv --out store --school-year 2026\n",
    .add = add,
};

}  // namespace homeroom::cli
