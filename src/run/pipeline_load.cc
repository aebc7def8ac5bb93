// The second half of the pipeline: a cleaned file into its table, one transaction.

#include <optional>
#include <utility>

#include "base/failpoint.h"
#include "catalog/decisions.h"
#include "catalog/ledger.h"
#include "catalog/slot_versions.h"
#include "catalog/versions.h"
#include "load/load.h"
#include "run/loading/late_version.h"
#include "run/loading/load_checks.h"
#include "run/loading/load_file.h"
#include "run/loading/load_plan.h"
#include "run/loading/snapshot.h"
#include "run/loading/table_checks.h"
#include "run/pipeline_work.h"
#include "run/quarantine/late_problems.h"
#include "run/reading/dialect_json.h"

namespace homeroom::run {
namespace {

constexpr std::string_view kInferredVersion = "inferred";

}  // namespace

Status Pipeline::load_cleaned(CleanedFile cleaned, Work& work) {
  work.cleaned = std::move(cleaned);
  if (work.report.status != FileStatus::kHeld) HOMEROOM_TRY(load(work));
  work.stream.reset();
  const bool is_recorded =
      work.report.status == FileStatus::kGood || work.report.status == FileStatus::kDuplicate;
  return is_recorded ? Status() : record_alone(work);
}

Status Pipeline::load(Work& work) {
  catalog::Ledger ledger(*connection_);
  const contract::Contract* contract = work.file->contract();
  const TableSchema& table = work.file->plan.table;
  HOMEROOM_TRY(work.stream->lock());
  // Another run may have loaded the same bytes since we looked.
  if (HOMEROOM_TRY(find_current(work))) {
    work.stream->give_up();
    if (HOMEROOM_TRY(is_duplicate(work))) return {};
    return fail(ErrorCode::kInternal, "a run that loaded these bytes is gone",
                "load the file again");
  }
  const std::uint64_t num_rows = work.report.rows.read - work.report.rows.skipped;
  const std::int64_t previous = HOMEROOM_TRY(ledger.claim_slot(work.run_id, work.slot()));
  HOMEROOM_FAILPOINT("claimed");
  if (previous != 0) HOMEROOM_TRY(find_newer_versions(work, previous));
  HOMEROOM_TRY(
      catalog::begin_version(*connection_, table.name, work.run_id, catalog::VersionCause::kLoad));
  HOMEROOM_TRY(migrate_table(work));
  if (work.report.status == FileStatus::kWaiting) return {};
  HOMEROOM_TRY(merge(work, previous));
  if (work.report.status == FileStatus::kHeld) return {};
  work.report.run_id = work.run_id;
  HOMEROOM_TRY(ledger.record_schema(
      work.run_id, table, contract == nullptr ? std::string(kInferredVersion) : contract->version));
  HOMEROOM_TRY(load_waiting(*connection_, *settings_->contracts, table.name, work.report));
  HOMEROOM_TRY(record(work));
  HOMEROOM_TRY(ledger.record_read_by(work.run_id, work.read_by));
  if (!work.newer.empty()) {
    HOMEROOM_TRY(catalog::record_gave_way(*connection_, work.run_id, work.newer.front().run_id));
  }
  if (!work.cleaned.quarantine_key.empty()) {
    HOMEROOM_TRY(
        catalog::record_quarantine(*connection_, work.run_id, work.cleaned.quarantine_key));
  }
  if (settings_->overrides != GivenDialect{}) {
    GivenDialect said = settings_->overrides;
    said.fill_from(work.remembered.given);
    HOMEROOM_TRY(
        catalog::remember_reading(*connection_, work.kind(), to_json_text(said), work.run_id));
  }
  HOMEROOM_TRY(ledger.record_table(work.run_id, table.name, work.report.table_rows));
  HOMEROOM_TRY(catalog::record_statistics(*connection_, work.run_id, work.history.kind, num_rows,
                                          work.history.now));
  return work.stream->transaction().commit();
}

// A newer version of the file keeps the slot, unless a person lets this one have it.
Status Pipeline::find_newer_versions(Work& work, std::int64_t previous) {
  if (settings_->is_released) return {};
  work.newer =
      find_newer(*work.file, HOMEROOM_TRY(catalog::find_slot_files(
                                 *connection_, work.slot(), ledger_path(work.input), work.run_id)));
  if (work.newer.empty()) return {};
  return catalog::Ledger(*connection_).return_slot(previous, work.slot());
}

// Judges the rows beside what is loaded, merges those that may be.
Status Pipeline::merge(Work& work, std::int64_t previous) {
  const TableSchema& table = work.file->plan.table;
  HOMEROOM_TRY(
      check_volume(*connection_, *work.file, work.cleaned.scope, work.history, work.report));
  if (is_held(work)) return {};
  std::optional<load::Loader> staged;
  load::Loader* streamed = work.stream->loader();
  if (streamed == nullptr) {
    staged.emplace(
        HOMEROOM_TRY(stage_objects(*connection_, *store_, work.cleaned.objects, table, work.run_id,
                                   load_mode(work.file->contract(), table), previous)));
  }
  load::Loader& loader = streamed != nullptr ? *streamed : *staged;
  HOMEROOM_TRY(loader.finish());
  loader.set_previous_run(previous);
  SnapshotClosing closing(*connection_, loader, *work.file);
  HOMEROOM_TRY(closing.begin());
  LateProblems problems;
  HOMEROOM_TRY(check_columns(*connection_, loader, *work.file, work.history, work.report));
  if (is_held(work)) return {};
  HOMEROOM_TRY(give_way(*store_, loader, *work.file, work.newer, work.report));
  if (is_held(work)) return {};
  HOMEROOM_TRY(settle_superseded(*connection_, loader, table.name));
  if (!is_held(work)) {
    HOMEROOM_TRY(check_school_days(loader, *work.file, work.report, problems));
  }
  if (!is_held(work)) {
    HOMEROOM_TRY(check_references(*connection_, loader, *work.file, work.report, problems));
  }
  if (!is_held(work)) {
    HOMEROOM_TRY(closing.judge(*store_, *settings_, work.cleaned.quarantine_key, work.report));
  }
  if (is_held(work)) return {};
  const load::LoadResult loaded = HOMEROOM_TRY(loader.merge());
  HOMEROOM_TRY(check_tables(*connection_, *work.file, work.report));
  if (is_held(work)) return {};
  HOMEROOM_TRY(quarantine_late(work, std::move(problems)));
  work.report.load_plan = plan_text(loaded, table);
  work.report.rows.loaded = loaded.lines_loaded;
  work.report.rows.unchanged = loaded.lines_unchanged;
  work.report.table_rows = {.inserted = loaded.rows_inserted,
                            .updated = loaded.rows_updated,
                            .closed = loaded.rows_closed};
  return closing.close(work.report);
}

// True when a check holds the file and nobody has released it.
bool Pipeline::is_held(Work& work) const {
  FileReport& report = work.report;
  if (report.status != FileStatus::kHeld) return false;
  if (settings_->is_released) {
    report.status = FileStatus::kGood;
    report.reason.clear();
    return false;
  }
  const std::uint64_t skipped = report.rows.skipped;
  report.rows = {.read = report.rows.read, .pending = report.rows.read - skipped};
  report.rows.skipped = skipped;
  return true;
}

Status Pipeline::quarantine_late(Work& work, LateProblems problems) {
  if (problems.rows().empty()) return {};
  const std::string key =
      work.manifest == nullptr
          ? HOMEROOM_TRY(add_to_quarantine(*store_, *work.file, *settings_,
                                           work.cleaned.quarantine_key, std::move(problems)))
          : HOMEROOM_TRY(add_cleaned_to_quarantine(*store_, *work.file, work.cleaned.objects,
                                                   work.cleaned.quarantine_key,
                                                   std::move(problems)));
  if (work.cleaned.quarantine_key.empty()) work.report.outputs.push_back(key);
  work.cleaned.quarantine_key = key;
  return {};
}

Status Pipeline::migrate_table(Work& work) {
  const TableSchema& wanted = work.file->plan.table;
  if (work.stream->loader() != nullptr) {
    work.fit = {.table = wanted.name, .changes = work.stream->changes()};
  } else {
    work.fit = HOMEROOM_TRY(
        compare_table(*connection_, *store_, work.file->contract(), wanted, work.cleaned.objects));
    HOMEROOM_TRY(apply_fit(*connection_, work.run_id, wanted, work.fit));
  }
  report_fit(work.fit, work.report);
  return {};
}

Status Pipeline::record(Work& work) {
  return catalog::Ledger(*connection_)
      .record_run(work.run_id, work.slot(), work.record(*settings_),
                  std::string(status_name(work.report, Command::kRun)), work.report.reason,
                  work.report.rows, work.report.table_rows, work.report.changes, work.report.issues,
                  work.report.issue_count, clock_() - work.start_seconds);
}

// A run that loads nothing: held, waiting or refused. Its own transaction.
Status Pipeline::record_alone(Work& work) {
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(*connection_));
  work.report.run_id = work.run_id;
  if (work.report.status == FileStatus::kWaiting) {
    HOMEROOM_TRY(record_waiting(*connection_, work.run_id, work.fit, work.report));
  }
  HOMEROOM_TRY(record(work));
  return transaction.commit();
}

}  // namespace homeroom::run
