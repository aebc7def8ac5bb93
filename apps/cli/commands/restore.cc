#include "run/backup/restore.h"

#include <cstdint>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "command.h"
#include "contract/profile/profiled_contracts.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/store.h"
#include "run/backup/backup.h"
#include "run/history/verify.h"
#include "terminal.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

Status require_empty(const io::Store& store, const Context& context) {
  if (HOMEROOM_TRY(store.list("")).empty()) return {};
  return fail(ErrorCode::kConfig, fmt::format("{} has files already", context.data_folder),
              "restore into a folder of its own: --data NEW_FOLDER");
}

void print(const Context& context, const run::Backup& backup, std::uint64_t num_objects,
           const run::Verification& found) {
  if (context.is_json) {
    const nlohmann::ordered_json document{{"schema_version", run::kReportSchemaVersion},
                                          {"made_at", backup.made_at},
                                          {"objects", num_objects},
                                          {"runs", found.num_runs},
                                          {"rows", found.num_rows},
                                          {"agrees", found.findings.empty()}};
    fmt::print("{}\n", document.dump(2));
    return;
  }
  fmt::print("Restored what was there at {}: {}, {}, {} of the store. {}\n",
             printable(backup.made_at), counted(found.num_runs, "run"),
             counted(found.num_rows, "row"), counted(num_objects, "file"),
             found.findings.empty() ? "Ledger, tables and archive agree."
                                    : "Not all agrees: `homeroom verify` says what.");
}

Result<bool> restore(const Context& context, const std::string& folder) {
  const run::Backup backup = HOMEROOM_TRY(run::read_backup(folder));
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  HOMEROOM_TRY(make_data_folder(context));
  const io::Store store = HOMEROOM_TRY(io::Store::open(context.data() / "store"));
  HOMEROOM_TRY(require_empty(store, context));
  const auto warehouse = HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kFill, nullptr));
  io::Connection admin = HOMEROOM_TRY(io::Connection::connect(warehouse->admin_url()));
  HOMEROOM_TRY(run::restore_warehouse(admin, warehouse->admin_url(),
                                      std::filesystem::path(folder) / backup.dump,
                                      contracts->plain()));
  const std::uint64_t num_objects = HOMEROOM_TRY(run::restore_objects(folder, store));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  const run::Verification found = HOMEROOM_TRY(run::verify(connection, store));
  print(context, backup, num_objects, found);
  return found.findings.empty();
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto folder = std::make_shared<std::string>();
  app.add_option("FOLDER", *folder, "What `homeroom backup FOLDER` wrote")->required();
  add_contracts_flag(app, context);
  add_data_flags(app, context);
  add_json_flag(app, context);
  app.callback([folder, &context, &result] {
    const auto agrees = restore(context, *folder);
    if (!agrees) {
      result = report_error(context, agrees.error());
    } else if (!*agrees) {
      result = run::ExitCode::kRejected;
    }
  });
}

}  // namespace

extern const Command command_restore = {
    .name = "restore",
    .summary = "Bring a backup back, into an empty data folder or an empty database",
    .examples =
        "  homeroom restore /mnt/backup/homeroom --data /srv/homeroom\n"
        "  homeroom restore /mnt/backup/homeroom --data /srv/homeroom --db "
        "postgresql://admin@db.district.example/homeroom\n",
    .add = add,
};

}  // namespace homeroom::cli
