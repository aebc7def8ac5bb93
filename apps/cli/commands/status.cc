#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "catalog/ledger.h"
#include "command.h"
#include "file_flags.h"
#include "files_command.h"
#include "terminal.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

struct Flags {
  int limit = 20;
};

void print_runs(const Context& context, const std::vector<catalog::RunSummary>& runs) {
  using Align = Table::Align;
  Table table({{"RUN", Align::kRight},
               {"WHEN"},
               {"FILE"},
               {"DATA SET"},
               {"STATUS"},
               {"READ", Align::kRight},
               {"LOADED", Align::kRight},
               {"UNCHANGED", Align::kRight},
               {"QUARANTINED", Align::kRight},
               {"PENDING", Align::kRight},
               {"TIME", Align::kRight}});
  for (const catalog::RunSummary& run : runs) {
    table.add({fmt::format("#{}", run.run_id), run.started_at, shortened(printable(run.path), 40),
               run.dataset,
               run.undone_by == 0 ? run.status : fmt::format("undone by #{}", run.undone_by),
               with_thousands(run.rows.read), with_thousands(run.rows.loaded),
               with_thousands(run.rows.unchanged), with_thousands(run.rows.quarantined),
               with_thousands(run.rows.pending), printable_duration(run.seconds)});
  }
  if (table.is_empty()) {
    fmt::print("Nothing was loaded yet: homeroom run FOLDER\n");
  } else {
    fmt::print("{}", table.text(context, ""));
  }
}

void print_runs_json(const std::vector<catalog::RunSummary>& runs) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const catalog::RunSummary& run : runs) {
    list.push_back({{"run", run.run_id},
                    {"started_at", run.started_at},
                    {"path", run.path},
                    {"dataset", run.dataset},
                    {"status", run.status},
                    {"undone_by", run.undone_by == 0 ? nlohmann::ordered_json(nullptr)
                                                     : nlohmann::ordered_json(run.undone_by)},
                    {"rows",
                     {{"read", run.rows.read},
                      {"loaded", run.rows.loaded},
                      {"unchanged", run.rows.unchanged},
                      {"duplicate", run.rows.duplicate},
                      {"quarantined", run.rows.quarantined},
                      {"pending", run.rows.pending},
                      {"skipped", run.rows.skipped}}},
                    {"seconds", run.seconds}});
  }
  const nlohmann::ordered_json document{{"schema_version", run::kReportSchemaVersion},
                                        {"runs", std::move(list)}};
  fmt::print("{}\n",
             document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

Status show_status(const Context& context, const Flags& flags) {
  const auto warehouse = HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  const auto runs = HOMEROOM_TRY(catalog::recent_runs(connection, flags.limit));
  if (context.is_json) {
    print_runs_json(runs);
  } else {
    print_runs(context, runs);
  }
  return {};
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("--limit", flags->limit, "How many runs")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000));
  add_data_flags(app, context);
  add_json_flag(app, context);
  app.callback([flags, &context, &result] {
    if (const Status shown = show_status(context, *flags); !shown) {
      result = report_error(context, shown.error());
    }
  });
}

}  // namespace

extern const Command command_status = {
    .name = "status",
    .summary = "List the latest runs with what became of their rows",
    .examples = "  homeroom status\n  homeroom status --limit 100 --json\n",
    .add = add,
};

}  // namespace homeroom::cli
