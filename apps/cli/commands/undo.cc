#include "run/history/undo.h"

#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "command.h"
#include "contract/profile/profiled_contracts.h"
#include "file_flags.h"
#include "files_command.h"
#include "terminal.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Flags {
  std::int64_t run_id = 0;
  bool with_later = false;
  std::string reason;
};

Result<run::UndoReport> undo(const Context& context, const Flags& flags) {
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  // Before anything is made: a folder without a database has nothing to undo.
  HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  const auto warehouse =
      HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kLoad, &contracts->plain()));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  return run::undo_run(connection, contracts->plain(),
                       {.run_id = flags.run_id,
                        .with_later = flags.with_later,
                        .made_by = context.user,
                        .reason = flags.reason,
                        .engine_version = std::string(kVersion),
                        .clock = steady_seconds});
}

void print_names(const std::vector<run::RunName>& runs) {
  for (const run::RunName& run : runs) {
    fmt::print("  run {:<6} {}\n", run.run_id, printable(run.path));
  }
}

void print_refusal(const Flags& flags, const run::UndoReport& report) {
  fmt::print(
      "Run {} is not undone: {} on it. Nothing is changed.\n"
      "They have replaced its rows since, found them there, or have rows that name them:\n",
      flags.run_id, report.dependents.size() == 1 ? "a later run depends" : "later runs depend");
  print_names(report.dependents);
  fmt::print("Next:\n  homeroom undo {} --with-later    takes them back too, the newest first\n",
             flags.run_id);
}

void print_undo(const Context& context, const run::UndoReport& report) {
  fmt::print("Undone as run {}:\n", report.undo_run);
  print_names(report.undone);
  if (!report.counts_again.empty()) {
    fmt::print("These count again:\n");
    print_names(report.counts_again);
  }
  using Align = Table::Align;
  Table table({{"TABLE"},
               {"CAME BACK", Align::kRight},
               {"AS BEFORE", Align::kRight},
               {"WENT", Align::kRight}});
  for (const run::UndoneTable& undone : report.tables) {
    table.add({"data." + undone.table, with_thousands(undone.rows.inserted),
               with_thousands(undone.rows.updated), with_thousands(undone.rows.closed)});
  }
  fmt::print("{}", table.text(context));
  if (report.rows_waiting_again > 0) {
    fmt::print("{} that named what is gone wait for it again.\n",
               counted(report.rows_waiting_again, "row"));
  }
  for (const std::string& change : report.changes_that_stay) {
    fmt::print("Stays as it is: {}\n", printable(change));
  }
  if (report.counts_again.empty()) {
    fmt::print(
        "The file itself is kept; given to `homeroom run` again it is loaded again. Take it out "
        "of\n"
        "the folder if it is not to be. `homeroom undo {}` takes this back.\n",
        report.undo_run);
  }
}

Json to_json(const std::vector<run::RunName>& runs) {
  Json list = Json::array();
  for (const run::RunName& run : runs) list.push_back({{"run", run.run_id}, {"path", run.path}});
  return list;
}

void print_json(const run::UndoReport& report) {
  Json tables = Json::array();
  for (const run::UndoneTable& undone : report.tables) {
    tables.push_back({{"table", "data." + undone.table},
                      {"inserted", undone.rows.inserted},
                      {"updated", undone.rows.updated},
                      {"closed", undone.rows.closed}});
  }
  const Json document{{"schema_version", run::kReportSchemaVersion},
                      {"run", report.undo_run == 0 ? Json(nullptr) : Json(report.undo_run)},
                      {"undone", to_json(report.undone)},
                      {"counts_again", to_json(report.counts_again)},
                      {"dependents", to_json(report.dependents)},
                      {"tables", std::move(tables)},
                      {"rows_waiting_again", report.rows_waiting_again},
                      {"changes_that_stay", report.changes_that_stay}};
  fmt::print("{}\n", document.dump(2, ' ', false, Json::error_handler_t::replace));
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("RUN", flags->run_id, "Number of the run, as `homeroom status` shows it")
      ->required()
      ->check(CLI::PositiveNumber);
  app.add_flag("--with-later", flags->with_later, "Take back later runs that depend on it too");
  app.add_option("--reason", flags->reason, "Why, for whoever asks later");
  app.add_option("--by", context.user, "Who decides")->capture_default_str();
  add_contracts_flag(app, context);
  add_data_flags(app, context);
  add_json_flag(app, context);
  app.callback([flags, &context, &result] {
    const auto report = undo(context, *flags);
    if (!report) {
      result = report_error(context, report.error());
      return;
    }
    if (context.is_json) {
      print_json(*report);
    } else if (report->undo_run == 0) {
      print_refusal(*flags, *report);
    } else {
      print_undo(context, *report);
    }
    if (report->undo_run == 0) result = run::ExitCode::kRejected;
  });
}

}  // namespace

extern const Command command_undo = {
    .name = "undo",
    .summary = "Take a run back: its rows go, what they replaced comes back",
    .examples =
        "  homeroom undo 17 --reason \"wrong school\"\n"
        "  homeroom undo 17 --with-later\n"
        "  homeroom undo 18              18 was an undo: what it took back counts again\n",
    .add = add,
};

}  // namespace homeroom::cli
