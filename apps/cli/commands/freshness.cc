#include "validate/freshness.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/date.h"
#include "base/text.h"
#include "catalog/arrivals.h"
#include "command.h"
#include "contract/contract.h"
#include "file_flags.h"
#include "files_command.h"
#include "terminal.h"
#include "warehouse.h"

namespace homeroom::cli {
namespace {

using validate::FreshnessVerdict;
using validate::Lateness;
using validate::WallMinute;

/// A feed whose contract says when it is due.
struct JudgedFeed {
  catalog::Feed feed;
  FreshnessVerdict verdict;
};

// So far back files are looked for: a feed that ended in spring is critical in autumn, not more.
constexpr DayNumber kDaysBack = 60;

// The time on this machine's wall clock, by its time zone.
WallMinute wall_minute(std::time_t seconds) {
  std::tm parts{};
  localtime_r(&seconds, &parts);
  const CivilDate date{
      .year = parts.tm_year + 1900, .month = parts.tm_mon + 1, .day = parts.tm_mday};
  return std::chrono::days(to_day_number(date)) + std::chrono::hours(parts.tm_hour) +
         std::chrono::minutes(parts.tm_min);
}

DayNumber day_of(WallMinute minute) {
  return static_cast<DayNumber>(std::chrono::floor<std::chrono::days>(minute).count());
}

std::string wall_text(WallMinute minute) {
  const DayNumber day = day_of(minute);
  std::string date(10, ' ');
  write_iso_date(to_civil_date(day), date.data());
  const auto of_day = minute - std::chrono::days(day);
  return fmt::format("{} {:02}:{:02}", date, of_day.count() / 60, of_day.count() % 60);
}

std::string_view state_of(Lateness lateness) {
  switch (lateness) {
    case Lateness::kOnTime:
      return "on time";
    case Lateness::kLate:
      return "late";
    case Lateness::kCritical:
      return "critical";
  }
  return "";
}

bool is_late(const JudgedFeed& judged) {
  return judged.verdict.lateness != Lateness::kOnTime;
}

Result<std::vector<JudgedFeed>> judge_feeds(const Context& context) {
  const contract::ContractSet contracts =
      HOMEROOM_TRY(contract::ContractSet::load(context.contracts_folder));
  const auto warehouse = HOMEROOM_TRY(Warehouse::open(context, Warehouse::Purpose::kRead, nullptr));
  io::Connection connection = HOMEROOM_TRY(warehouse->connect());
  const WallMinute now = wall_minute(std::time(nullptr));
  const DayNumber today = day_of(now);
  const auto days = HOMEROOM_TRY(catalog::find_school_days(connection, today - kDaysBack, today));
  std::vector<JudgedFeed> judged;
  for (catalog::Feed& feed : HOMEROOM_TRY(catalog::find_feeds(connection))) {
    const contract::Contract* contract = contracts.find(feed.dataset);
    if (contract == nullptr || !contract->load_checks.freshness.time_of_day) continue;
    const WallMinute arrival = wall_minute(static_cast<std::time_t>(feed.loaded_seconds));
    judged.push_back({.feed = std::move(feed),
                      .verdict = validate::judge_freshness(now, arrival, days,
                                                           contract->load_checks.freshness)});
  }
  return judged;
}

void print_feeds(const Context& context, const std::vector<JudgedFeed>& feeds) {
  Table table({{"DATA SET"}, {"SOURCE"}, {"NEWEST FILE"}, {"CAME"}, {"STATE"}});
  for (const JudgedFeed& each : feeds) {
    std::string state(state_of(each.verdict.lateness));
    if (is_late(each)) {
      state += fmt::format(": due {}, {} missing", wall_text(each.verdict.due),
                           counted(each.verdict.num_missed, "school day"));
    }
    table.add({each.feed.dataset, printable(each.feed.source),
               shortened(printable(each.feed.path), 40), each.feed.loaded_at,
               styled(context, is_late(each) ? Style::kBad : Style::kGood, state)});
  }
  if (table.is_empty()) {
    fmt::print(
        "No loaded data set has a contract that says when its files are due "
        "(slaProperties: timeOfAvailability).\n");
  } else {
    fmt::print("{}", table.text(context, ""));
  }
}

void print_feeds_json(const std::vector<JudgedFeed>& feeds) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const JudgedFeed& each : feeds) {
    list.push_back({{"dataset", each.feed.dataset},
                    {"source", each.feed.source},
                    {"path", each.feed.path},
                    {"loaded_at", each.feed.loaded_at},
                    {"state", state_of(each.verdict.lateness)},
                    {"missed_school_days", each.verdict.num_missed},
                    {"due", is_late(each) ? nlohmann::ordered_json(wall_text(each.verdict.due))
                                          : nlohmann::ordered_json(nullptr)}});
  }
  const nlohmann::ordered_json document{{"schema_version", run::kReportSchemaVersion},
                                        {"feeds", std::move(list)}};
  fmt::print("{}\n",
             document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

void add(CLI::App& app, Context& context, run::ExitCode& result) {
  add_contracts_flag(app, context);
  add_data_flags(app, context);
  add_json_flag(app, context);
  app.callback([&context, &result] {
    const auto feeds = judge_feeds(context);
    if (!feeds) {
      result = report_error(context, feeds.error());
      return;
    }
    if (context.is_json) {
      print_feeds_json(*feeds);
    } else {
      print_feeds(context, *feeds);
    }
    if (std::ranges::any_of(*feeds, is_late)) result = run::ExitCode::kRejected;
  });
}

}  // namespace

extern const Command command_freshness = {
    .name = "freshness",
    .summary = "Say which data sets' files are late",
    .examples =
        "  homeroom freshness\n  homeroom freshness --json\n"
        "Exit codes: 0 no file is late, 4 one is.\n",
    .add = add,
};

}  // namespace homeroom::cli
