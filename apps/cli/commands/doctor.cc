#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "command.h"
#include "contract/contract.h"
#include "file_flags.h"
#include "io/postgres/postgres.h"
#include "io/server/private_postgres.h"
#include "terminal.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

namespace fs = std::filesystem;

constexpr double kLowDiskGigabytes = 5;

/// One thing that was looked at.
struct Finding {
  enum class Level : std::uint8_t { kOk, kWarn, kFail } level = Level::kOk;
  std::string what;
  std::string advice;
};

std::string_view word_of(Finding::Level level) {
  constexpr std::string_view kWords[] = {"ok", "warn", "fail"};
  return kWords[static_cast<std::size_t>(level)];
}

Finding failed(const Error& error) {
  return {.level = Finding::Level::kFail, .what = error.message, .advice = error.hint};
}

Finding look_at_programs() {
  const std::vector<fs::path> folders = io::find_server_binaries();
  if (folders.empty()) {
    return {.level = Finding::Level::kFail,
            .what = "no PostgreSQL server is installed",
            .advice = "apt-get install postgresql-15, or name a server with --db"};
  }
  return {.what = "PostgreSQL programs in " + folders.front().string(), .advice = {}};
}

Finding look_at_folder(const Context& context) {
  std::error_code code;
  const fs::path folder = context.data();
  if (!fs::exists(folder, code)) {
    return {.level = Finding::Level::kWarn,
            .what = "data folder " + folder.string() + " is not there yet",
            .advice = "homeroom run makes it"};
  }
  if (access(folder.c_str(), W_OK | X_OK) != 0) {
    return {.level = Finding::Level::kFail,
            .what = "data folder " + folder.string() + " may not be written by this user",
            .advice = "run as its owner, or choose another with --data"};
  }
  return {.what = "data folder " + folder.string() + " is readable and writable", .advice = {}};
}

Finding look_at_disk(const Context& context) {
  std::error_code code;
  fs::path at = fs::absolute(context.data(), code);
  while (!at.empty() && !fs::exists(at, code) && at != at.parent_path()) at = at.parent_path();
  const fs::space_info space = fs::space(at, code);
  if (code) {
    return {.level = Finding::Level::kWarn, .what = "the disk cannot be measured", .advice = {}};
  }
  const double gigabytes = static_cast<double>(space.available) / 1e9;
  const bool is_low = gigabytes < kLowDiskGigabytes;
  return {.level = is_low ? Finding::Level::kWarn : Finding::Level::kOk,
          .what = fmt::format("disk: {:.1f} GB free", gigabytes),
          .advice = is_low ? "a load needs about three times a file's size for a while" : ""};
}

Finding look_at_contracts(const Context& context) {
  const auto contracts = contract::ContractSet::load(context.contracts_folder);
  if (!contracts) return failed(contracts.error());
  return {.what = fmt::format("{} data sets have a contract{}", contracts->contracts().size(),
                              context.contracts_folder.empty()
                                  ? std::string()
                                  : ", with those of " + context.contracts_folder),
          .advice = {}};
}

Finding look_at_server(const Context& context) {
  const auto state = private_postgres(context).state();
  if (!state) return failed(state.error());
  if (!state->is_initialised) {
    return {.what = "private PostgreSQL: not made yet; the first homeroom run makes it",
            .advice = {}};
  }
  return {.what = fmt::format("private PostgreSQL {}: {}", state->version_major,
                              state->is_running ? fmt::format("running, pid {}", state->pid)
                                                : std::string("stopped; commands start it")),
          .advice = {}};
}

Finding look_at_database(const Context& context) {
  const auto warehouse = Warehouse::open(context, Warehouse::Purpose::kRead, nullptr);
  if (!warehouse) return failed(warehouse.error());
  auto connection = (*warehouse)->connect();
  if (!connection) return failed(connection.error());
  const auto runs = connection->execute(
      "select count(*), count(*) filter (where status = 'held'), "
      "pg_size_pretty(pg_database_size(current_database())) from homeroom.run");
  if (!runs) return failed(runs.error());
  const bool has_held = runs->integer(0, 1) > 0;
  return {.level = has_held ? Finding::Level::kWarn : Finding::Level::kOk,
          .what = fmt::format("{}: reachable, {}, {} runs, {} held", (*warehouse)->describe(),
                              runs->text(0, 2), runs->integer(0, 0), runs->integer(0, 1)),
          .advice = has_held ? "homeroom status shows which" : ""};
}

std::vector<Finding> examine(const Context& context) {
  std::vector<Finding> findings;
  const bool is_private = context.database_url.empty();
  if (is_private) findings.push_back(look_at_programs());
  findings.push_back(look_at_folder(context));
  findings.push_back(look_at_disk(context));
  findings.push_back(look_at_contracts(context));
  if (is_private) findings.push_back(look_at_server(context));
  const auto state = private_postgres(context).state();
  if (!is_private || (state && state->is_initialised)) {
    findings.push_back(look_at_database(context));
  }
  return findings;
}

void print_findings(const Context& context, const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    const Style style = finding.level == Finding::Level::kOk     ? Style::kGood
                        : finding.level == Finding::Level::kWarn ? Style::kWarn
                                                                 : Style::kBad;
    fmt::print(" {} {}\n", styled(context, style, fmt::format("{:<5}", word_of(finding.level))),
               printable(finding.what));
    if (!finding.advice.empty()) fmt::print("       -> {}\n", printable(finding.advice));
  }
}

run::ExitCode run_doctor(const Context& context) {
  const std::vector<Finding> findings = examine(context);
  if (context.is_json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const Finding& finding : findings) {
      list.push_back(
          {{"level", word_of(finding.level)}, {"what", finding.what}, {"advice", finding.advice}});
    }
    const nlohmann::ordered_json document{{"schema_version", run::kReportSchemaVersion},
                                          {"findings", std::move(list)}};
    fmt::print("{}\n",
               document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  } else {
    print_findings(context, findings);
  }
  const bool has_failed = std::ranges::any_of(
      findings, [](const Finding& finding) { return finding.level == Finding::Level::kFail; });
  return has_failed ? run::ExitCode::kUnreachable : run::ExitCode::kOk;
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  add_data_flags(app, context);
  add_contracts_flag(app, context);
  add_json_flag(app, context);
  app.callback([&context, &result] { result = run_doctor(context); });
}

}  // namespace

extern const Command command_doctor = {
    .name = "doctor",
    .summary = "Look at everything Homeroom leans on, and say what to mend",
    .examples = "  homeroom doctor\n  homeroom doctor --data /srv/homeroom --json\n",
    .add = add,
};

}  // namespace homeroom::cli
