#include "run/quarantine/correct.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "catalog/ledger.h"
#include "catalog/versions.h"
#include "load/load.h"
#include "run/changes/fit_table.h"
#include "run/loading/history_checks.h"
#include "run/loading/load_checks.h"
#include "run/loading/load_file.h"
#include "run/quarantine/resent_file.h"

namespace homeroom::run {
namespace {

/// One correction on its way.
struct Correction {
  catalog::RunRecord run;
  catalog::CorrectionRecord record;
  QuarantinedRows open;           ///< what is quarantined of the run, without what was fixed
  std::vector<LineNumber> fixed;  ///< before
  std::vector<SentRow> sent;
};

Error not_current(const catalog::RunRecord& run) {
  return {.code = ErrorCode::kInvalidInput,
          .message = fmt::format("run {} is no longer what fills its place: run {} is", run.run_id,
                                 run.current_run),
          .hint = fmt::format("correct the rows of run {}, if they are wrong there too",
                              run.current_run),
          .detail = {},
          .position = {}};
}

// Lines that are wrong in the raw file and not sent now.
std::vector<LineNumber> left_out(const Correction& correction) {
  std::vector<LineNumber> lines = correction.fixed;
  for (const QuarantinedRow& row : correction.open.rows) lines.push_back(row.line);
  std::ranges::sort(lines);
  std::erase_if(lines, [&](LineNumber line) {
    return std::ranges::binary_search(correction.sent, line, {}, &SentRow::line);
  });
  return lines;
}

// A corrected value may need a wider column; what is not safe waits for a person as in any load.
Status migrate_for(io::Connection& connection, const io::Store& store, std::int64_t run_id,
                   const ResentRows& rows) {
  const TableFit fit = HOMEROOM_TRY(
      compare_table(connection, store, rows.file.contract(), rows.table, rows.objects));
  if (!fit.waits()) return apply_fit(connection, run_id, rows.table, fit);
  FileReport told;
  report_fit(fit, told);
  return fail(ErrorCode::kContract, told.reason,
              "the table must change first: `homeroom migrate plan` with the file tells how");
}

/// Loads the good rows in the caller's transaction; rows that the load finds wrong move to `bad`.
class CorrectionLoad {
 public:
  CorrectionLoad(io::Connection& connection, const io::Store& store, Correction& correction,
                 ResentRows& rows, FileReport& report)
      : connection_(&connection),
        store_(&store),
        correction_(&correction),
        rows_(&rows),
        report_(&report) {}

  [[nodiscard]] Status run(const contract::ContractSet& contracts) {
    const std::int64_t run_id = correction_->run.run_id;
    const contract::Contract* contract = rows_->file.contract();
    HOMEROOM_TRY(migrate_for(*connection_, *store_, run_id, *rows_));
    load::Loader loader =
        HOMEROOM_TRY(stage_objects(*connection_, *store_, rows_->objects, rows_->table, run_id,
                                   load_mode(contract, rows_->table), 0));
    report_->rows.skipped += HOMEROOM_TRY(loader.drop_outdated());
    HOMEROOM_TRY(settle_superseded(*connection_, loader, rows_->table.name));
    LateProblems problems;
    HOMEROOM_TRY(check_school_days(loader, rows_->file, *report_, problems));
    // Rows of a file that is loaded: nothing holds it any more.
    report_->status = FileStatus::kGood;
    report_->reason.clear();
    HOMEROOM_TRY(check_references(*connection_, loader, rows_->file, *report_, problems,
                                  FewKnown::kSetAside));
    for (const LateProblems::Row& row : problems.rows()) {
      rows_->bad[row.line].push_back(problems.issue_of(row));
    }
    const load::LoadResult loaded = HOMEROOM_TRY(loader.merge());
    HOMEROOM_TRY(loader.mark_late());
    report_->rows.loaded = loaded.lines_loaded;
    report_->rows.unchanged = loaded.lines_unchanged;
    report_->rows.duplicate += rows_->duplicate.size();
    report_->table_rows = {.inserted = loaded.rows_inserted,
                           .updated = loaded.rows_updated,
                           .closed = loaded.rows_closed};
    HOMEROOM_TRY(keep_books());
    return load_waiting(*connection_, contracts, rows_->table.name, *report_);
  }

 private:
  [[nodiscard]] Status keep_books() {
    catalog::RowCounts to = report_->rows;
    to.quarantined = 0;
    HOMEROOM_TRY(catalog::Ledger(*connection_)
                     .settle(correction_->run.run_id, catalog::SettledFrom::kQuarantined,
                             rows_->table.name, to, report_->table_rows));
    std::vector<LineNumber> fixed;
    for (const SentRow& row : correction_->sent) {
      if (!rows_->bad.contains(row.line)) fixed.push_back(row.line);
    }
    correction_->record.num_quarantined = rows_->bad.size();
    if (fixed.empty()) return {};
    return catalog::record_correction(*connection_, correction_->record, fixed);
  }

  io::Connection* connection_;
  const io::Store* store_;
  Correction* correction_;
  ResentRows* rows_;
  FileReport* report_;
};

// The quarantine as it is now: rows still wrong have their new cells and reasons.
Status rewrite_quarantine(const io::Store& store, const Correction& correction,
                          const ResentRows& resent) {
  QuarantinedRows rows{.header = correction.open.header, .rows = {}};
  for (const QuarantinedRow& row : correction.open.rows) {
    const auto sent = std::ranges::lower_bound(correction.sent, row.line, {}, &SentRow::line);
    const bool is_sent = sent != correction.sent.end() && sent->line == row.line;
    if (!is_sent) {
      rows.rows.push_back(row);
      continue;
    }
    const auto bad = resent.bad.find(row.line);
    if (bad == resent.bad.end()) continue;
    rows.rows.push_back(
        {.line = row.line, .cells = sent->cells, .surplus = {}, .problems = bad->second});
  }
  return write_quarantine(store, correction.run.quarantine_key, rows);
}

// Sends what `correction` holds. Books, rows and marks commit together; the quarantine file follows
// them: were it lost in between, the marks say which of its rows are fixed.
Status send(io::Connection& connection, const io::Store& store, const Settings& settings,
            Correction& correction, FileReport& report) {
  if (correction.sent.empty()) return {};
  ResentRows rows = HOMEROOM_TRY(
      clean_resent(store, settings, correction.run, correction.sent, left_out(correction)));
  report.tables = {"data." + rows.table.name};
  catalog::Ledger ledger(connection);
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
  for (const std::string& other : tables_waited_for(rows.file.contract())) {
    HOMEROOM_TRY(ledger.share_table(other));
  }
  HOMEROOM_TRY(ledger.lock_table(rows.table.name));
  const auto fixed = HOMEROOM_TRY(catalog::find_corrected_lines(connection, correction.run.run_id));
  const auto now = HOMEROOM_TRY(catalog::find_run(connection, correction.run.run_id));
  if (!now || now->current_run != now->run_id) return tl::unexpected(not_current(correction.run));
  if (fixed != correction.fixed) {
    return fail(
        ErrorCode::kInvalidInput,
        fmt::format("somebody else corrected rows of run {} just now", correction.run.run_id),
        "send the file again");
  }
  HOMEROOM_TRY(catalog::begin_version(connection, rows.table.name, correction.run.run_id,
                                      catalog::VersionCause::kCorrection));
  const std::uint64_t fixed_before = std::exchange(report.rows.duplicate, 0);
  const std::uint64_t not_there = std::exchange(report.rows.skipped, 0);
  const std::uint64_t not_sent = std::exchange(report.rows.quarantined, 0);
  CorrectionLoad load(connection, store, correction, rows, report);
  HOMEROOM_TRY(load.run(*settings.contracts));
  HOMEROOM_TRY(transaction.commit());
  HOMEROOM_TRY(rewrite_quarantine(store, correction, rows));
  report.rows.quarantined = rows.bad.size() + not_sent;
  report.rows.duplicate += fixed_before;
  report.rows.skipped += not_there;
  report.rows.read += correction.sent.size();
  for (const CleanObject& object : rows.objects) report.outputs.push_back(object.key);
  for (auto& [line, problems] : rows.bad) {
    for (Issue& problem : problems) report.add_issue(std::move(problem));
  }
  return {};
}

Result<Correction> begin_correction(io::Connection& connection, const io::Store& store,
                                    const Settings& settings, const catalog::RunRecord& run,
                                    std::string kind, FileReport& report) {
  if (run.current_run != run.run_id) return tl::unexpected(not_current(run));
  Correction correction{.run = run, .record = {}, .open = {}, .fixed = {}, .sent = {}};
  correction.record.run_id = run.run_id;
  correction.record.kind = std::move(kind);
  correction.record.made_by = settings.user;
  correction.fixed = HOMEROOM_TRY(catalog::find_corrected_lines(connection, run.run_id));
  correction.open = HOMEROOM_TRY(read_quarantine(store, run.quarantine_key, correction.fixed));
  report.dataset = run.dataset;
  report.run_id = run.run_id;
  report.match_reason = fmt::format("quarantined rows of {}, run {}", run.path, run.run_id);
  return correction;
}

// Lines of the file that are not sent: fixed before, left as they are, or nowhere to be found.
// `told` are those that an issue tells of already.
void count_others(const Correction& correction, const CorrectedFile& file,
                  std::set<LineNumber> told, FileReport& report) {
  for (const SentRow& row : file.rows) {
    const bool is_sent = std::ranges::binary_search(correction.sent, row.line, {}, &SentRow::line);
    if (is_sent || !told.insert(row.line).second) continue;
    ++report.rows.read;
    if (correction.open.find(row.line) != nullptr) {
      ++report.rows.quarantined;
      continue;
    }
    if (std::ranges::binary_search(correction.fixed, row.line)) {
      ++report.rows.duplicate;
      continue;
    }
    ++report.rows.skipped;
    report.add_issue({.line = row.line,
                      .column = {},
                      .rule = "quarantine_fix",
                      .severity = Severity::kWarning,
                      .message = fmt::format("no row of line {} is quarantined: nothing is done "
                                             "with it",
                                             row.line),
                      .suggestion = "leave the column _line as it was exported"});
  }
}

}  // namespace

Status fix_quarantine(io::Connection& connection, const io::Store& store, const Settings& settings,
                      const std::filesystem::path& path, FileReport& report) {
  const CorrectedFile file = HOMEROOM_TRY(read_corrected(path, settings));
  const auto run = HOMEROOM_TRY(catalog::find_run_of_object(connection, file.object_name));
  if (!run) {
    return fail(ErrorCode::kInvalidInput,
                "no file whose rows are quarantined is known by what stands in _file",
                "keep the column _file as it was exported, or the exported file's name");
  }
  Correction correction =
      HOMEROOM_TRY(begin_correction(connection, store, settings, *run, "fix", report));
  correction.record.path = path.string();
  correction.record.sha256 = file.sha256;
  report.sha256 = file.sha256;
  std::vector<Issue> issues;
  if (!correction.open.rows.empty()) {
    correction.sent = HOMEROOM_TRY(merge_corrections(correction.open, file, issues));
  }
  std::set<LineNumber> told;
  for (Issue& issue : issues) {
    told.insert(issue.line);
    report.add_issue(std::move(issue));
  }
  report.rows.read += told.size();
  report.rows.quarantined += told.size();
  count_others(correction, file, std::move(told), report);
  return send(connection, store, settings, correction, report);
}

Status retry_quarantine(io::Connection& connection, const io::Store& store,
                        const Settings& settings, const catalog::RunRecord& run,
                        FileReport& report) {
  Correction correction =
      HOMEROOM_TRY(begin_correction(connection, store, settings, run, "retry", report));
  std::uint64_t num_ragged = 0;
  for (const QuarantinedRow& row : correction.open.rows) {
    const bool is_ragged = std::ranges::any_of(
        row.problems, [](const Issue& problem) { return problem.rule == "field_count"; });
    if (is_ragged) {
      ++num_ragged;  // its cells stand in the wrong columns: only a person can say where they go
    } else {
      correction.sent.push_back({.line = row.line, .cells = row.cells});
    }
  }
  HOMEROOM_TRY(send(connection, store, settings, correction, report));
  report.rows.read += num_ragged;
  report.rows.quarantined += num_ragged;
  return {};
}

}  // namespace homeroom::run
