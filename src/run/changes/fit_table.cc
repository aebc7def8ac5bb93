#include "run/changes/fit_table.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.h"
#include "migrate/renames.h"
#include "migrate/waiting.h"
#include "run/changes/sample_values.h"
#include "run/tables.h"

namespace homeroom::run {
namespace {

using migrate::Change;
using migrate::ChangeKind;

constexpr std::string_view kRule = "migration";

bool is_unsafe(const Change& change) {
  return !change.is_safe;
}

Issue issue_of(std::string column, Severity severity, std::string message,
               std::string suggestion = {}) {
  return {.line = 0,
          .column = std::move(column),
          .rule = std::string(kRule),
          .severity = severity,
          .message = std::move(message),
          .suggestion = std::move(suggestion)};
}

bool is_harmless(const std::vector<migrate::Alteration>& alterations) {
  return std::ranges::all_of(alterations, &migrate::Alteration::is_harmless);
}

// The data set's columns under the names that they had before.
Status propose_renames(io::Connection& connection, const io::Store& store,
                       const contract::Contract* contract, const TableSchema& current,
                       const TableSchema& wanted, const std::vector<CleanObject>& objects,
                       std::vector<Change>& changes) {
  if (!migrate::may_rename(current, wanted, changes)) return {};
  if (contract != nullptr) {
    TableSchema whole = table_of(*contract);
    migrate::propose_former_names(current, whole, former_names_of(*contract), changes);
    return {};
  }
  std::vector<std::string> columns;
  for (const Change& change : changes) {
    if (change.kind == ChangeKind::kAddColumn) columns.push_back(change.column);
  }
  const auto samples = HOMEROOM_TRY(sample_values(store, objects, columns));
  return migrate::propose_like_columns(connection, current, wanted, samples, changes);
}

// A change that a person said no to is not asked for again: the file is what is to be mended.
std::string refusal_text(const migrate::MigrationRecord& refused) {
  return fmt::format("{} refused migration {} on {}", refused.decided_by, refused.id,
                     refused.decided_at.substr(0, 10));
}

void wait_all(FileReport& report) {
  const std::uint64_t skipped = report.rows.skipped;
  report.status = FileStatus::kWaiting;
  report.rows = {.read = report.rows.read, .pending = report.rows.read - skipped};
  report.rows.skipped = skipped;
}

}  // namespace

bool TableFit::waits() const {
  return is_left_alone || std::ranges::any_of(changes, is_unsafe);
}

Result<TableFit> compare_table(io::Connection& connection, const io::Store& store,
                               const contract::Contract* contract, const TableSchema& wanted,
                               const std::vector<CleanObject>& objects) {
  TableFit fit;
  fit.table = wanted.name;
  fit.alterations = HOMEROOM_TRY(migrate::find_alterations(connection, wanted.name));
  fit.is_left_alone = !is_harmless(fit.alterations);
  if (fit.is_left_alone) return fit;
  const TableSchema current = HOMEROOM_TRY(migrate::read_table(connection, wanted.name));
  fit.changes = migrate::plan_changes(current, wanted);
  HOMEROOM_TRY(propose_renames(connection, store, contract, current, wanted, objects, fit.changes));
  // A change would take what somebody else did for ours.
  fit.is_left_alone = !fit.alterations.empty() && !fit.changes.empty();
  return fit;
}

Status apply_fit(io::Connection& connection, std::int64_t run_id, const TableSchema& wanted,
                 const TableFit& fit) {
  if (fit.waits()) return {};
  if (fit.changes.empty()) return {};
  HOMEROOM_TRY(migrate::apply_changes(connection, run_id, wanted, fit.changes));
  return {};
}

void report_fit(const TableFit& fit, FileReport& report) {
  if (!fit.alterations.empty()) {
    report.add_issue(issue_of(
        {}, fit.is_left_alone ? Severity::kError : Severity::kWarning,
        fmt::format("somebody else altered data.{}: {}", fit.table, describe(fit.alterations)),
        fmt::format("take that back, or say `homeroom migrate accept {}`", fit.table)));
  }
  if (fit.is_left_alone) {
    wait_all(report);
    report.reason = fmt::format("somebody else altered data.{}, it is left alone: {}", fit.table,
                                describe(fit.alterations));
    return;
  }
  if (!fit.waits()) {
    for (const Change& change : fit.changes) {
      if (change.kind == ChangeKind::kCreateTable) continue;
      report.add_issue(issue_of(change.column, Severity::kInfo, change.description));
    }
    return;
  }
  wait_all(report);
  std::vector<std::string> reasons;
  for (const Change& change : fit.changes) {
    if (is_unsafe(change)) reasons.push_back(change.description);
  }
  report.reason = fmt::format("table data.{}: {}", fit.table, join(reasons, "; "));
}

Status record_waiting(io::Connection& connection, std::int64_t run_id, const TableFit& fit,
                      FileReport& report) {
  if (fit.is_left_alone) return {};
  std::vector<Change> fresh;
  for (const Change& change : fit.changes) {
    if (change.is_safe) continue;
    if (change.sql.empty()) {
      report.add_issue(issue_of(change.column, Severity::kError, change.description,
                                "no change of the table would do: mend the file, or its contract"));
      continue;
    }
    if (const auto refused =
            HOMEROOM_TRY(migrate::find_refusal(connection, fit.table, change.sql))) {
      report.add_issue(
          issue_of(change.column, Severity::kError, refusal_text(*refused),
                   fmt::format("mend the file, or say `homeroom migrate apply {}`", refused->id)));
      report.reason += fmt::format(" ({})", refusal_text(*refused));
      continue;
    }
    fresh.push_back(change);
  }
  const auto ids = HOMEROOM_TRY(migrate::record_waiting(connection, run_id, fit.table, fresh));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    report.add_issue(issue_of(fresh[i].column, Severity::kError, fresh[i].description,
                              fmt::format("`homeroom migrate apply {0}` or `homeroom migrate "
                                          "refuse {0}`, then load the file again",
                                          ids[i])));
  }
  if (!ids.empty()) {
    report.reason += fmt::format("; {} {}: `homeroom migrate plan` shows what {} would do",
                                 ids.size() == 1 ? "migration" : "migrations", fmt::join(ids, ", "),
                                 ids.size() == 1 ? "it" : "they");
  }
  return {};
}

}  // namespace homeroom::run
