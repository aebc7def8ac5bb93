#include "run/explain.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "base/text.h"
#include "command.h"
#include "contract/profile/profiled_contracts.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/store.h"
#include "terminal.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

struct Flags {
  std::string dataset;
  std::vector<std::string> key;
  FileFlags file;
};

// On a terminal, over somebody's shoulder, values are masked unless they were asked for.
bool is_masked(const Context& context) {
  return is_terminal(STDOUT_FILENO) && !context.show_values;
}

std::string shown(const std::string& value, bool masked) {
  if (value.empty()) return "";
  if (masked) return fmt::format("{} characters", display_width(value));
  return printable(value);
}

void print_row(const Context& context, const std::string& dataset, const run::ExplainedRow& row) {
  const bool masked = is_masked(context);
  fmt::print("{}\n  from line {} of {} (run {}, loaded {}, contract {})\n",
             styled(context, Style::kBold, fmt::format("data.{}", dataset)), row.origin.line,
             printable(row.origin.path), row.origin.run_id, row.origin.loaded_at,
             row.origin.contract_version);
  if (!row.origin.corrected_by.empty()) {
    fmt::print("  corrected in the quarantine by {}, {}\n", printable(row.origin.corrected_by),
               row.origin.corrected_at);
  }
  if (!row.trouble.empty()) {
    fmt::print("  the original text cannot be shown: {}\n", printable(row.trouble));
    return;
  }
  Table table({{"COLUMN"}, {"IN THE FILE"}, {"ORIGINAL"}, {"VALUE"}, {"CHANGED BY"}});
  for (const run::ExplainedCell& cell : row.cells) {
    if (cell.header.empty() && cell.value.empty()) continue;
    table.add({cell.column, printable(cell.header), shown(cell.original, masked),
               cell.is_suppressed ? "suppressed" : shown(cell.value, masked),
               cell.rules.empty() ? cell.note : join(cell.rules, ", ")});
  }
  fmt::print("{}", table.text(context));
  if (masked) fmt::print("  Values are masked on a terminal: --show-values shows them.\n");
}

nlohmann::ordered_json text_or_null(const std::string& text) {
  return text.empty() ? nlohmann::ordered_json(nullptr) : nlohmann::ordered_json(text);
}

nlohmann::ordered_json to_json(const run::ExplainedRow& row) {
  nlohmann::ordered_json cells = nlohmann::ordered_json::array();
  for (const run::ExplainedCell& cell : row.cells) {
    cells.push_back({{"column", cell.column},
                     {"header", cell.header},
                     {"original", cell.original},
                     {"value", cell.value},
                     {"suppressed", cell.is_suppressed},
                     {"rules", cell.rules},
                     {"note", cell.note}});
  }
  return {{"path", row.origin.path},
          {"line", row.origin.line},
          {"run", row.origin.run_id},
          {"loaded_at", row.origin.loaded_at},
          {"raw", row.origin.raw_key},
          {"contract_version", row.origin.contract_version},
          {"corrected_by", text_or_null(row.origin.corrected_by)},
          {"corrected_at", text_or_null(row.origin.corrected_at)},
          {"trouble", text_or_null(row.trouble)},
          {"cells", std::move(cells)}};
}

Status explain(const Context& context, const Flags& flags) {
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  const run::Settings settings = HOMEROOM_TRY(flags.file.settings(*contracts));
  const auto warehouse = HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  const io::Store store = HOMEROOM_TRY(io::Store::open(context.data() / "store"));
  const auto rows =
      HOMEROOM_TRY(run::explain_rows(connection, store, settings, flags.dataset, flags.key));
  if (context.is_json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const run::ExplainedRow& row : rows) list.push_back(to_json(row));
    const nlohmann::ordered_json document{{"schema_version", run::kReportSchemaVersion},
                                          {"dataset", flags.dataset},
                                          {"rows", std::move(list)}};
    fmt::print("{}\n",
               document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    return {};
  }
  for (const run::ExplainedRow& row : rows) print_row(context, flags.dataset, row);
  if (rows.empty()) fmt::print("No row of data.{} has this key.\n", flags.dataset);
  return {};
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto flags = std::make_shared<Flags>();
  app.add_option("DATASET", flags->dataset, "Data set or table of schema data")->required();
  app.add_option("KEY", flags->key, "Values of the key, in the key's order; the first ones do")
      ->required();
  app.add_flag("--show-values", context.show_values, "Show values on a terminal too");
  add_contracts_flag(app, context);
  add_data_flags(app, context);
  add_json_flag(app, context);
  app.callback([flags, &context, &result] {
    if (const Status done = explain(context, *flags); !done) {
      result = report_error(context, done.error());
    }
  });
}

}  // namespace

extern const Command command_explain = {
    .name = "explain",
    .summary = "Show the file, line, original text and changes behind a row",
    .examples =
        "  homeroom explain students 0012345\n"
        "  homeroom explain attendance_daily 0012345 010 2025-11-03 --show-values\n",
    .add = add,
};

}  // namespace homeroom::cli
