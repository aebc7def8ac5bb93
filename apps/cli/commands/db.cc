#include <string>

#include <fmt/format.h>

#include "command.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/server/private_postgres.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

Status require_private(const Context& context) {
  if (context.database_url.empty()) return {};
  return fail(ErrorCode::kConfig,
              "homeroom db is for the private PostgreSQL, and --db names another",
              "leave --db and HOMEROOM_DB out, or start that server its own way");
}

Status start(const Context& context) {
  HOMEROOM_TRY(require_private(context));
  HOMEROOM_TRY(make_data_folder(context));
  io::PrivatePostgres server = private_postgres(context);
  const bool started = HOMEROOM_TRY(server.start());
  fmt::print("PostgreSQL {}; it runs until homeroom db stop\n  {}\n",
             started ? "started" : "was running already", server.url("homeroom_loader"));
  return {};
}

Status stop(const Context& context) {
  HOMEROOM_TRY(require_private(context));
  io::PrivatePostgres server = private_postgres(context);
  const bool was_running = HOMEROOM_TRY(server.state()).is_running;
  HOMEROOM_TRY(server.stop());
  fmt::print("PostgreSQL {}\n", was_running ? "stopped" : "was not running");
  return {};
}

Status print_url(const Context& context, const std::string& role) {
  if (!context.database_url.empty()) {
    fmt::print("{}\n", context.database_url);
    return {};
  }
  const io::PrivatePostgres server = private_postgres(context);
  fmt::print("{}\n", server.url("homeroom_" + role));
  if (!HOMEROOM_TRY(server.state()).is_running) {
    fmt::print(stderr, "The server does not run: homeroom db start\n");
  }
  return {};
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  app.require_subcommand(1);
  add_data_flags(app, context);
  const auto add_action = [&](const char* name, const char* summary, const auto& action) {
    CLI::App* sub = app.add_subcommand(name, summary);
    add_data_flags(*sub, context);
    sub->callback([&context, &result, action] {
      if (const Status done = action(context); !done) result = report_error(context, done.error());
    });
    return sub;
  };
  add_action("start", "Start the private PostgreSQL and leave it running", start);
  add_action("stop", "Stop it", stop);
  auto role = std::make_shared<std::string>("loader");
  add_action("url", "Print the URL that psql and other programs take",
             [role](const Context& now) { return print_url(now, *role); })
      ->add_option("--role", *role, "Whose: loader, reader or admin")
      ->capture_default_str()
      ->check(CLI::IsMember({"loader", "reader", "admin"}));
}

}  // namespace

extern const Command command_db = {
    .name = "db",
    .summary = "Start, stop or find the private PostgreSQL",
    .examples =
        "  homeroom db start\n"
        "  psql \"$(homeroom db url)\"\n"
        "  homeroom db stop\n",
    .add = add,
};

}  // namespace homeroom::cli
