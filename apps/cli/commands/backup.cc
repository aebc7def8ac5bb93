#include "run/backup/backup.h"

#include <cstdint>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "command.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/store.h"
#include "terminal.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

std::string megabytes(std::uint64_t num_bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(num_bytes) / 1e6);
}

Status back_up(const Context& context, const std::string& folder) {
  const auto warehouse = HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  const io::Store store = HOMEROOM_TRY(io::Store::open(context.data() / "store"));
  run::BackupCounts counts;
  const run::Backup backup = HOMEROOM_TRY(
      run::make_backup(warehouse->admin_url(), warehouse->owner_role(), store, folder,
                       {.time = time_now(), .engine_version = std::string(kVersion)}, counts));
  if (context.is_json) {
    const nlohmann::ordered_json document{{"schema_version", run::kReportSchemaVersion},
                                          {"folder", folder},
                                          {"made_at", backup.made_at},
                                          {"database_bytes", backup.dump_bytes},
                                          {"objects", backup.num_objects},
                                          {"copied", counts.num_copied},
                                          {"bytes_copied", counts.bytes_copied},
                                          {"no_longer_there", counts.num_left}};
    fmt::print("{}\n", document.dump(2));
    return {};
  }
  fmt::print("{}: the database ({}) and {} of the store, {} of them new ({})\n", printable(folder),
             megabytes(backup.dump_bytes), counted(backup.num_objects, "file"),
             with_thousands(counts.num_copied), megabytes(counts.bytes_copied));
  if (counts.num_left > 0) {
    fmt::print("  {} of an earlier backup is not in the store any more, and was kept\n",
               counted(counts.num_left, "file"));
  }
  fmt::print("  `homeroom restore {} --data NEW_FOLDER` brings it back\n", printable(folder));
  return {};
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto folder = std::make_shared<std::string>();
  app.add_option("FOLDER", *folder, "Where it goes; the next backup adds what is new")->required();
  add_data_flags(app, context);
  add_json_flag(app, context);
  app.callback([folder, &context, &result] {
    if (const Status done = back_up(context, *folder); !done) {
      result = report_error(context, done.error());
    }
  });
}

}  // namespace

extern const Command command_backup = {
    .name = "backup",
    .summary = "Copy the database and the store into a folder; loads may go on meanwhile",
    .examples = "  homeroom backup /mnt/backup/homeroom\n",
    .add = add,
};

}  // namespace homeroom::cli
