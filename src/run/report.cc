#include "run/report.h"

#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace homeroom::run {
namespace {

using nlohmann::ordered_json;

ordered_json text_or_null(const std::string& text) {
  return text.empty() ? ordered_json(nullptr) : ordered_json(text);
}

std::string printable(char c) {
  return c == '\0' ? std::string() : std::string(1, c);
}

ordered_json to_json(const Issue& issue) {
  ordered_json json{{"line", issue.line},
                    {"column", issue.column},
                    {"rule", issue.rule},
                    {"severity", to_string(issue.severity)},
                    {"message", issue.message}};
  if (issue.field != 0) json["field"] = issue.field;
  if (issue.byte_offset) json["byte_offset"] = *issue.byte_offset;
  if (!issue.suggestion.empty()) json["suggestion"] = issue.suggestion;
  return json;
}

ordered_json to_json(const catalog::RowCounts& rows) {
  return {{"read", rows.read},
          {"loaded", rows.loaded},
          {"unchanged", rows.unchanged},
          {"duplicate", rows.duplicate},
          {"quarantined", rows.quarantined},
          {"pending", rows.pending},
          {"skipped", rows.skipped}};
}

ordered_json samples_of(const FileReport& report, const catalog::ChangeRecord& change) {
  ordered_json samples = ordered_json::array();
  for (const ChangedValue& sample : report.samples) {
    if (sample.column != change.column || sample.rule != change.rule) continue;
    samples.push_back({{"line", sample.line}, {"before", sample.before}, {"after", sample.after}});
  }
  return samples;
}

}  // namespace

void FileReport::add_issue(Issue issue) {
  ++issue_count;
  const auto group = std::ranges::find_if(issue_groups, [&](const IssueGroup& known) {
    return known.rule == issue.rule && known.column == issue.column &&
           known.severity == issue.severity;
  });
  if (group != issue_groups.end()) {
    ++group->count;
  } else if (issue_groups.size() < kMaxIssues) {
    issue_groups.push_back({.column = issue.column,
                            .rule = issue.rule,
                            .severity = issue.severity,
                            .first_line = issue.line,
                            .count = 1});
  }
  if (issues.size() < kMaxIssues) issues.push_back(std::move(issue));
}

void FileReport::add_issues_of(FileReport other) {
  const std::uint64_t num_untold = other.issue_count - other.issues.size();
  std::vector<IssueGroup> groups = std::move(issue_groups);
  for (Issue& issue : other.issues) add_issue(std::move(issue));
  issue_count += num_untold;
  // The groups count all issues, those that were not kept too.
  for (IssueGroup& group : other.issue_groups) {
    const auto known = std::ranges::find_if(groups, [&](const IssueGroup& each) {
      return each.rule == group.rule && each.column == group.column &&
             each.severity == group.severity;
    });
    if (known != groups.end()) {
      known->count += group.count;
    } else if (groups.size() < kMaxIssues) {
      groups.push_back(std::move(group));
    }
  }
  issue_groups = std::move(groups);
}

void FileReport::forget_issues(std::string_view rule) {
  std::erase_if(issues, [&](const Issue& issue) { return issue.rule == rule; });
  std::erase_if(issue_groups, [&](const IssueGroup& group) {
    if (group.rule == rule) issue_count -= group.count;
    return group.rule == rule;
  });
}

void FileReport::forget_changes() {
  changes.clear();
  samples.clear();
  values_changed = 0;
}

bool FileReport::has_problems() const {
  const bool has_error = std::ranges::any_of(
      issues, [](const Issue& issue) { return issue.severity == Severity::kError; });
  return has_error || rows.quarantined > 0;
}

std::string_view status_name(const FileReport& report, Command command) {
  switch (report.status) {
    case FileStatus::kGood:
      if (command == Command::kRun) return "loaded";
      if (command == Command::kClean) return "cleaned";
      return report.has_problems() ? "problems" : "ok";
    case FileStatus::kDuplicate:
      return "duplicate";
    case FileStatus::kHeld:
      return command == Command::kCheck ? "problems" : "held";
    case FileStatus::kWaiting:
      return "waiting";
    case FileStatus::kRefused:
      return "refused";
    case FileStatus::kRead:
      return "read";
  }
  return "refused";
}

ordered_json to_json(const Dialect& dialect) {
  ordered_json json{{"delimiter", dialect.delimiter},
                    {"quote", printable(dialect.quote)},
                    {"escape", printable(dialect.escape)},
                    {"encoding", dialect.encoding},
                    {"newline", to_string(dialect.newline)},
                    {"header_lines", dialect.header_lines},
                    {"preamble_lines", dialect.preamble_lines},
                    {"columns", dialect.num_columns},
                    {"bom", dialect.has_bom},
                    {"encoded_twice", dialect.is_encoded_twice},
                    {"units_lines", dialect.units_lines},
                    {"header_delimiter", text_or_null(dialect.header_delimiter)}};
  ordered_json verdicts = ordered_json::array();
  for (const Verdict& verdict : dialect.verdicts) {
    verdicts.push_back({{"what", verdict.what},
                        {"choice", verdict.choice},
                        {"confidence", verdict.confidence},
                        {"runner_up", text_or_null(verdict.runner_up)},
                        {"reason", verdict.reason}});
  }
  json["verdicts"] = std::move(verdicts);
  return json;
}

ordered_json to_json(const FileReport& report, Command command) {
  ordered_json json{{"path", report.path},
                    {"status", status_name(report, command)},
                    {"reason", text_or_null(report.reason)},
                    {"bundle", text_or_null(report.bundle)},
                    {"dataset", text_or_null(report.dataset)},
                    {"tables", report.tables},
                    {"dialect", report.dialect ? to_json(*report.dialect) : ordered_json(nullptr)},
                    {"rows", to_json(report.rows)},
                    {"table_rows",
                     {{"inserted", report.table_rows.inserted},
                      {"updated", report.table_rows.updated},
                      {"closed", report.table_rows.closed}}},
                    {"values_changed", report.values_changed}};
  ordered_json changes = ordered_json::array();
  for (const catalog::ChangeRecord& change : report.changes) {
    changes.push_back({{"column", change.column},
                       {"rule", change.rule},
                       {"count", change.count},
                       {"samples", samples_of(report, change)}});
  }
  json["changes"] = std::move(changes);
  ordered_json issues = ordered_json::array();
  for (const Issue& issue : report.issues) issues.push_back(to_json(issue));
  json["issues"] = std::move(issues);
  ordered_json groups = ordered_json::array();
  for (const IssueGroup& group : report.issue_groups) {
    groups.push_back({{"column", group.column},
                      {"rule", group.rule},
                      {"severity", to_string(group.severity)},
                      {"first_line", group.first_line},
                      {"count", group.count}});
  }
  json["issue_groups"] = std::move(groups);
  json["issue_count"] = report.issue_count;
  ordered_json skipped = ordered_json::array();
  for (const SkippedLine& line : report.skipped) {
    skipped.push_back({{"line", line.line}, {"reason", line.reason}});
  }
  json["skipped"] = std::move(skipped);
  json["match"] = text_or_null(report.match_reason);
  json["profile"] = text_or_null(report.profile);
  json["profile_reason"] = text_or_null(report.profile_reason);
  json["outputs"] = report.outputs;
  json["sha256"] = text_or_null(report.sha256);
  json["bytes"] = report.size_bytes;
  json["load_plan"] = text_or_null(report.load_plan);
  json["run"] = report.run_id == 0 ? ordered_json(nullptr) : ordered_json(report.run_id);
  json["duplicate_of"] =
      report.duplicate_of == 0 ? ordered_json(nullptr) : ordered_json(report.duplicate_of);
  json["seconds"] = report.seconds;
  return json;
}

ordered_json to_json(const std::vector<FileReport>& reports, Command command) {
  ordered_json files = ordered_json::array();
  for (const FileReport& report : reports) files.push_back(to_json(report, command));
  return {{"schema_version", kReportSchemaVersion}, {"files", std::move(files)}};
}

ExitCode exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidInput:
    case ErrorCode::kContract:
      return ExitCode::kRejected;
    case ErrorCode::kConfig:
      return ExitCode::kUsage;
    case ErrorCode::kIo:
    case ErrorCode::kDatabase:
      return ExitCode::kUnreachable;
    case ErrorCode::kInternal:
      return ExitCode::kInternal;
  }
  return ExitCode::kInternal;
}

ExitCode exit_code_of(const FileReport& report) {
  switch (report.status) {
    case FileStatus::kGood:
      return report.rows.quarantined > 0 ? ExitCode::kQuarantined : ExitCode::kOk;
    case FileStatus::kDuplicate:
      return ExitCode::kOk;
    case FileStatus::kWaiting:
      return ExitCode::kDrift;
    case FileStatus::kRead:
      return report.has_problems() ? ExitCode::kRejected : ExitCode::kOk;
    case FileStatus::kHeld:
    case FileStatus::kRefused:
      break;
  }
  const bool is_ours = report.error_code == ErrorCode::kDatabase ||
                       report.error_code == ErrorCode::kInternal ||
                       report.error_code == ErrorCode::kIo;
  return is_ours ? exit_code_of(*report.error_code) : ExitCode::kRejected;
}

ExitCode gravest(ExitCode left, ExitCode right) {
  constexpr std::array kOrder = {ExitCode::kOk,         ExitCode::kQuarantined, ExitCode::kDrift,
                                 ExitCode::kRejected,   ExitCode::kUsage,       ExitCode::kInternal,
                                 ExitCode::kUnreachable};
  return std::ranges::find(kOrder, left) > std::ranges::find(kOrder, right) ? left : right;
}

}  // namespace homeroom::run
