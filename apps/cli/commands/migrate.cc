#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "catalog/waiting_files.h"
#include "command.h"
#include "contract/profile/profiled_contracts.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/store.h"
#include "migrate/migration_files.h"
#include "migrate/print.h"
#include "run/bundle/bundle.h"
#include "run/changes/decide.h"
#include "run/changes/plan.h"
#include "source/folder.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

using run::Decision;

struct Flags {
  std::int64_t id = 0;
  std::string table;
  bool loses_values = false;
  FileFlags file;
};

// The warehouse with the newest program's own tables, a session, and the store.
struct Session {
  std::unique_ptr<Warehouse> warehouse;
  io::Store store;
  io::Connection connection;
};

Result<Session> open_session(const Context& context, const contract::ContractSet& contracts) {
  // Nothing is made where there is nothing yet.
  HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  auto warehouse = HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kLoad, &contracts));
  io::Store store = HOMEROOM_TRY(io::Store::open(context.data() / "store"));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  return Session{.warehouse = std::move(warehouse),
                 .store = std::move(store),
                 .connection = std::move(connection)};
}

Status plan_files(const FileFlags& flags, contract::ProfiledContracts& contracts, Session& session,
                  MigrationPlan& plan) {
  if (flags.paths.empty()) return {};
  run::Settings settings = HOMEROOM_TRY(flags.settings(contracts));
  const io::Store scratch = HOMEROOM_TRY(io::Store::open(session.store.scratch() / "plan"));
  settings.scratch = scratch.scratch();
  source::FoundFiles found = source::find_files(flags.paths);
  for (const source::Unusable& unusable : found.unusable) {
    run::PlannedFile& planned = plan.files.emplace_back();
    planned.report.path = unusable.path.string();
    planned.report.status = run::FileStatus::kRefused;
    planned.report.error_code = unusable.error.code;
    planned.report.reason = fmt::format("{}; {}", unusable.error.message, unusable.error.hint);
  }
  for (const source::InputFile& file : run::plan_bundles(std::move(found.files), settings).files) {
    plan.files.push_back(
        HOMEROOM_TRY(run::plan_changes_of(session.connection, file, settings, scratch)));
  }
  return {};
}

Result<MigrationPlan> make_plan(const Context& context, const FileFlags& flags) {
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  Session session = HOMEROOM_TRY(open_session(context, contracts->plain()));
  MigrationPlan plan;
  plan.tables = HOMEROOM_TRY(run::plan_contracts(session.connection, contracts->plain()));
  for (run::TableFit& fit :
       HOMEROOM_TRY(run::find_altered_tables(session.connection, contracts->plain()))) {
    plan.tables.push_back(std::move(fit));
  }
  HOMEROOM_TRY(plan_files(flags, *contracts, session, plan));
  for (migrate::MigrationRecord& record :
       HOMEROOM_TRY(migrate::find_migrations(session.connection, "waiting"))) {
    WaitingMigration& waiting = plan.waiting.emplace_back();
    waiting.preview = HOMEROOM_TRY(migrate::preview_apply(session.connection, record));
    if (record.is_blocking) {
      waiting.files = HOMEROOM_TRY(catalog::find_waiting_files(session.connection, record.table));
    }
    waiting.record = std::move(record);
  }
  HOMEROOM_TRY(migrate::write_migration_files(session.connection, session.store));
  return plan;
}

run::ExitCode run_plan(const Context& context, const FileFlags& flags) {
  const auto plan = make_plan(context, flags);
  if (!plan) return report_error(context, plan.error());
  context.is_json ? print_plan_json(*plan) : print_plan(context, *plan);
  run::ExitCode code = run::ExitCode::kOk;
  for (const run::PlannedFile& file : plan->files) {
    code = run::gravest(code, run::exit_code_of(file.report));
  }
  const bool waits =
      std::ranges::any_of(plan->waiting, [](const auto& one) { return one.record.is_blocking; }) ||
      std::ranges::any_of(plan->tables, &run::TableFit::waits);
  return waits ? run::gravest(code, run::ExitCode::kDrift) : code;
}

Status print_all(const Context& context) {
  const auto warehouse = HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  const auto records = HOMEROOM_TRY(migrate::find_migrations(connection, ""));
  context.is_json ? print_history_json(records) : print_history(context, records);
  return {};
}

Status decide(const Context& context, const Flags& flags, Decision decision) {
  const auto contracts = HOMEROOM_TRY(contract::ContractSet::load(context.contracts_folder));
  Session session = HOMEROOM_TRY(open_session(context, contracts));
  const migrate::MigrationRecord record =
      HOMEROOM_TRY(run::decide_migration(session.connection, flags.id, decision, context.user));
  HOMEROOM_TRY(migrate::write_migration_files(session.connection, session.store));
  std::vector<std::string> files;
  if (decision == Decision::kApply || decision == Decision::kRefuse) {
    files = HOMEROOM_TRY(catalog::find_waiting_files(session.connection, record.table));
  }
  print_decided(context, record, files);
  return {};
}

Status accept(const Context& context, const Flags& flags) {
  const auto contracts = HOMEROOM_TRY(contract::ContractSet::load(context.contracts_folder));
  Session session = HOMEROOM_TRY(open_session(context, contracts));
  const auto alterations =
      HOMEROOM_TRY(run::accept_alterations(session.connection, flags.table, context.user));
  if (!context.is_json) {
    fmt::print("data.{} is taken as it is now: {}\n", flags.table, describe(alterations));
  }
  return {};
}

void add_actions(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  const auto add_action = [&](const char* name, const char* summary) {
    CLI::App* sub = app.add_subcommand(name, summary);
    add_data_flags(*sub, context);
    add_json_flag(*sub, context);
    return sub;
  };
  CLI::App* plan =
      add_action("plan", "Changes that wait for a person, and what FILES would change");
  flags->file.add_to(*plan, context);
  plan->get_option("PATH")->required(false);
  plan->callback([flags, &context, &result] { result = run_plan(context, flags->file); });
  add_action("history", "Every change of a table, with its way back")
      ->callback([&context, &result] {
        if (const Status done = print_all(context); !done) {
          result = report_error(context, done.error());
        }
      });
  const auto add_decision = [&](const char* name, const char* summary, Decision decision) {
    CLI::App* sub = add_action(name, summary);
    sub->add_option("ID", flags->id, "Number of the migration")->required();
    sub->add_option("--by", context.user, "Who decides")->capture_default_str();
    add_contracts_flag(*sub, context);
    sub->callback([flags, decision, &context, &result] {
      const bool loses = decision == Decision::kRevert && flags->loses_values;
      const Status done = decide(context, *flags, loses ? Decision::kRevertLosing : decision);
      if (!done) result = report_error(context, done.error());
    });
    return sub;
  };
  add_decision("apply", "Make a change that waits", Decision::kApply);
  add_decision("refuse", "Leave the table as it is", Decision::kRefuse);
  add_decision("revert", "Take a change back that was made", Decision::kRevert)
      ->add_flag("--lose-values", flags->loses_values,
                 "Also when the column that goes holds values");
  CLI::App* accepting = add_action("accept", "Take what somebody else did to a table as it is");
  accepting->add_option("TABLE", flags->table, "Table in schema data")->required();
  accepting->add_option("--by", context.user, "Who decides")->capture_default_str();
  add_contracts_flag(*accepting, context);
  accepting->callback([flags, &context, &result] {
    if (const Status done = accept(context, *flags); !done) {
      result = report_error(context, done.error());
    }
  });
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  app.require_subcommand(1);
  add_actions(app, context, result);
}

}  // namespace

extern const Command command_migrate = {
    .name = "migrate",
    .summary = "Plan, apply, refuse or revert changes of tables",
    .examples =
        "  homeroom migrate plan\n"
        "  homeroom migrate plan drop/\n"
        "  homeroom migrate apply 12\n"
        "  homeroom migrate history\n"
        "  homeroom migrate revert 12 --by \"R. Ortiz\"\n",
    .add = add,
};

}  // namespace homeroom::cli
