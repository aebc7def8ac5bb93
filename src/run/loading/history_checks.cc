#include "run/loading/history_checks.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/date.h"
#include "base/text.h"
#include "load/statistics.h"
#include "run/loading/load_kind.h"
#include "validate/load_history.h"

namespace homeroom::run {
namespace {

using contract::CheckAction;
using contract::Kind;
using validate::VolumeVerdict;

constexpr std::string_view kWeekdays[] = {"Mondays", "Tuesdays",  "Wednesdays", "Thursdays",
                                          "Fridays", "Saturdays", "Sundays"};

const contract::LoadChecks& checks_of(const PreparedFile& file) {
  static const contract::LoadChecks kDefaults;
  return file.contract() == nullptr ? kDefaults : file.contract()->load_checks;
}

// Says what was found, and holds the file where the check may.
void report_finding(CheckAction action, std::string_view rule, std::string column,
                    const std::string& message, const std::string& hint, FileReport& report) {
  const bool holds = action == CheckAction::kHold;
  report.add_issue({.line = 0,
                    .column = std::move(column),
                    .rule = std::string(rule),
                    .severity = holds ? Severity::kError : Severity::kWarning,
                    .message = message,
                    .suggestion = hint});
  if (holds) hold_file(message, hint, report);
}

std::string volume_text(const VolumeVerdict& verdict, const catalog::LoadKind& kind,
                        std::uint64_t rows_per_day, int weekday) {
  const auto expected = static_cast<std::uint64_t>(std::llround(verdict.expected));
  const double change = 100 * verdict.change(rows_per_day);
  return fmt::format("{}{}, {:.0f} % {} than the {} that the last {} {} had",
                     counted(rows_per_day, "row"), kind.num_days > 1 ? " a day" : "",
                     std::abs(change), change < 0 ? "fewer" : "more", with_thousands(expected),
                     verdict.num_loads,
                     verdict.is_same_weekday ? kWeekdays[weekday] : std::string_view("files"));
}

// What the earlier files together had in a column.
struct Before {
  std::size_t num_files = 0;
  validate::ColumnFill fill;
  std::map<std::string, std::uint64_t> counts;
};

Before before_of(const LoadHistory& history, const ColumnStatistic& now) {
  Before before;
  for (const auto& columns : history.columns) {
    const auto found = std::ranges::find(columns, now.column, &ColumnStatistic::column);
    if (found == columns.end()) continue;
    ++before.num_files;
    before.fill.num_rows += found->num_rows;
    before.fill.num_nulls += found->num_nulls;
    if (found->edges != now.edges) continue;  // other bins cannot be compared
    for (const auto& [value, count] : found->counts) before.counts[value] += count;
  }
  return before;
}

std::uint64_t sum_of(const std::map<std::string, std::uint64_t>& counts) {
  std::uint64_t sum = 0;
  for (const auto& [value, count] : counts) sum += count;
  return sum;
}

double stability_of(const std::map<std::string, std::uint64_t>& before,
                    const std::map<std::string, std::uint64_t>& now) {
  std::set<std::string> bins;
  for (const auto& [value, count] : before) bins.insert(value);
  for (const auto& [value, count] : now) bins.insert(value);
  std::vector<std::uint64_t> then;
  std::vector<std::uint64_t> here;
  for (const std::string& bin : bins) {
    const auto old = before.find(bin);
    const auto fresh = now.find(bin);
    then.push_back(old == before.end() ? 0 : old->second);
    here.push_back(fresh == now.end() ? 0 : fresh->second);
  }
  return validate::population_stability(then, here);
}

/// Judges one column of the file by those before.
class ColumnJudge {
 public:
  ColumnJudge(const contract::LoadChecks& checks, FileReport& report)
      : checks_(&checks), report_(&report) {}

  void judge(const ColumnStatistic& now, const Before& before, bool is_list) {
    judge_nulls(now, before);
    if (is_list) judge_codes(now, before);
    judge_drift(now, before);
  }

  void report_missing(const std::string& column, std::size_t num_files) {
    if (checks_->null_rate.action == CheckAction::kNothing) return;
    report_finding(
        checks_->null_rate.action, "null_rate", column,
        fmt::format("the file has no column {}, which the last {} files had", column, num_files),
        "what is stored stays as it is; ask whoever made the file", *report_);
  }

 private:
  void judge_nulls(const ColumnStatistic& now, const Before& before) {
    const contract::NullRateCheck& check = checks_->null_rate;
    const validate::ColumnFill fill{.num_rows = now.num_rows, .num_nulls = now.num_nulls};
    if (check.action == CheckAction::kNothing) return;
    if (!validate::has_more_nulls(before.fill, fill, check)) return;
    report_finding(check.action, "null_rate", now.column,
                   fmt::format("{} is empty in {:.0f} % of the rows, in earlier files in {:.0f} %",
                               now.column, 100 * fill.null_rate(), 100 * before.fill.null_rate()),
                   "check that the export filled the column", *report_);
  }

  void judge_codes(const ColumnStatistic& now, const Before& before) {
    if (checks_->new_codes.action == CheckAction::kNothing || before.counts.empty()) return;
    std::vector<std::string> fresh;
    for (const auto& [code, count] : now.counts) {
      if (!before.counts.contains(code)) fresh.push_back(code);
    }
    if (fresh.empty()) return;
    report_finding(checks_->new_codes.action, "new_codes", now.column,
                   fmt::format("{} has {} that no earlier file had: {}", now.column,
                               fresh.size() == 1 ? "a code" : "codes", join(fresh, ", ")),
                   "check that the spellings of the list mean what the file's system means",
                   *report_);
  }

  void judge_drift(const ColumnStatistic& now, const Before& before) {
    const contract::DriftCheck& check = checks_->drift;
    if (check.action == CheckAction::kNothing) return;
    if (sum_of(now.counts) < check.min_values || sum_of(before.counts) < check.min_values) return;
    const double index = stability_of(before.counts, now.counts);
    if (index <= check.max_psi) return;
    report_finding(check.action, "drift", now.column,
                   fmt::format("the values of {} are distributed otherwise than in earlier files "
                               "(stability index {:.2f}, at most {:.2f} is usual)",
                               now.column, index, check.max_psi),
                   "check scale, unit and spellings of the column", *report_);
  }

  const contract::LoadChecks* checks_;
  FileReport* report_;
};

bool is_number(Kind kind) {
  return kind == Kind::kInteger || kind == Kind::kDecimal || kind == Kind::kPercent;
}

// Columns whose values are counted, with the bins that the latest file had.
std::vector<load::CountedColumn> counted_columns(const PreparedFile& file,
                                                 const LoadHistory& history) {
  std::vector<load::CountedColumn> counted;
  if (file.contract() == nullptr) return counted;
  for (const contract::Column& column : file.contract()->columns) {
    if (column.kind != Kind::kEnumeration && !is_number(column.kind)) continue;
    load::CountedColumn& added = counted.emplace_back();
    added.name = column.name;
    added.is_number = is_number(column.kind);
    if (!added.is_number || history.columns.empty()) continue;
    const auto& latest = history.columns.front();
    const auto found = std::ranges::find(latest, column.name, &ColumnStatistic::column);
    if (found != latest.end()) added.edges = found->edges;
  }
  return counted;
}

}  // namespace

Status check_volume(io::Connection& connection, const PreparedFile& file, const std::string& scope,
                    LoadHistory& history, FileReport& report) {
  const std::filesystem::path& path =
      file.input.known_as.empty() ? file.input.path : file.input.known_as;
  history.kind = kind_of(file.input.source, file.dataset(), path.native(), scope);
  history.loads = HOMEROOM_TRY(catalog::find_history(connection, history.kind));
  const contract::VolumeCheck& check = checks_of(file).volume;
  if (check.action == CheckAction::kNothing) return {};
  std::vector<validate::PastLoad> past;
  for (const catalog::EarlierLoad& load : history.loads) {
    past.push_back({.weekday = load.weekday, .num_rows = load.rows_per_day});
  }
  std::optional<int> weekday;
  if (const auto day = parse_iso_date(history.kind.day)) {
    weekday = weekday_of(to_day_number(*day));
  }
  const std::uint64_t rows_per_day =
      (report.rows.read - report.rows.skipped + history.kind.num_days / 2) / history.kind.num_days;
  const VolumeVerdict verdict = validate::judge_volume(past, weekday, rows_per_day, check);
  const bool holds = verdict.what == VolumeVerdict::What::kHold;
  if (!holds && verdict.what != VolumeVerdict::What::kWarn) return {};
  report_finding(holds ? check.action : CheckAction::kWarn, "volume", "",
                 volume_text(verdict, history.kind, rows_per_day, weekday.value_or(0)),
                 holds && check.action == CheckAction::kHold
                     ? "check that the export is whole; `homeroom holds release` loads it all the "
                       "same"
                     : "check that the export is whole",
                 report);
  return {};
}

Status check_columns(io::Connection& connection, load::Loader& loader, const PreparedFile& file,
                     LoadHistory& history, FileReport& report) {
  const contract::LoadChecks& checks = checks_of(file);
  std::vector<std::int64_t> runs;
  for (const catalog::EarlierLoad& load : history.loads) {
    if (runs.size() < checks.volume.history) runs.push_back(load.run_id);
  }
  history.columns = HOMEROOM_TRY(catalog::find_statistics(connection, runs));
  history.now = HOMEROOM_TRY(loader.describe(counted_columns(file, history)));
  if (history.now.empty() || runs.size() < checks.volume.min_loads || file.contract() == nullptr) {
    return {};
  }
  ColumnJudge judge(checks, report);
  for (const ColumnStatistic& now : history.now) {
    const int index = file.contract()->find(now.column);
    if (index < 0) continue;
    const Before before = before_of(history, now);
    if (before.num_files < checks.volume.min_loads) continue;
    const Kind kind = file.contract()->columns[static_cast<std::size_t>(index)].kind;
    judge.judge(now, before, kind == Kind::kEnumeration);
  }
  for (const ColumnStatistic& earlier : history.columns.front()) {
    const auto found = std::ranges::find(history.now, earlier.column, &ColumnStatistic::column);
    if (found != history.now.end() || file.contract()->find(earlier.column) < 0) continue;
    const Before before = before_of(history, earlier);
    const bool had_values = before.fill.num_nulls < before.fill.num_rows;
    if (before.num_files == runs.size() && had_values) {
      judge.report_missing(earlier.column, before.num_files);
    }
  }
  return {};
}

Status check_school_days(load::Loader& loader, const PreparedFile& file, FileReport& report,
                         LateProblems& problems) {
  const contract::SchoolDayCheck& check = checks_of(file).school_day;
  const TableSchema& table = file.plan.table;
  const bool is_judged = check.action != CheckAction::kNothing && !check.date.empty() &&
                         table.find(check.date) != nullptr && table.find(check.school) != nullptr;
  if (!is_judged) return {};
  const std::vector<LineNumber> lines =
      HOMEROOM_TRY(loader.find_days_off(check.school, check.date));
  if (lines.empty()) return {};
  const bool sets_aside = check.action == CheckAction::kQuarantine;
  report_finding(check.action == CheckAction::kHold ? CheckAction::kHold : CheckAction::kWarn,
                 "school_day", check.date,
                 fmt::format("{} {} on a day on which data.calendar has no school",
                             counted(lines.size(), "row"), lines.size() == 1 ? "is" : "are"),
                 sets_aside ? "they are quarantined" : "check the calendar, and the dates", report);
  Issue issue{.line = 0,
              .field = field_of(file, check.date),
              .column = check.date,
              .rule = "school_day",
              .severity = sets_aside ? Severity::kError : Severity::kWarning,
              .message = "the school's calendar has no school on this day",
              .suggestion = "mend the date, or the calendar"};
  const std::size_t what = problems.say(issue);
  for (const LineNumber line : lines) {
    issue.line = line;
    report.add_issue(issue);
    if (sets_aside) problems.add(line, what);
  }
  if (sets_aside) report.rows.quarantined += HOMEROOM_TRY(loader.drop_lines(lines));
  return {};
}

}  // namespace homeroom::run
