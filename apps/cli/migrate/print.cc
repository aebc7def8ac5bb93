#include "migrate/print.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "migrate/migration_files.h"
#include "run/report.h"
#include "terminal.h"

namespace homeroom::cli {
namespace {

using nlohmann::ordered_json;
using Align = Table::Align;

void print_document(const ordered_json& document) {
  fmt::print("{}\n", document.dump(2, ' ', false, ordered_json::error_handler_t::replace));
}

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

ordered_json to_json(const migrate::MigrationRecord& record) {
  return {{"id", record.id},
          {"status", record.status},
          {"table", record.table},
          {"kind", record.kind},
          {"column", text_or_null(record.column)},
          {"description", record.description},
          {"blocks_files", record.is_blocking},
          {"run", record.run_id == 0 ? ordered_json(nullptr) : ordered_json(record.run_id)},
          {"asked_at", record.asked_at},
          {"applied_at", text_or_null(record.applied_at)},
          {"decided_by", text_or_null(record.decided_by)},
          {"decided_at", text_or_null(record.decided_at)},
          {"seconds", record.seconds ? ordered_json(*record.seconds) : ordered_json(nullptr)},
          {"file", migrate::file_stem(record) + ".sql"},
          {"sql", record.sql},
          {"reverse_sql", record.reverse_sql}};
}

ordered_json to_json(const WaitingMigration& waiting) {
  ordered_json json = to_json(waiting.record);
  json["preview"] = {
      {"rows", waiting.preview.num_rows},
      {"rewrites_table", waiting.preview.rewrites},
      {"seconds", waiting.preview.seconds},
      {"rows_in_way", waiting.preview.num_in_way},
      {"in_way",
       text_or_null(waiting.preview.num_in_way == 0 ? std::string() : waiting.preview.in_way)}};
  json["files"] = waiting.files;
  return json;
}

ordered_json to_json(const run::TableFit& fit) {
  ordered_json alterations = ordered_json::array();
  for (const migrate::Alteration& alteration : fit.alterations) {
    alterations.push_back(
        {{"description", alteration.description}, {"harmless", alteration.is_harmless}});
  }
  ordered_json changes = ordered_json::array();
  for (const migrate::Change& change : fit.changes) {
    changes.push_back({{"kind", to_string(change.kind)},
                       {"column", text_or_null(change.column)},
                       {"description", change.description},
                       {"safe", change.is_safe}});
  }
  return {{"table", fit.table},
          {"left_alone", fit.is_left_alone},
          {"altered", std::move(alterations)},
          {"changes", std::move(changes)}};
}

std::string about(const migrate::Preview& preview) {
  if (preview.seconds < 0.05) return "in no time";
  return "about " + printable_duration(preview.seconds);
}

std::string sentence(const migrate::Preview& preview) {
  if (preview.num_in_way > 0) {
    return fmt::format("cannot be done: {} {}", counted(preview.num_in_way, "row"), preview.in_way);
  }
  return fmt::format("{}, {}{}", counted(preview.num_rows, "row"),
                     preview.rewrites ? "all written again, " : "", about(preview));
}

void print_waiting(const Context& context, const std::vector<WaitingMigration>& waiting) {
  fmt::print("{}\n", styled(context, Style::kBold,
                            fmt::format("{} for a person:",
                                        waiting.size() == 1
                                            ? "1 migration waits"
                                            : fmt::format("{} migrations wait", waiting.size()))));
  for (const WaitingMigration& one : waiting) {
    fmt::print("\n  {}  data.{}: {}\n", one.record.id, printable(one.record.table),
               printable(one.record.description));
    fmt::print("      {}\n", sentence(one.preview));
    fmt::print("      {}.sql\n", migrate::file_stem(one.record));
    if (!one.record.is_blocking) fmt::print("      no file waits for it\n");
    for (const std::string& file : one.files) fmt::print("      waits: {}\n", printable(file));
  }
  fmt::print(
      "\nNext:\n"
      "  homeroom migrate apply ID     make the change; files that waited load with the next run\n"
      "  homeroom migrate refuse ID    leave the table as it is\n");
}

void print_tables(const std::vector<run::TableFit>& tables) {
  for (const run::TableFit& fit : tables) {
    if (fit.is_left_alone) {
      fmt::print("Somebody else altered data.{}, it is left alone:\n", fit.table);
      for (const migrate::Alteration& alteration : fit.alterations) {
        fmt::print("  {}{}\n", printable(alteration.description),
                   alteration.is_harmless ? " (files load as before)" : "");
      }
      fmt::print("  Take that back, or: homeroom migrate accept {}\n\n", fit.table);
      continue;
    }
    for (const migrate::Change& change : fit.changes) {
      if (!change.is_safe) continue;
      fmt::print("data.{}: {} (the next run does it)\n", fit.table, printable(change.description));
    }
  }
}

void print_files(const std::vector<run::PlannedFile>& files) {
  for (const run::PlannedFile& file : files) {
    const run::FileReport& report = file.report;
    if (report.status != run::FileStatus::kGood) {
      fmt::print("{}: {}, {}\n", printable(report.path), status_name(report, run::Command::kRun),
                 printable(report.reason));
      continue;
    }
    fmt::print("{}: fits data.{}{}\n", printable(report.path), file.fit.table,
               file.fit.changes.empty() ? "" : ", which the load changes:");
    for (const migrate::Change& change : file.fit.changes) {
      fmt::print("  {}\n", printable(change.description));
    }
  }
  if (!files.empty()) fmt::print("\n");
}

std::string day_and_time(const std::string& iso) {
  std::string text = iso.substr(0, 16);
  std::ranges::replace(text, 'T', ' ');
  return text;
}

}  // namespace

void print_plan(const Context& context, const MigrationPlan& plan) {
  print_files(plan.files);
  print_tables(plan.tables);
  if (plan.waiting.empty()) {
    fmt::print("No migration waits.\n");
    return;
  }
  print_waiting(context, plan.waiting);
}

void print_plan_json(const MigrationPlan& plan) {
  ordered_json waiting = ordered_json::array();
  for (const WaitingMigration& one : plan.waiting) waiting.push_back(to_json(one));
  ordered_json tables = ordered_json::array();
  for (const run::TableFit& fit : plan.tables) tables.push_back(to_json(fit));
  ordered_json files = ordered_json::array();
  for (const run::PlannedFile& file : plan.files) {
    ordered_json json{{"path", file.report.path},
                      {"status", file.report.status == run::FileStatus::kGood
                                     ? "fits"
                                     : status_name(file.report, run::Command::kRun)},
                      {"reason", text_or_null(file.report.reason)}};
    json.update(to_json(file.fit));
    files.push_back(std::move(json));
  }
  print_document({{"schema_version", run::kReportSchemaVersion},
                  {"waiting", std::move(waiting)},
                  {"tables", std::move(tables)},
                  {"files", std::move(files)}});
}

void print_history(const Context& context, const std::vector<migrate::MigrationRecord>& records) {
  Table table({{"ID", Align::kRight},
               {"STATUS"},
               {"WHEN"},
               {"TABLE"},
               {"CHANGE"},
               {"RUN", Align::kRight},
               {"BY"}});
  for (const migrate::MigrationRecord& record : records) {
    const std::string& when = !record.decided_at.empty()   ? record.decided_at
                              : !record.applied_at.empty() ? record.applied_at
                                                           : record.asked_at;
    table.add({std::to_string(record.id), record.status, day_and_time(when), record.table,
               shortened(printable(record.description), 60),
               record.run_id == 0 ? "" : std::to_string(record.run_id),
               printable(record.decided_by)});
  }
  if (table.is_empty()) {
    fmt::print("No table was made or changed.\n");
    return;
  }
  fmt::print("{}", table.text(context, ""));
}

void print_history_json(const std::vector<migrate::MigrationRecord>& records) {
  ordered_json list = ordered_json::array();
  for (const migrate::MigrationRecord& record : records) list.push_back(to_json(record));
  print_document({{"schema_version", run::kReportSchemaVersion}, {"migrations", std::move(list)}});
}

void print_decided(const Context& context, const migrate::MigrationRecord& record,
                   const std::vector<std::string>& files) {
  if (context.is_json) {
    ordered_json json = to_json(record);
    json["files"] = files;
    print_document({{"schema_version", run::kReportSchemaVersion}, {"migration", std::move(json)}});
    return;
  }
  fmt::print("Migration {} is {} by {}: data.{}: {}\n", record.id, record.status,
             printable(record.decided_by), record.table, printable(record.description));
  if (record.status == "applied" && record.seconds) {
    fmt::print("It took {}.\n", printable_duration(*record.seconds));
  }
  if (record.status == "reverted") {
    fmt::print("A file that needs it makes it again, or waits for it.\n");
  }
  if (files.empty()) return;
  fmt::print("\n{} for data.{}; the next run takes {}:\n",
             files.size() == 1 ? "1 file waited" : fmt::format("{} files waited", files.size()),
             record.table, files.size() == 1 ? "it" : "them");
  for (const std::string& file : files) fmt::print("  homeroom run \"{}\"\n", printable(file));
}

}  // namespace homeroom::cli
