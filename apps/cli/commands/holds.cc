#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "catalog/decisions.h"
#include "command.h"
#include "contract/profile/profiled_contracts.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/store.h"
#include "print_report.h"
#include "run/archived_input.h"
#include "run/pipeline.h"
#include "terminal.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::int64_t run_id = 0;
  FileFlags file;
};

void print_holds(const Context& context, const std::vector<catalog::RunRecord>& holds) {
  using Align = Table::Align;
  Table table({{"RUN", Align::kRight},
               {"SINCE"},
               {"FILE"},
               {"DATA SET"},
               {"ROWS", Align::kRight},
               {"WHY"}});
  for (const catalog::RunRecord& run : holds) {
    table.add({std::to_string(run.run_id), run.started_at, shortened(printable(run.path), 40),
               run.dataset, with_thousands(run.rows_read), printable(run.reason)});
  }
  if (table.is_empty()) {
    fmt::print("No file is held.\n");
    return;
  }
  fmt::print(
      "{}\nNext:\n"
      "  homeroom holds release RUN    load it all the same\n"
      "  homeroom holds refuse RUN     do not take it, also when it comes again\n",
      table.text(context, ""));
}

void print_holds_json(const std::vector<catalog::RunRecord>& holds) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const catalog::RunRecord& run : holds) {
    list.push_back({{"run", run.run_id},
                    {"started_at", run.started_at},
                    {"path", run.path},
                    {"source", run.source},
                    {"dataset", run.dataset},
                    {"rows", run.rows_read},
                    {"reason", run.reason}});
  }
  const nlohmann::ordered_json document{{"schema_version", run::kReportSchemaVersion},
                                        {"holds", std::move(list)}};
  fmt::print("{}\n",
             document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

Status list(const Context& context) {
  const auto warehouse = HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  const auto holds = HOMEROOM_TRY(catalog::find_holds(connection));
  context.is_json ? print_holds_json(holds) : print_holds(context, holds);
  return {};
}

Result<catalog::RunRecord> held_run(io::Connection& connection, std::int64_t run_id) {
  std::optional<catalog::RunRecord> run = HOMEROOM_TRY(catalog::find_run(connection, run_id));
  if (run && run->status == "held") return std::move(*run);
  return fail(ErrorCode::kInvalidInput,
              run ? fmt::format("run {} is not held: it is {}", run_id, run->status)
                  : fmt::format("there is no run {}", run_id),
              "`homeroom holds list` shows those that are");
}

Status refuse(const Context& context, const Flags& flags) {
  const auto warehouse = HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  const catalog::RunRecord run = HOMEROOM_TRY(held_run(connection, flags.run_id));
  HOMEROOM_TRY(catalog::record_decision(connection, run.run_id, "refused", context.user, 0));
  if (!context.is_json) {
    fmt::print("Run {} is refused by {}: {} is not taken again.\n", run.run_id, context.user,
               printable(run.path));
  }
  return {};
}

// Loads the held file although a check said no; what was found stays in its report.
Result<run::FileReport> release(const Context& context, const Flags& flags) {
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  run::Settings settings = HOMEROOM_TRY(flags.file.settings(*contracts));
  const io::Store store = HOMEROOM_TRY(io::Store::open(context.data() / "store"));
  settings.scratch = store.scratch();
  settings.user = context.user;
  settings.is_released = true;
  const auto warehouse =
      HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kLoad, &contracts->plain()));
  settings.database = warehouse->describe();
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  const catalog::RunRecord run = HOMEROOM_TRY(held_run(connection, flags.run_id));
  const source::InputFile input = HOMEROOM_TRY(run::archived_input(store, run));
  if (contracts->plain().find(run.dataset) != nullptr) settings.dataset = run.dataset;
  const auto pipeline = HOMEROOM_TRY(run::Pipeline::open(
      settings, store, [&warehouse] { return warehouse->connect(); }, steady_seconds));
  run::FileReport report = pipeline->run_file(input);
  report.path = run.path;
  const bool is_taken =
      report.status == run::FileStatus::kGood || report.status == run::FileStatus::kDuplicate;
  if (!is_taken) return report;
  const std::int64_t as = report.run_id != 0 ? report.run_id : report.duplicate_of;
  HOMEROOM_TRY(catalog::record_decision(connection, run.run_id, "released", context.user, as));
  return report;
}

void print_released(const Context& context, const run::FileReport& report) {
  if (context.is_json) {
    print_json({report}, run::Command::kRun);
    return;
  }
  ReportPrinter printer(context, run::Command::kRun);
  printer.start({report.path});
  printer.file(report);
  printer.finish({report});
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  app.require_subcommand(1);
  auto flags = std::make_shared<Flags>();
  const auto add_action = [&](const char* name, const char* summary) {
    CLI::App* sub = app.add_subcommand(name, summary);
    add_data_flags(*sub, context);
    add_json_flag(*sub, context);
    return sub;
  };
  const auto add_decision = [&](const char* name, const char* summary) {
    CLI::App* sub = add_action(name, summary);
    sub->add_option("RUN", flags->run_id, "Number of the held run")->required();
    sub->add_option("--by", context.user, "Who decides")->capture_default_str();
    return sub;
  };
  add_action("list", "Files that are held, and why")->callback([&context, &result] {
    if (const Status done = list(context); !done) result = report_error(context, done.error());
  });
  CLI::App* releasing = add_decision("release", "Load the file although a check held it");
  add_contracts_flag(*releasing, context);
  releasing->callback([flags, &context, &result] {
    const auto report = release(context, *flags);
    if (!report) {
      result = report_error(context, report.error());
      return;
    }
    print_released(context, *report);
    result = run::exit_code_of(*report);
  });
  add_decision("refuse", "Do not take these bytes, also when they come again")
      ->callback([flags, &context, &result] {
        if (const Status done = refuse(context, *flags); !done) {
          result = report_error(context, done.error());
        }
      });
}

}  // namespace

extern const Command command_holds = {
    .name = "holds",
    .summary = "List, release or refuse files that a check holds",
    .examples =
        "  homeroom holds list\n"
        "  homeroom holds release 17\n"
        "  homeroom holds refuse 17 --by \"R. Ortiz\"\n",
    .add = add,
};

}  // namespace homeroom::cli
