#include <string>

#include <fmt/format.h>

#include "answers.h"
#include "command.h"
#include "contract/profile/profiled_contracts.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/store.h"
#include "run/pipeline.h"
#include "terminal.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

void print_next_steps(const Context& context, const std::vector<run::FileReport>& reports) {
  const std::string data =
      context.database_url.empty() ? fmt::format(" --data {}", context.data_folder) : std::string();
  std::uint64_t quarantined = 0;
  std::uint64_t loaded = 0;
  std::size_t num_known = 0;
  for (const run::FileReport& report : reports) {
    quarantined += report.rows.quarantined;
    loaded += report.rows.loaded;
    num_known += report.status == run::FileStatus::kDuplicate ? 1 : 0;
  }
  if (num_known > 0 && loaded == 0) {
    fmt::print("{} loaded before: 0 rows loaded, nothing is loaded twice.\n",
               num_known == reports.size()
                   ? "Every file was"
                   : fmt::format("{} of {} files were", num_known, reports.size()));
  }
  fmt::print("\nNext:\n");
  if (quarantined > 0) {
    fmt::print("  {} rows need you, each with its line and reason: {}\n", quarantined,
               (context.data() / "store" / "quarantine").string());
  }
  fmt::print(
      "  homeroom status{0}                         what was loaded, and when\n"
      "  homeroom explain DATASET KEY...{0}         the line and changes behind a row\n"
      "  homeroom sql \"select * from report.attendance_rate_by_school\"{0}\n",
      data);
}

// All of it: contracts, database, files, answers.
Result<std::vector<run::FileReport>> load(const Context& context, const FileFlags& flags) {
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  run::Settings settings = HOMEROOM_TRY(flags.settings(*contracts));
  HOMEROOM_TRY(make_data_folder(context));
  const io::Store store = HOMEROOM_TRY(io::Store::open(context.data() / "store"));
  settings.scratch = store.scratch();
  settings.attempts = context.data() / "attempts";
  settings.user = context.user;
  const double start = steady_seconds();
  const auto warehouse =
      HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kLoad, &contracts->plain()));
  settings.database = warehouse->describe();
  const auto pipeline = HOMEROOM_TRY(run::Pipeline::open(
      settings, store, [&warehouse] { return warehouse->connect(); }, steady_seconds));
  if (!context.is_json && !context.is_quiet) {
    fmt::print(stderr, "Homeroom {}, {} ({} after {})\n", kVersion, warehouse->describe(),
               warehouse->started_server() ? "started" : "ready",
               printable_duration(steady_seconds() - start));
  }
  std::vector<run::FileReport> reports =
      take_files(context, flags, run::Command::kRun, settings,
                 [&](const source::InputFile& file, const source::InputFile* next,
                     const run::Settings&) { return pipeline->run_file(file, next); });
  HOMEROOM_TRY(write_page(flags.html, reports, run::Command::kRun));
  if (context.is_json || context.is_quiet) return reports;
  if (auto connection = warehouse->connect()) {
    print_answers(context, *connection);
  } else {
    print_error(context, connection.error());
  }
  print_next_steps(context, reports);
  return reports;
}

run::ExitCode run_run(const Context& context, const FileFlags& flags) {
  const auto reports = load(context, flags);
  if (!reports) return report_error(context, reports.error());
  if (context.is_json) print_json(*reports, run::Command::kRun);
  return exit_code_of(*reports);
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<FileFlags>();
  flags->add_to(app, context);
  app.add_flag("--read-afresh", flags->is_read_afresh,
               "Forget what was said of how such files are written, and guess again");
  app.add_flag("--try-again", flags->tries_again,
               "Also take files in the middle of which the program ended three times");
  flags->add_changes_flag(app);
  app.add_flag("--explain", context.explains_loads, "Say how each file's rows got into the table");
  add_data_flags(app, context);
  add_json_flag(app, context);
  app.callback([flags, &context, &result] { result = run_run(context, *flags); });
}

}  // namespace

extern const Command command_run = {
    .name = "run",
    .summary = "Take files from raw bytes to loaded tables, and print the first answers",
    .examples =
        "  homeroom run drop/\n"
        "  homeroom run export.zip\n"
        "  homeroom run drop/sis/attendance_2025-11.csv --data /srv/homeroom\n"
        "  homeroom run drop/ --db postgresql://loader@db.district.example/homeroom\n",
    .add = add,
};

}  // namespace homeroom::cli
