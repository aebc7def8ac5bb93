#include "run/loading/load_checks.h"

#include <algorithm>
#include <deque>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/versions.h"
#include "load/pending.h"
#include "load/references.h"
#include "run/loading/load_file.h"
#include "run/tables.h"
#include "validate/known_share.h"

namespace homeroom::run {
namespace {

using load::ReferenceCount;
using validate::ShareVerdict;

constexpr std::string_view kRule = "reference";

// "student_id", or "student_id or state_student_id".
std::string columns_of(const Reference& reference) {
  std::vector<std::string> paths;
  for (const ReferencePath& path : reference.paths) paths.push_back(join(path.columns, ", "));
  return join(paths, " or ");
}

std::string first_column(const Reference& reference) {
  return reference.paths.front().columns.size() == 1 ? reference.paths.front().columns.front()
                                                     : std::string();
}

std::string share_text(const Reference& reference, const ReferenceCount& count) {
  return fmt::format("in {} of {} the {} is not in data.{}", with_thousands(count.num_unknown),
                     counted(count.num_lines, "row"), columns_of(reference), reference.table);
}

Issue file_issue(const Reference& reference, Severity severity, std::string message,
                 std::string suggestion) {
  return {.line = 0,
          .column = first_column(reference),
          .rule = std::string(kRule),
          .severity = severity,
          .message = std::move(message),
          .suggestion = std::move(suggestion)};
}

Issue row_issue(const PreparedFile& file, const Reference& reference, LineNumber line,
                Severity severity) {
  const bool waits = reference.when_unknown == WhenUnknown::kPending;
  return {
      .line = line,
      .field = field_of(file, first_column(reference)),
      .column = first_column(reference),
      .rule = std::string(kRule),
      .severity = severity,
      .message = fmt::format("data.{} has no row with this {}{}", reference.table,
                             columns_of(reference), waits ? ": the row waits until it has" : ""),
      .suggestion =
          waits ? ""
                : fmt::format("load the file of {} that has it, or mend the id", reference.table)};
}

void hold(const Reference& reference, const ReferenceCount& count, FileReport& report) {
  const std::string reason = share_text(reference, count);
  const std::string hint = fmt::format(
      "load the {} of this district first, or check whose file this is; `homeroom holds release` "
      "loads it all the same",
      reference.table);
  report.add_issue(file_issue(reference, Severity::kError, reason, hint));
  hold_file(reason, hint, report);
}

void warn(const Reference& reference, const ReferenceCount& count, FileReport& report) {
  const bool is_unjudged = reference.when_unknown != WhenUnknown::kWarn;
  report.add_issue(file_issue(
      reference, Severity::kWarning,
      share_text(reference, count) + (is_unjudged ? ": all are loaded, since this source has given "
                                                    "none of them"
                                                  : ""),
      is_unjudged ? fmt::format("give its {} too, under the same source", reference.table)
                  : fmt::format("load the file of {} that has them", reference.table)));
}

// An issue for each line: the first are shown, all are counted.
void say_waiting(const PreparedFile& file, const Reference& reference, const ReferenceCount& count,
                 FileReport& report) {
  report.add_issue(file_issue(
      reference, Severity::kWarning, share_text(reference, count) + ": they wait until it is",
      fmt::format("nothing to do if the {} come with a later file", reference.table)));
  for (const LineNumber line : count.first_unknown) {
    report.add_issue(row_issue(file, reference, line, Severity::kWarning));
  }
  report.issue_count += count.num_unknown - count.first_unknown.size();
}

// Which references' rows are set aside, by what becomes of them.
struct SetAside {
  std::vector<std::size_t> pending;
  std::vector<std::size_t> quarantine;
};

Result<SetAside> judge(io::Connection& connection, std::span<const Reference> references,
                       std::span<const ReferenceCount> counts, const std::string& source,
                       FewKnown few_known, FileReport& report) {
  SetAside aside;
  catalog::Ledger ledger(connection);
  for (std::size_t i = 0; i < references.size(); ++i) {
    const Reference& reference = references[i];
    const ReferenceCount& count = counts[i];
    if (!count.is_judged || count.num_unknown == 0) continue;
    const validate::KnownShare share{
        .num_rows = count.num_lines,
        .num_unknown = count.num_unknown,
        .is_given_by_source = HOMEROOM_TRY(ledger.has_loaded(source, reference.table))};
    ShareVerdict verdict = validate::judge_known_share(share, reference);
    if (few_known == FewKnown::kSetAside && verdict == ShareVerdict::kHold) {
      verdict = ShareVerdict::kSetAside;
    }
    switch (verdict) {
      case ShareVerdict::kGood:
        break;
      case ShareVerdict::kWarn:
        warn(reference, count, report);
        break;
      case ShareVerdict::kHold:
        hold(reference, count, report);
        return aside;
      case ShareVerdict::kSetAside:
        const bool waits = reference.when_unknown == WhenUnknown::kPending;
        (waits ? aside.pending : aside.quarantine).push_back(i);
        break;
    }
  }
  return aside;
}

}  // namespace

void hold_file(const std::string& reason, const std::string& hint, FileReport& report) {
  report.status = FileStatus::kHeld;
  report.reason = fmt::format("{}; {}", reason, hint);
}

void hold_by(std::string_view rule, const std::string& reason, const std::string& hint,
             FileReport& report) {
  report.add_issue({.line = 0,
                    .column = {},
                    .rule = std::string(rule),
                    .severity = Severity::kError,
                    .message = reason,
                    .suggestion = hint});
  hold_file(reason, hint, report);
}

std::uint32_t field_of(const PreparedFile& file, const std::string& column) {
  const auto& columns = file.plan.table.columns;
  const auto found = std::ranges::find(columns, column, &TableColumn::name);
  if (found == columns.end()) return 0;
  const shape::ColumnOrigin& origin =
      file.plan.origins[static_cast<std::size_t>(found - columns.begin())];
  const bool is_plain = origin.from == shape::ColumnOrigin::From::kSource;
  return is_plain ? static_cast<std::uint32_t>(origin.source + 1) : 0;
}

std::vector<std::string> tables_waited_for(const contract::Contract* contract) {
  std::vector<std::string> tables;
  if (contract == nullptr) return tables;
  for (const Reference& reference : contract->references) {
    if (reference.when_unknown == WhenUnknown::kPending) tables.push_back(reference.table);
  }
  std::ranges::sort(tables);
  tables.erase(std::ranges::unique(tables).begin(), tables.end());
  return tables;
}

Status settle_superseded(io::Connection& connection, load::Loader& loader,
                         const std::string& table) {
  catalog::Ledger ledger(connection);
  for (const load::SettledLines& settled : HOMEROOM_TRY(loader.supersede_pending())) {
    HOMEROOM_TRY(ledger.settle(settled.run_id, catalog::SettledFrom::kPending, table,
                               {.skipped = settled.lines_superseded}, {}));
  }
  return {};
}

Status check_references(io::Connection& connection, load::Loader& loader, const PreparedFile& file,
                        FileReport& report, LateProblems& problems, FewKnown few_known) {
  if (file.contract() == nullptr || file.contract()->references.empty()) return {};
  const std::vector<Reference>& references = file.contract()->references;
  const std::vector<ReferenceCount> counts = HOMEROOM_TRY(loader.judge(references));
  const SetAside aside =
      HOMEROOM_TRY(judge(connection, references, counts, file.input.source, few_known, report));
  if (report.status == FileStatus::kHeld) return {};
  if (!aside.quarantine.empty()) {
    std::vector<std::size_t> said(references.size());
    for (const std::size_t i : aside.quarantine) {
      said[i] = problems.say(row_issue(file, references[i], 0, Severity::kError));
    }
    for (const load::UnknownLine& unknown : HOMEROOM_TRY(loader.find_unknown(aside.quarantine))) {
      problems.add(unknown.line, said[unknown.reference]);
      report.add_issue(problems.issue_of(problems.rows().back()));
    }
    report.rows.quarantined += HOMEROOM_TRY(loader.drop_unknown(aside.quarantine));
  }
  if (aside.pending.empty()) return {};
  for (const std::size_t i : aside.pending) say_waiting(file, references[i], counts[i], report);
  report.rows.pending += HOMEROOM_TRY(loader.keep_unknown(references, aside.pending));
  return {};
}

Status load_waiting(io::Connection& connection, const contract::ContractSet& contracts,
                    const std::string& table, FileReport& report) {
  catalog::Ledger ledger(connection);
  std::deque<std::string> brought = {table};
  for (; !brought.empty(); brought.pop_front()) {
    for (const std::string& name :
         HOMEROOM_TRY(load::find_waiting_tables(connection, brought.front()))) {
      const contract::Contract* contract = contracts.find(name);
      if (contract == nullptr) continue;
      HOMEROOM_TRY(ledger.lock_table(name));
      HOMEROOM_TRY(
          catalog::begin_version(connection, name, report.run_id, catalog::VersionCause::kWaited));
      const TableSchema whole = table_of(*contract);
      std::uint64_t num_lines = 0;
      const auto loaded = HOMEROOM_TRY(
          load::load_ready(connection, whole, load_mode(contract, whole), contract->references));
      for (const load::SettledLines& settled : loaded) {
        HOMEROOM_TRY(ledger.settle(settled.run_id, catalog::SettledFrom::kPending, name,
                                   {.loaded = settled.result.lines_loaded,
                                    .unchanged = settled.result.lines_unchanged,
                                    .skipped = settled.lines_superseded},
                                   {.inserted = settled.result.rows_inserted,
                                    .updated = settled.result.rows_updated,
                                    .closed = settled.result.rows_closed}));
        num_lines += settled.result.lines_loaded + settled.result.lines_unchanged;
      }
      if (num_lines == 0) continue;
      brought.push_back(name);
      report.add_issue(
          {.line = 0,
           .column = {},
           .rule = std::string(kRule),
           .severity = Severity::kInfo,
           .message = fmt::format("{} of {} that waited for this {} loaded: data.{}",
                                  counted(num_lines, "row"), counted(loaded.size(), "earlier file"),
                                  num_lines == 1 ? "is" : "are", name),
           .suggestion = {}});
    }
  }
  return {};
}

}  // namespace homeroom::run
