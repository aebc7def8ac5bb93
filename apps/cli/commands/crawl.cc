#include "run/stages/crawl.h"

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
#include "io/store.h"
#include "terminal.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

using Align = Table::Align;

Result<std::vector<run::CrawledDataset>> crawl(const Context& context, const std::string& folder) {
  if (!may_hold_files(folder)) {
    return fail(ErrorCode::kConfig, fmt::format("{} is no folder", folder),
                "name the folder that `homeroom clean --out` wrote, or one with a folder of clean "
                "CSV files for each table");
  }
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  const io::Store store = HOMEROOM_TRY(open_store(folder));
  auto datasets = HOMEROOM_TRY(run::crawl(store, contracts->plain()));
  for (const run::CrawledDataset& dataset : datasets) {
    HOMEROOM_TRY(run::write_catalog(store, dataset));
  }
  return datasets;
}

run::CrawledPartition total_of(const run::CrawledDataset& dataset) {
  run::CrawledPartition total;
  for (const auto& [year, partition] : dataset.partitions) {
    total.num_files += partition.num_files;
    total.num_rows += partition.num_rows;
    total.num_bytes += partition.num_bytes;
  }
  return total;
}

void print(const Context& context, const std::vector<run::CrawledDataset>& datasets) {
  Table table({{"DATA SET"},
               {"FILES", Align::kRight},
               {"ROWS", Align::kRight},
               {"COLUMNS", Align::kRight},
               {"YEARS", Align::kRight},
               {"CONTRACT"}});
  for (const run::CrawledDataset& dataset : datasets) {
    const run::CrawledPartition total = total_of(dataset);
    const bool has_years = !dataset.partitions.contains("");
    const std::string agrees = dataset.disagreements.empty()
                                   ? std::string("agrees")
                                   : counted(dataset.disagreements.size(), "difference");
    table.add({printable(dataset.name), with_thousands(total.num_files),
               with_thousands(total.num_rows), std::to_string(dataset.columns.size()),
               has_years ? std::to_string(dataset.partitions.size()) : "",
               dataset.has_contract ? agrees : "none"});
  }
  fmt::print("{}", table.is_empty() ? std::string("There is no clean CSV file below it.\n")
                                    : table.text(context, ""));
  for (const run::CrawledDataset& dataset : datasets) {
    for (const std::string& sentence : dataset.disagreements) {
      fmt::print("  {}: {}\n", printable(dataset.name), printable(sentence));
    }
    for (const std::string& sentence : dataset.unreadable) {
      fmt::print("  {}\n", printable(sentence));
    }
  }
}

void print_json(const std::vector<run::CrawledDataset>& datasets) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const run::CrawledDataset& dataset : datasets) {
    const run::CrawledPartition total = total_of(dataset);
    list.push_back({{"dataset", dataset.name},
                    {"catalog", fmt::format("catalog/{}.json", dataset.name)},
                    {"files", total.num_files},
                    {"rows", total.num_rows},
                    {"columns", dataset.columns.size()},
                    {"has_contract", dataset.has_contract},
                    {"disagreements", dataset.disagreements},
                    {"unreadable", dataset.unreadable}});
  }
  const nlohmann::ordered_json document{{"schema_version", run::kReportSchemaVersion},
                                        {"datasets", std::move(list)}};
  fmt::print("{}\n",
             document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  auto folder = std::make_shared<std::string>();
  app.add_option("FOLDER", *folder, "What `homeroom clean --out` wrote, or folders of clean files")
      ->required();
  add_contracts_flag(app, context);
  add_json_flag(app, context);
  app.callback([folder, &context, &result] {
    const auto datasets = crawl(context, *folder);
    if (!datasets) {
      result = report_error(context, datasets.error());
      return;
    }
    context.is_json ? print_json(*datasets) : print(context, *datasets);
    for (const run::CrawledDataset& dataset : *datasets) {
      if (!dataset.unreadable.empty()) result = run::ExitCode::kRejected;
    }
  });
}

}  // namespace

extern const Command command_crawl = {
    .name = "crawl",
    .summary = "Make the catalog from clean files, and say where they and the contracts disagree",
    .examples =
        "  homeroom clean drop/ --out store && homeroom crawl store\n"
        "  homeroom crawl /data/warehouse-export\n",
    .add = add,
};

}  // namespace homeroom::cli
