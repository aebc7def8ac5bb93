#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "command.h"
#include "contract/profile/profiled_contracts.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/s3/s3_client.h"
#include "io/store.h"
#include "print_report.h"
#include "run/pipeline.h"
#include "run/stages/manifest.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::string folder;
  FileFlags file;
};

Result<std::vector<run::FileReport>> load(const Context& context, const Flags& flags) {
  if (!may_hold_files(io::is_s3_url(flags.folder) ? flags.folder : flags.folder + "/runs")) {
    return fail(ErrorCode::kConfig,
                fmt::format("{} is no folder that `homeroom clean --out` wrote", flags.folder),
                "clean the raw files into it first");
  }
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  run::Settings settings = HOMEROOM_TRY(flags.file.settings(*contracts));
  const io::Store store = HOMEROOM_TRY(open_store(flags.folder));
  settings.scratch = store.scratch();
  settings.user = context.user;
  const std::vector<run::LoadManifest> manifests = HOMEROOM_TRY(run::read_manifests(store));
  HOMEROOM_TRY(make_data_folder(context));
  const auto warehouse =
      HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kLoad, &contracts->plain()));
  settings.database = warehouse->describe();
  const auto pipeline = HOMEROOM_TRY(run::Pipeline::open(
      settings, store, [&warehouse] { return warehouse->connect(); }, steady_seconds));
  std::vector<std::string> names;
  for (const run::LoadManifest& manifest : manifests) names.push_back(manifest.report.path);
  ReportPrinter printer(context, run::Command::kRun);
  printer.start(names);
  std::vector<run::FileReport> reports;
  for (const run::LoadManifest& manifest : manifests) {
    run::FileReport report = pipeline->load_file(manifest);
    printer.file(report);
    reports.push_back(std::move(report));
  }
  printer.finish(reports);
  return reports;
}

run::ExitCode run_load(const Context& context, const Flags& flags) {
  const auto reports = load(context, flags);
  if (!reports) return report_error(context, reports.error());
  if (context.is_json) print_json(*reports, run::Command::kRun);
  return exit_code_of(*reports);
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("FOLDER", flags->folder, "What `homeroom clean --out FOLDER` wrote")->required();
  add_contracts_flag(app, context);
  add_data_flags(app, context);
  add_json_flag(app, context);
  app.callback([flags, &context, &result] { result = run_load(context, *flags); });
}

}  // namespace

extern const Command command_load = {
    .name = "load",
    .summary =
        "Load files that were cleaned before, perhaps elsewhere; their raw files are not needed",
    .examples =
        "  homeroom clean drop/ --out store && homeroom load store\n"
        "  homeroom load store --db postgresql://loader@db.district.example/homeroom\n",
    .add = add,
};

}  // namespace homeroom::cli
