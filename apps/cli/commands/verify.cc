#include "run/history/verify.h"

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

Result<run::Verification> verify(const Context& context) {
  const auto warehouse = HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  const io::Store store = HOMEROOM_TRY(io::Store::open(context.data() / "store"));
  return run::verify(connection, store);
}

void print(const run::Verification& found) {
  for (const run::Finding& finding : found.findings) {
    fmt::print("{}: {}\n  {}\n", finding.check, printable(finding.what), finding.next);
  }
  fmt::print("{}: {}, {}, {} in tables and history, {} of the archive.\n",
             found.findings.empty() ? "All agrees" : "Compared", counted(found.num_runs, "run"),
             counted(found.num_tables, "table"), counted(found.num_rows, "row"),
             counted(found.num_objects, "file"));
}

void print_json(const run::Verification& found) {
  nlohmann::ordered_json findings = nlohmann::ordered_json::array();
  for (const run::Finding& finding : found.findings) {
    findings.push_back({{"check", finding.check}, {"what", finding.what}, {"next", finding.next}});
  }
  const nlohmann::ordered_json document{{"schema_version", run::kReportSchemaVersion},
                                        {"agrees", found.findings.empty()},
                                        {"runs", found.num_runs},
                                        {"tables", found.num_tables},
                                        {"rows", found.num_rows},
                                        {"objects", found.num_objects},
                                        {"findings", std::move(findings)}};
  fmt::print("{}\n",
             document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  add_data_flags(app, context);
  add_json_flag(app, context);
  app.callback([&context, &result] {
    const auto found = verify(context);
    if (!found) {
      result = report_error(context, found.error());
      return;
    }
    context.is_json ? print_json(*found) : print(*found);
    if (!found->findings.empty()) result = run::ExitCode::kRejected;
  });
}

}  // namespace

extern const Command command_verify = {
    .name = "verify",
    .summary = "Compare ledger, tables and the archive's hashes; change nothing",
    .examples = "  homeroom verify\n  homeroom verify --json\n",
    .add = add,
};

}  // namespace homeroom::cli
