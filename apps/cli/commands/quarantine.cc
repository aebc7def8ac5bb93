#include <charconv>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "catalog/decisions.h"
#include "command.h"
#include "contract/contract.h"
#include "contract/profile/profiled_contracts.h"
#include "file_flags.h"
#include "files_command.h"
#include "io/file.h"
#include "io/store.h"
#include "print_report.h"
#include "run/file_outcome.h"
#include "run/quarantine/correct.h"
#include "run/quarantine/quarantine_file.h"
#include "run/quarantine/quarantined_rows.h"
#include "terminal.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

using nlohmann::ordered_json;

struct Flags {
  std::vector<std::string> targets;
  std::string out;
  bool all = false;
  std::size_t limit = 50;
  FileFlags file;
};

/// The database and the store that every action needs.
struct Place {
  std::unique_ptr<Warehouse> warehouse;
  io::Connection connection;
  io::Store store;
};

Result<Place> open_place(const Context& context, Warehouse::Purpose purpose,
                         const contract::ContractSet* contracts) {
  auto warehouse = HOMEROOM_TRY(Warehouse::open(context, purpose, contracts));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  io::Store store = HOMEROOM_TRY(io::Store::open(context.data() / "store"));
  return Place{std::move(warehouse), std::move(connection), std::move(store)};
}

Result<run::QuarantinedRows> open_rows(Place& place, const catalog::RunRecord& run) {
  const auto fixed = HOMEROOM_TRY(catalog::find_corrected_lines(place.connection, run.run_id));
  return run::read_quarantine(place.store, run.quarantine_key, fixed);
}

std::string object_name(const catalog::RunRecord& run) {
  const std::string name = run.quarantine_key.substr(run.quarantine_key.rfind('/') + 1);
  return name.substr(0, name.size() - std::string_view(".csv").size());
}

// A run's number, or the name of its quarantine file.
Result<catalog::RunRecord> find_target(Place& place, const std::string& target) {
  std::int64_t number = 0;
  const char* end = target.data() + target.size();
  const auto read = std::from_chars(target.data(), end, number);
  const bool is_number = read.ec == std::errc() && read.ptr == end;
  std::string name = target.substr(target.rfind('/') + 1);
  if (name.ends_with(".csv")) name.resize(name.size() - 4);
  std::optional<catalog::RunRecord> run =
      is_number ? HOMEROOM_TRY(catalog::find_run(place.connection, number))
                : HOMEROOM_TRY(catalog::find_run_of_object(place.connection, name));
  if (run && !run->quarantine_key.empty()) return std::move(*run);
  return fail(ErrorCode::kInvalidInput,
              run ? fmt::format("no row of run {} is quarantined", number)
                  : fmt::format("there is no run or quarantine file {}", target),
              "`homeroom quarantine list` shows those that there are");
}

/// Rows by column and rule; a row with two problems counts in both.
using Causes = std::map<std::pair<std::string, std::string>, std::uint64_t>;

Causes causes_of(const run::QuarantinedRows& rows) {
  Causes causes;
  for (const run::QuarantinedRow& row : rows.rows) {
    for (const Issue& problem : row.problems) ++causes[{problem.column, problem.rule}];
  }
  return causes;
}

ordered_json to_json(const catalog::RunRecord& run, std::size_t num_rows, const Causes& causes) {
  ordered_json list = ordered_json::array();
  for (const auto& [cause, count] : causes) {
    list.push_back({{"column", cause.first}, {"rule", cause.second}, {"rows", count}});
  }
  return {{"run", run.run_id},        {"path", run.path}, {"dataset", run.dataset},
          {"file", object_name(run)}, {"rows", num_rows}, {"causes", std::move(list)}};
}

void print_document(std::string_view key, ordered_json list) {
  const ordered_json document{{"schema_version", run::kReportSchemaVersion},
                              {std::string(key), std::move(list)}};
  fmt::print("{}\n", document.dump(2, ' ', false, ordered_json::error_handler_t::replace));
}

Status list(const Context& context, const Flags& flags) {
  Place place = HOMEROOM_TRY(open_place(context, Warehouse::Purpose::kRead, nullptr));
  using Align = Table::Align;
  Table table({{"RUN", Align::kRight},
               {"FILE"},
               {"DATA SET"},
               {"COLUMN"},
               {"RULE"},
               {"ROWS", Align::kRight}});
  ordered_json documents = ordered_json::array();
  for (const auto& run : HOMEROOM_TRY(catalog::find_quarantines(place.connection, flags.all))) {
    const run::QuarantinedRows rows = HOMEROOM_TRY(open_rows(place, run));
    if (rows.rows.empty()) continue;
    const Causes causes = causes_of(rows);
    documents.push_back(to_json(run, rows.rows.size(), causes));
    for (const auto& [cause, count] : causes) {
      table.add({std::to_string(run.run_id), shortened(printable(run.path), 44), run.dataset,
                 cause.first.empty() ? "(row)" : printable(cause.first), cause.second,
                 with_thousands(count)});
    }
  }
  if (context.is_json) {
    print_document("quarantine", std::move(documents));
  } else if (table.is_empty()) {
    fmt::print("No row is quarantined.\n");
  } else {
    fmt::print(
        "{}\nNext:\n"
        "  homeroom quarantine export RUN --out FILE.csv    edit its cells, save it\n"
        "  homeroom quarantine fix FILE.csv                 send the rows again\n",
        table.text(context, ""));
  }
  return {};
}

// How a value is shown to somebody who did not ask for values.
std::string masked(const std::string& value) {
  return value.empty() ? "" : fmt::format("{} characters", display_width(value));
}

ordered_json row_json(const Context& context, const run::QuarantinedRows& rows,
                      const run::QuarantinedRow& row) {
  ordered_json cells;
  for (std::size_t i = 0; i < rows.header.size(); ++i) {
    cells[rows.header[i]] = context.show_values ? row.cells[i] : masked(row.cells[i]);
  }
  ordered_json problems = ordered_json::array();
  for (const Issue& problem : row.problems) {
    problems.push_back({{"column", problem.column},
                        {"rule", problem.rule},
                        {"reason", problem.message},
                        {"suggestion", problem.suggestion}});
  }
  return {{"line", row.line}, {"cells", std::move(cells)}, {"problems", std::move(problems)}};
}

void print_row(const Context& context, const run::QuarantinedRows& rows,
               const run::QuarantinedRow& row) {
  fmt::print("{}\n", styled(context, Style::kBold, fmt::format("line {}", row.line)));
  for (const Issue& problem : row.problems) {
    fmt::print("  {}: {}{}  {}\n", problem.column.empty() ? "(row)" : printable(problem.column),
               printable(problem.message),
               problem.suggestion.empty() ? "" : " (" + printable(problem.suggestion) + ")",
               styled(context, Style::kDim, problem.rule));
  }
  Table table({{"COLUMN"}, {"VALUE"}});
  for (std::size_t i = 0; i < rows.header.size(); ++i) {
    table.add({printable(rows.header[i]),
               context.show_values ? printable(row.cells[i]) : masked(row.cells[i])});
  }
  fmt::print("{}", table.text(context, "    "));
}

Status show(const Context& context, const Flags& flags) {
  Place place = HOMEROOM_TRY(open_place(context, Warehouse::Purpose::kRead, nullptr));
  const catalog::RunRecord run = HOMEROOM_TRY(find_target(place, flags.targets.front()));
  const run::QuarantinedRows rows = HOMEROOM_TRY(open_rows(place, run));
  ordered_json documents = ordered_json::array();
  for (std::size_t i = 0; i < rows.rows.size() && i < flags.limit; ++i) {
    if (context.is_json) {
      documents.push_back(row_json(context, rows, rows.rows[i]));
    } else {
      print_row(context, rows, rows.rows[i]);
    }
  }
  if (context.is_json) {
    print_document("rows", std::move(documents));
    return {};
  }
  if (rows.rows.size() > flags.limit) {
    fmt::print("... and {} more: --limit\n", with_thousands(rows.rows.size() - flags.limit));
  }
  if (rows.rows.empty()) {
    fmt::print("No row of run {} is quarantined.\n", run.run_id);
  } else if (!context.show_values) {
    fmt::print("Values are masked: --show-values shows them.\n");
  }
  return {};
}

class StdoutSink : public ByteSink {
 public:
  Status write(std::span<const char> bytes) override {
    if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()) return {};
    return fail(ErrorCode::kIo, "the output cannot be written", "is the disk full?");
  }
};

// A record a problem, as in the store; what a spreadsheet would run as a formula is guarded.
Status write_rows(ByteSink& sink, const run::QuarantinedRows& rows, const std::string& name) {
  CsvWriter csv(sink);
  for (const std::string& column : rows.header) csv.field(column);
  for (const std::string_view column : run::kQuarantineColumns) csv.field(column);
  HOMEROOM_TRY(csv.end_record());
  for (const run::QuarantinedRow& row : rows.rows) {
    const std::string line = std::to_string(row.line);
    for (const Issue& problem : row.problems) {
      for (const std::string& cell : row.cells) csv.field(run::guarded_cell(cell));
      for (const std::string* text :
           {&line, &problem.column, &problem.rule, &problem.message, &problem.suggestion}) {
        csv.field(*text);
      }
      csv.field(run::guarded_cell(row.surplus));
      csv.field(name);
      HOMEROOM_TRY(csv.end_record());
    }
  }
  return csv.finish();
}

Status export_rows(const Context& context, const Flags& flags) {
  Place place = HOMEROOM_TRY(open_place(context, Warehouse::Purpose::kRead, nullptr));
  const catalog::RunRecord run = HOMEROOM_TRY(find_target(place, flags.targets.front()));
  const run::QuarantinedRows rows = HOMEROOM_TRY(open_rows(place, run));
  if (flags.out.empty() || flags.out == "-") {
    StdoutSink sink;
    return write_rows(sink, rows, object_name(run));
  }
  const auto writer = HOMEROOM_TRY(io::FileWriter::create(flags.out, io::FileAccess::kPrivate));
  HOMEROOM_TRY(write_rows(*writer, rows, object_name(run)));
  HOMEROOM_TRY(writer->commit());
  if (!context.is_quiet) {
    fmt::print(stderr,
               "{} of run {} in {}: edit the cells, save it as CSV, then\n"
               "  homeroom quarantine fix {}\n",
               counted(rows.rows.size(), "row"), run.run_id, flags.out, flags.out);
  }
  return {};
}

void print_reports(const Context& context, const std::vector<run::FileReport>& reports) {
  if (context.is_json) {
    print_json(reports, run::Command::kRun);
    return;
  }
  ReportPrinter printer(context, run::Command::kRun);
  std::vector<std::string> paths;
  for (const run::FileReport& report : reports) paths.push_back(report.path);
  printer.start(paths);
  for (const run::FileReport& report : reports) printer.file(report);
  printer.finish(reports);
}

/// What fix and retry do with one target.
using Send = Status (*)(Place& place, const run::Settings& settings, const std::string& target,
                        run::FileReport& report);

Status send_file(Place& place, const run::Settings& settings, const std::string& target,
                 run::FileReport& report) {
  report.path = target;
  return run::fix_quarantine(place.connection, place.store, settings, target, report);
}

Status send_again(Place& place, const run::Settings& settings, const std::string& target,
                  run::FileReport& report) {
  const catalog::RunRecord run = HOMEROOM_TRY(find_target(place, target));
  report.path = run.path;
  return run::retry_quarantine(place.connection, place.store, settings, run, report);
}

Result<std::vector<run::FileReport>> send(const Context& context, Flags flags, Send action) {
  const auto contracts = HOMEROOM_TRY(contract::ProfiledContracts::load(context.contracts_folder));
  run::Settings settings = HOMEROOM_TRY(flags.file.settings(*contracts));
  Place place = HOMEROOM_TRY(open_place(context, Warehouse::Purpose::kLoad, &contracts->plain()));
  settings.scratch = place.store.scratch();
  settings.user = context.user;
  if (flags.targets.empty()) {
    for (const auto& run : HOMEROOM_TRY(catalog::find_quarantines(place.connection, false))) {
      flags.targets.push_back(std::to_string(run.run_id));
    }
  }
  std::vector<run::FileReport> reports;
  for (const std::string& target : flags.targets) {
    const double start = steady_seconds();
    run::FileReport report;
    if (const Status done = action(place, settings, target, report); !done) {
      // What is wrong with one of several does not stop the others.
      const ErrorCode code = done.error().code;
      const bool is_of_the_file = code == ErrorCode::kInvalidInput || code == ErrorCode::kContract;
      if (!is_of_the_file || flags.targets.size() == 1) return tl::unexpected(done.error());
      if (report.path.empty()) report.path = target;
      run::refuse(done.error(), report);
    }
    report.seconds = steady_seconds() - start;
    reports.push_back(std::move(report));
  }
  return reports;
}

void add_sending(CLI::App& app, Context& context, const std::shared_ptr<Flags>& flags,
                 run::ExitCode& result, Send action) {
  app.add_option("--by", context.user, "Who sends them")->capture_default_str();
  app.add_option("--school-year", flags->file.school_year,
                 "School year of files that do not tell, by the year it ends in");
  add_contracts_flag(app, context);
  app.callback([flags, &context, &result, action] {
    const auto reports = send(context, *flags, action);
    if (!reports) {
      result = report_error(context, reports.error());
      return;
    }
    print_reports(context, *reports);
    result = exit_code_of(*reports);
  });
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  app.require_subcommand(1);
  auto flags = std::make_shared<Flags>();
  const auto add_action = [&](const char* name, const char* summary) {
    CLI::App* sub = app.add_subcommand(name, summary);
    add_data_flags(*sub, context);
    add_json_flag(*sub, context);
    return sub;
  };
  const auto call = [flags, &context, &result](CLI::App& sub,
                                               Status (*action)(const Context&, const Flags&)) {
    sub.callback([flags, &context, &result, action] {
      if (const Status done = action(context, *flags); !done) {
        result = report_error(context, done.error());
      }
    });
  };
  const auto add_target = [&](CLI::App& sub) {
    sub.add_option("RUN", flags->targets, "Number of the run, or name of its quarantine file")
        ->required()
        ->expected(1);
  };
  CLI::App* listing = add_action("list", "Quarantined rows by file, column and rule");
  listing->add_flag("--all", flags->all, "Also of files that later ones have replaced");
  call(*listing, list);

  CLI::App* showing = add_action("show", "Quarantined rows of a file, each with what is wrong");
  add_target(*showing);
  showing->add_flag("--show-values", context.show_values, "Show values");
  showing->add_option("--limit", flags->limit, "How many rows")->capture_default_str();
  call(*showing, show);

  CLI::App* exporting = add_action("export", "Write them as CSV to be corrected in a spreadsheet");
  add_target(*exporting);
  exporting->add_option("--out", flags->out, "File to write; standard output when not given");
  call(*exporting, export_rows);

  CLI::App* fixing = add_action("fix", "Send the rows of a corrected CSV through all checks again");
  fixing->add_option("FILE", flags->targets, "The corrected CSV")->required();
  add_sending(*fixing, context, flags, result, send_file);

  CLI::App* retrying =
      add_action("retry", "Send quarantined rows again as they are, after contracts changed");
  retrying->add_option("RUN", flags->targets, "Runs; all that have quarantined rows when none");
  add_sending(*retrying, context, flags, result, send_again);
}

}  // namespace

extern const Command command_quarantine = {
    .name = "quarantine",
    .summary = "List, show, export, correct and retry quarantined rows",
    .examples =
        "  homeroom quarantine list\n"
        "  homeroom quarantine show 17 --show-values\n"
        "  homeroom quarantine export 17 --out bad_rows.csv\n"
        "  homeroom quarantine fix bad_rows.csv\n"
        "  homeroom quarantine retry\n",
    .add = add,
};

}  // namespace homeroom::cli
