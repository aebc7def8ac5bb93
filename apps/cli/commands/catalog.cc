#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "catalog/describe.h"
#include "command.h"
#include "contract/contract.h"
#include "file_flags.h"
#include "files_command.h"
#include "run/report.h"
#include "terminal.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

using nlohmann::ordered_json;
using Align = Table::Align;

// A value that fewer rows have may point to one student.
constexpr std::uint64_t kLeastCount = 10;
constexpr std::size_t kWidestValue = 24;

struct Flags {
  std::string dataset;
  int from = 0;
  int to = 0;
  int limit = 50;
};

/// The warehouse, and a session in it.
struct Session {
  std::unique_ptr<Warehouse> warehouse;
  io::Connection connection;
};

Result<Session> open_session(const Context& context) {
  auto warehouse = HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  return Session{.warehouse = std::move(warehouse), .connection = std::move(connection)};
}

void print_document(const ordered_json& document) {
  ordered_json json{{"schema_version", run::kReportSchemaVersion}};
  json.update(document);
  fmt::print("{}\n", json.dump(2, ' ', false, ordered_json::error_handler_t::replace));
}

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

std::string day_and_time(const std::string& iso) {
  std::string text = iso.substr(0, 16);
  std::ranges::replace(text, 'T', ' ');
  return text;
}

ordered_json to_json(const catalog::DatasetSummary& dataset) {
  return {{"dataset", dataset.name},
          {"table", "data." + dataset.name},
          {"description", text_or_null(dataset.title)},
          {"rows", dataset.num_rows},
          {"files", dataset.num_files},
          {"columns", dataset.num_columns},
          {"version", dataset.version},
          {"loaded_at", text_or_null(dataset.loaded_at)}};
}

Status list(const Context& context) {
  Session session = HOMEROOM_TRY(open_session(context));
  const auto datasets = HOMEROOM_TRY(catalog::find_datasets(session.connection));
  if (context.is_json) {
    ordered_json all = ordered_json::array();
    for (const catalog::DatasetSummary& dataset : datasets) all.push_back(to_json(dataset));
    print_document({{"datasets", std::move(all)}});
    return {};
  }
  Table table({{"DATA SET"},
               {"ABOUT ROWS", Align::kRight},
               {"FILES", Align::kRight},
               {"COLUMNS", Align::kRight},
               {"VERSION", Align::kRight},
               {"LAST LOADED"},
               {"WHAT IT IS"}});
  for (const catalog::DatasetSummary& dataset : datasets) {
    table.add({dataset.name, with_thousands(dataset.num_rows), with_thousands(dataset.num_files),
               std::to_string(dataset.num_columns),
               dataset.version == 0 ? "" : std::to_string(dataset.version),
               day_and_time(dataset.loaded_at), shortened(printable(dataset.title), 50)});
  }
  fmt::print("{}", table.is_empty() ? std::string("There is no data set yet.\n")
                                    : table.text(context, ""));
  return {};
}

// Names, ids, and what the contract restricts are never told; nor is anything of a table that no
// contract describes.
bool tells_values(const contract::Contract* contract, const std::string& name) {
  if (contract == nullptr) return false;
  const int index = contract->find(name);
  if (index < 0) return false;
  const contract::Column& column = contract->columns[static_cast<std::size_t>(index)];
  if (column.classification == "restricted") return false;
  switch (column.kind) {
    case contract::Kind::kIdentifier:
    case contract::Kind::kPersonName:
    case contract::Kind::kEmail:
    case contract::Kind::kPhone:
    case contract::Kind::kPostcode:
      return false;
    case contract::Kind::kText:
      return column.classification == "public";
    default:
      return true;
  }
}

std::string share(std::uint64_t part, std::uint64_t whole) {
  if (part == 0) return "";
  const double percent = 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  return percent < 0.1 ? "< 0.1 %" : fmt::format("{:.1f} %", percent);
}

std::string top_text(const catalog::ColumnFacts& facts) {
  std::vector<std::string> texts;
  for (const auto& [value, count] : facts.top) {
    texts.push_back(shortened(printable(value), kWidestValue));
    if (texts.size() == 3) break;
  }
  return join(texts, ", ");
}

void print_columns(const Context& context, const catalog::DatasetDetail& detail,
                   const std::vector<catalog::ColumnFacts>& facts) {
  Table table({{"COLUMN"},
               {"TYPE"},
               {"KEY", Align::kRight},
               {"EMPTY", Align::kRight},
               {"DISTINCT", Align::kRight},
               {"LOWEST"},
               {"HIGHEST"},
               {"MOST FREQUENT"}});
  for (std::size_t i = 0; i < detail.columns.size(); ++i) {
    const catalog::CatalogColumn& column = detail.columns[i];
    const catalog::ColumnFacts& fact = facts[i];
    table.add({column.name, column.type + (column.is_required ? ", required" : ""),
               column.key_position == 0 ? "" : std::to_string(column.key_position),
               share(fact.num_nulls, fact.num_rows), with_thousands(fact.num_distinct),
               shortened(printable(fact.low.value_or("")), kWidestValue),
               shortened(printable(fact.high.value_or("")), kWidestValue), top_text(fact)});
  }
  fmt::print("{}", table.text(context, "  "));
}

void print_detail(const Context& context, const catalog::DatasetDetail& detail,
                  const std::vector<catalog::ColumnFacts>& facts) {
  const catalog::DatasetSummary& summary = detail.summary;
  fmt::print("{}\n", styled(context, Style::kBold, "data." + summary.name));
  if (!summary.title.empty()) fmt::print("{}\n", printable(summary.title));
  fmt::print("\n  {} in {} of {}\n", counted(summary.num_rows, "row"),
             counted(summary.num_columns, "column"), counted(summary.num_files, "file"));
  std::vector<std::string> years;
  for (const catalog::Partition& part : detail.partitions) {
    years.push_back(fmt::format("{} ({})", part.school_year.empty() ? "none" : part.school_year,
                                with_thousands(part.num_rows)));
  }
  if (!years.empty()) fmt::print("  school years: {}\n", join(years, ", "));
  std::vector<std::string> sources;
  for (const catalog::DatasetSource& source : detail.sources) {
    sources.push_back(fmt::format("{} ({}, last {})", printable(source.source),
                                  counted(source.num_files, "file"),
                                  day_and_time(source.loaded_at)));
  }
  if (!sources.empty()) fmt::print("  from: {}\n", join(sources, ", "));
  if (!detail.read_by.empty()) fmt::print("  read by: {}\n", join(detail.read_by, ", "));
  fmt::print("\n");
  print_columns(context, detail, facts);
  if (!facts.empty() && facts.front().num_rows < summary.num_rows) {
    fmt::print("  Counted in a sample of {}.\n", counted(facts.front().num_rows, "row"));
  }
}

ordered_json to_json(const catalog::CatalogColumn& column, const catalog::ColumnFacts& facts) {
  ordered_json top = ordered_json::array();
  for (const auto& [value, count] : facts.top) top.push_back({{"value", value}, {"count", count}});
  return {{"name", column.name},
          {"type", column.type},
          {"required", column.is_required},
          {"key_position",
           column.key_position == 0 ? ordered_json(nullptr) : ordered_json(column.key_position)},
          {"description", text_or_null(column.comment)},
          {"rows", facts.num_rows},
          {"nulls", facts.num_nulls},
          {"distinct", facts.num_distinct},
          {"min", facts.low ? ordered_json(*facts.low) : ordered_json(nullptr)},
          {"max", facts.high ? ordered_json(*facts.high) : ordered_json(nullptr)},
          {"top", std::move(top)}};
}

void print_detail_json(const catalog::DatasetDetail& detail,
                       const std::vector<catalog::ColumnFacts>& facts) {
  ordered_json json = to_json(detail.summary);
  ordered_json columns = ordered_json::array();
  for (std::size_t i = 0; i < facts.size(); ++i) {
    columns.push_back(to_json(detail.columns[i], facts[i]));
  }
  json["columns"] = std::move(columns);
  ordered_json partitions = ordered_json::array();
  for (const catalog::Partition& part : detail.partitions) {
    partitions.push_back(
        {{"school_year", text_or_null(part.school_year)}, {"rows", part.num_rows}});
  }
  json["partitions"] = std::move(partitions);
  ordered_json sources = ordered_json::array();
  for (const catalog::DatasetSource& source : detail.sources) {
    sources.push_back(
        {{"source", source.source}, {"files", source.num_files}, {"loaded_at", source.loaded_at}});
  }
  json["sources"] = std::move(sources);
  json["read_by"] = detail.read_by;
  print_document(json);
}

Status show(const Context& context, const Flags& flags) {
  const auto contracts = HOMEROOM_TRY(contract::ContractSet::load(context.contracts_folder));
  Session session = HOMEROOM_TRY(open_session(context));
  const catalog::DatasetDetail detail =
      HOMEROOM_TRY(catalog::find_dataset(session.connection, flags.dataset));
  std::vector<catalog::ColumnQuestion> questions;
  for (const catalog::CatalogColumn& column : detail.columns) {
    questions.push_back({.name = column.name,
                         .tells_values = tells_values(contracts.find(flags.dataset), column.name)});
  }
  const auto facts = HOMEROOM_TRY(
      catalog::describe_columns(session.connection, flags.dataset, questions, kLeastCount));
  context.is_json ? print_detail_json(detail, facts) : print_detail(context, detail, facts);
  return {};
}

Status history(const Context& context, const Flags& flags) {
  Session session = HOMEROOM_TRY(open_session(context));
  HOMEROOM_TRY(catalog::find_dataset(session.connection, flags.dataset));
  const auto events =
      HOMEROOM_TRY(catalog::find_events(session.connection, flags.dataset, flags.limit));
  if (context.is_json) {
    ordered_json all = ordered_json::array();
    for (const catalog::DatasetEvent& event : events) {
      all.push_back({{"at", event.at},
                     {"what", event.what},
                     {"id", event.id},
                     {"text", event.text},
                     {"inserted", event.rows_inserted},
                     {"updated", event.rows_updated},
                     {"closed", event.rows_closed}});
    }
    print_document({{"dataset", flags.dataset}, {"events", std::move(all)}});
    return {};
  }
  Table table({{"WHEN"},
               {"WHAT"},
               {"ID", Align::kRight},
               {"INSERTED", Align::kRight},
               {"UPDATED", Align::kRight},
               {"CLOSED", Align::kRight},
               {"FILE OR CHANGE"}});
  for (const catalog::DatasetEvent& event : events) {
    const bool is_load = event.what == "loaded";
    const auto number = [is_load](std::uint64_t count) {
      return is_load ? with_thousands(count) : std::string();
    };
    table.add({day_and_time(event.at), event.what, std::to_string(event.id),
               number(event.rows_inserted), number(event.rows_updated), number(event.rows_closed),
               shortened(printable(event.text), 80)});
  }
  fmt::print("{}", table.is_empty() ? std::string("Nothing has happened to it yet.\n")
                                    : table.text(context, ""));
  return {};
}

Result<catalog::SchemaVersion> version_of(const std::vector<catalog::SchemaVersion>& versions,
                                          const std::string& dataset, int number) {
  const auto found = std::ranges::find(versions, number, &catalog::SchemaVersion::version);
  if (found != versions.end()) return *found;
  return fail(ErrorCode::kInvalidInput, fmt::format("{} has no version {}", dataset, number),
              versions.empty() ? std::string("no file of it has been loaded")
                               : fmt::format("it has versions 1 to {}", versions.back().version));
}

Status diff(const Context& context, const Flags& flags) {
  Session session = HOMEROOM_TRY(open_session(context));
  HOMEROOM_TRY(catalog::find_dataset(session.connection, flags.dataset));
  const auto versions =
      HOMEROOM_TRY(catalog::find_schema_versions(session.connection, flags.dataset));
  const auto from = HOMEROOM_TRY(version_of(versions, flags.dataset, flags.from));
  const auto to = HOMEROOM_TRY(version_of(versions, flags.dataset, flags.to));
  const auto differences = HOMEROOM_TRY(catalog::compare_versions(from, to));
  if (context.is_json) {
    ordered_json all = ordered_json::array();
    for (const catalog::SchemaDifference& one : differences) {
      all.push_back({{"column", one.column},
                     {"what", one.what},
                     {"before", text_or_null(one.before)},
                     {"after", text_or_null(one.after)}});
    }
    print_document({{"dataset", flags.dataset},
                    {"from", from.version},
                    {"to", to.version},
                    {"differences", std::move(all)}});
    return {};
  }
  fmt::print("{}: version {} (run {}, {}) and version {} (run {}, {})\n", flags.dataset,
             from.version, from.run_id, day_and_time(from.created_at), to.version, to.run_id,
             day_and_time(to.created_at));
  for (const catalog::SchemaDifference& one : differences) {
    if (one.what == "added") fmt::print("  + {} ({})\n", one.column, one.after);
    if (one.what == "removed") fmt::print("  - {} ({})\n", one.column, one.before);
    if (one.what == "changed") {
      fmt::print("  ~ {} ({}, was {})\n", one.column, one.after, one.before);
    }
  }
  if (differences.empty())
    fmt::print("  The same columns, in another order or under another key.\n");
  return {};
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  app.require_subcommand(1);
  auto flags = std::make_shared<Flags>();
  const auto add_action = [&](const char* name, const char* summary, auto action) {
    CLI::App* sub = app.add_subcommand(name, summary);
    add_data_flags(*sub, context);
    add_json_flag(*sub, context);
    sub->callback([flags, action, &context, &result] {
      if (const Status done = action(context, *flags); !done) {
        result = report_error(context, done.error());
      }
    });
    return sub;
  };
  const auto add_dataset = [&](CLI::App* sub) {
    sub->add_option("DATASET", flags->dataset, "Data set, as `catalog list` names it")->required();
    return sub;
  };
  add_action("list", "Data sets: rows, files, versions",
             [](const Context& now, const Flags&) { return list(now); });
  add_contracts_flag(
      *add_dataset(add_action("show", "Columns, what they hold, sources, views", show)), context);
  add_dataset(add_action("history", "Files, versions and migrations, the newest first", history))
      ->add_option("--limit", flags->limit, "How many")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  CLI::App* comparing =
      add_dataset(add_action("diff", "How the columns of two versions differ", diff));
  comparing->add_option("V1", flags->from, "Version of the schema")->required();
  comparing->add_option("V2", flags->to, "Another one")->required();
}

}  // namespace

extern const Command command_catalog = {
    .name = "catalog",
    .summary = "What data sets there are, what they hold, and how they came to be so",
    .examples =
        "  homeroom catalog list\n"
        "  homeroom catalog show attendance_daily\n"
        "  homeroom catalog history students --limit 20\n"
        "  homeroom catalog diff visits 1 2\n",
    .add = add,
};

}  // namespace homeroom::cli
