#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "catalog/decisions.h"
#include "command.h"
#include "contract/profile/profiled_contracts.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/store.h"
#include "print_report.h"
#include "run/archived_input.h"
#include "run/file_outcome.h"
#include "run/pipeline.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::vector<std::int64_t> runs;
  std::string dataset;
  FileFlags file;
};

// Errors: kInvalidInput for a run that another has replaced, or that loaded nothing.
Result<catalog::RunRecord> standing_run(io::Connection& connection, std::int64_t run_id) {
  std::optional<catalog::RunRecord> run = HOMEROOM_TRY(catalog::find_run(connection, run_id));
  if (!run) {
    return fail(ErrorCode::kInvalidInput, fmt::format("there is no run {}", run_id),
                "`homeroom status` lists the runs");
  }
  if (run->current_run == run_id) return std::move(*run);
  return fail(ErrorCode::kInvalidInput,
              run->current_run == 0
                  ? fmt::format("run {} fills no slot: it is {}", run_id, run->status)
                  : fmt::format("run {} was followed by run {}", run_id, run->current_run),
              run->current_run == 0 ? "`homeroom holds release` loads a file that is held"
                                    : "replay that one, or take it back first: homeroom undo");
}

Result<std::vector<catalog::RunRecord>> find_runs(io::Connection& connection, const Flags& flags) {
  if (flags.runs.empty()) return catalog::find_standing(connection, flags.dataset);
  std::vector<catalog::RunRecord> runs;
  for (const std::int64_t run_id : flags.runs) {
    runs.push_back(HOMEROOM_TRY(standing_run(connection, run_id)));
  }
  return runs;
}

Result<std::vector<run::FileReport>> replay(const Context& context, const Flags& flags) {
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  run::Settings settings = HOMEROOM_TRY(flags.file.settings(*contracts));
  const io::Store store = HOMEROOM_TRY(io::Store::open(context.data() / "store"));
  settings.scratch = store.scratch();
  settings.user = context.user;
  const auto warehouse =
      HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kLoad, &contracts->plain()));
  settings.database = warehouse->describe();
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  const std::vector<catalog::RunRecord> runs = HOMEROOM_TRY(find_runs(connection, flags));
  const auto pipeline = HOMEROOM_TRY(run::Pipeline::open(
      settings, store, [&warehouse] { return warehouse->connect(); }, steady_seconds));
  std::vector<std::string> names;
  for (const catalog::RunRecord& run : runs) names.push_back(run.path);
  ReportPrinter printer(context, run::Command::kRun);
  printer.start(names);
  std::vector<run::FileReport> reports;
  for (const catalog::RunRecord& run : runs) {
    const Result<source::InputFile> input = run::archived_input(store, run);
    run::FileReport report;
    if (input) {
      report = pipeline->run_file(*input);
    } else {
      run::refuse(input.error(), report);
    }
    report.path = run.path;
    printer.file(report);
    reports.push_back(std::move(report));
  }
  printer.finish(reports);
  return reports;
}

run::ExitCode run_replay(const Context& context, const Flags& flags) {
  const auto reports = replay(context, flags);
  if (!reports) return report_error(context, reports.error());
  if (context.is_json) print_json(*reports, run::Command::kRun);
  return exit_code_of(*reports);
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("RUN", flags->runs,
                 "Numbers of runs; all that fill their slot when none is named");
  app.add_option("--dataset", flags->dataset, "Only files of this data set");
  add_contracts_flag(app, context);
  add_data_flags(app, context);
  add_json_flag(app, context);
  app.callback([flags, &context, &result] { result = run_replay(context, *flags); });
}

}  // namespace

extern const Command command_replay = {
    .name = "replay",
    .summary = "Take archived files again, by the contracts as they are now",
    .examples =
        "  homeroom replay --dataset attendance_daily   # after its contract changed\n"
        "  homeroom replay 17\n",
    .add = add,
};

}  // namespace homeroom::cli
