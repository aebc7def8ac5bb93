#include "run/pipeline.h"

#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "catalog/decisions.h"
#include "catalog/ledger.h"
#include "catalog/versions.h"
#include "load/load.h"
#include "migrate/migration_files.h"
#include "run/changes/fit_table.h"
#include "run/cleaning/clean_file.h"
#include "run/cleaning/clean_only.h"
#include "run/file_outcome.h"
#include "run/loading/history_checks.h"
#include "run/loading/load_checks.h"
#include "run/loading/load_file.h"
#include "run/loading/seen_bytes.h"
#include "run/loading/snapshot.h"
#include "run/loading/streamed_load.h"
#include "run/loading/table_checks.h"
#include "run/quarantine/correct.h"
#include "run/quarantine/late_problems.h"
#include "run/quarantine/quarantined_rows.h"
#include "run/reading/dialect_json.h"
#include "run/reading/input_stream.h"

namespace homeroom::run {
namespace {

constexpr std::string_view kInferredVersion = "inferred";

std::string raw_folder(const source::InputFile& input) {
  return fmt::format("raw/{}/", input.source.empty() ? std::string("unnamed") : input.source);
}

}  // namespace

// One file on its way through the pipeline.
struct Pipeline::Work {
  source::InputFile input;
  FileReport report;
  Remembered remembered;
  std::optional<PreparedFile> file;
  std::unique_ptr<StreamedLoad> stream;  // refers to the file
  CleanedFile cleaned;
  LoadHistory history;
  TableFit fit;
  std::string read_by;  // hash of what decides how it is read
  std::string raw_key;
  std::int64_t run_id = 0;
  double start_seconds = 0;

  [[nodiscard]] catalog::Slot slot() const {
    return {.source = input.source,
            .dataset = file ? file->dataset() : std::string(),
            .scope = cleaned.scope};
  }

  // Object that keeps the file's bytes, where it is no part of an archive.
  [[nodiscard]] std::string own_raw_key() const {
    return raw_folder(input) + file->object_name() + input.path.extension().string();
  }

  [[nodiscard]] catalog::FileKind kind() const {
    return {.source = input.source, .path = input.path.string()};
  }

  // What the ledger keeps of the file. The path is absolute: it is one file however it is named.
  [[nodiscard]] catalog::FileRecord record(const Settings& settings) const {
    const contract::Contract* contract = file ? file->contract() : nullptr;
    catalog::FileRecord record;
    record.path = ledger_path(input);
    if (file) record.modified_at = std::to_string(file->stamp.modified_ns);
    record.raw_key = raw_key;
    record.sha256 = report.sha256;
    record.size_bytes = report.size_bytes;
    if (file) record.contract_version = contract == nullptr ? kInferredVersion : contract->version;
    record.engine_version = settings.engine_version;
    record.contracts_hash = (contract == nullptr ? "" : contract->text_hash) +
                            (file ? file->reading : std::string()) + settings.reading;
    // The name is part of what was read where it alone says the school year.
    if (file && file->plan.adds_school_year()) {
      record.contracts_hash += " school_year=" + file->plan.file_name_school_year;
    }
    record.dialect_json = report.dialect ? to_json(*report.dialect).dump() : "null";
    return record;
  }
};

Pipeline::Pipeline(const Settings& settings, const io::Store& store, Connect connect, Clock clock)
    : settings_(&settings),
      store_(&store),
      connect_(std::move(connect)),
      clock_(std::move(clock)) {}

Result<std::unique_ptr<Pipeline>> Pipeline::open(const Settings& settings, const io::Store& store,
                                                 Connect connect, Clock clock) {
  std::unique_ptr<Pipeline> pipeline(
      new Pipeline(settings, store, std::move(connect), std::move(clock)));
  HOMEROOM_TRY(pipeline->reconnect());
  HOMEROOM_TRY(migrate::write_migration_files(*pipeline->connection_, store));
  return pipeline;
}

Status Pipeline::reconnect() {
  connection_.reset();
  connection_ = std::make_unique<io::Connection>(HOMEROOM_TRY(connect_()));
  return {};
}

FileReport Pipeline::run_file(const source::InputFile& input) {
  Work work;
  work.input = input;
  work.report = start_report(input);
  work.start_seconds = clock_();
  const bool was_connected = connection_ != nullptr;
  if (const Status done = take(work); !done) give_up(done.error(), work, was_connected);
  if (work.fit.has_migrations()) keep_migration_files(work);
  work.report.seconds = clock_() - work.start_seconds;
  const std::string name = report_name(input, work.file ? &*work.file : nullptr);
  if (const Status written = write_run_report(*store_, name, work.report, Command::kRun);
      !written && work.report.status == FileStatus::kGood) {
    work.report.add_issue({.line = 0,
                           .column = {},
                           .rule = "run_report",
                           .severity = Severity::kWarning,
                           .message = written.error().message,
                           .suggestion = written.error().hint});
  }
  return std::move(work.report);
}

// The ledger has the migrations; what is not written now is when the next program opens the store.
void Pipeline::keep_migration_files(Work& work) {
  if (connection_ == nullptr) return;
  const Status written = migrate::write_migration_files(*connection_, *store_);
  if (written) return;
  work.report.add_issue({.line = 0,
                         .column = {},
                         .rule = "migration",
                         .severity = Severity::kWarning,
                         .message = written.error().message,
                         .suggestion = written.error().hint});
}

// The load broke off. The session may be gone or in a broken transaction: the run is recorded with
// a fresh one, which the next file uses too.
void Pipeline::give_up(const Error& error, Work& work, bool was_connected) {
  work.stream.reset();
  Error told = error;
  Status back;
  if (error.code == ErrorCode::kDatabase) {
    back = was_connected || connection_ ? reconnect() : tl::unexpected(error);
    if (!settings_->database.empty()) told.message += fmt::format(" ({})", settings_->database);
    // Why it cannot come back says more than that it went.
    if (was_connected && !back) {
      told.code = back.error().code;
      told.message += fmt::format(", and it does not come back: {}", back.error().message);
      told.hint = back.error().hint;
    }
  }
  hold_all(told, work.report);
  if (connection_ == nullptr) return;
  if (const Status recorded = record_alone(work); !recorded) connection_.reset();
}

// Errors: the store or the database. What is wrong with the file is in the report.
Status Pipeline::take(Work& work) {
  if (connection_ == nullptr) HOMEROOM_TRY(reconnect());
  work.run_id = HOMEROOM_TRY(catalog::Ledger(*connection_).next_run_id());
  work.remembered = HOMEROOM_TRY(recall(work.kind()));
  // A file of an archive is kept with it, as it came.
  const bool is_member = !work.input.archive.empty();
  std::unique_ptr<io::ObjectWriter> copy;
  if (!is_member) copy = HOMEROOM_TRY(store_->create(raw_folder(work.input) + "incoming"));
  Result<OpenedFile> opened =
      open_file(work.input, *settings_, copy.get(), work.report, work.remembered);
  if (!opened) return refuse_unless_ours(opened.error(), work);
  const bool may_be_known =
      HOMEROOM_TRY(catalog::Ledger(*connection_).has_file_of_size(opened->file.stamp.size_bytes));
  const bool is_correction = is_quarantine_header(opened->file.header);
  work.read_by = read_by(opened->file, *settings_);
  if (!is_member && !is_correction) {
    Result<bool> is_new = true;
    if (may_be_known) is_new = is_unseen(*opened, work);
    if (!is_new) return refuse_unless_ours(is_new.error(), work);
    if (work.report.status == FileStatus::kDuplicate) return {};
    if (*is_new) return clean_and_load_new(*opened, std::move(copy), work);
  }
  Result<PreparedFile> file = prepare_opened(*opened, *settings_, work.report);
  if (!file) return refuse_unless_ours(file.error(), work);
  work.file = std::move(*file);
  if (!is_member) work.raw_key = work.own_raw_key();
  if (is_correction) return take_correction(work, copy.get());
  if (HOMEROOM_TRY(is_duplicate(work))) return {};
  if (HOMEROOM_TRY(is_refused(work))) return record_alone(work);
  if (is_member) return keep_archive_and_load(work);
  if (!store_->contains(work.raw_key)) HOMEROOM_TRY(copy->commit_as(work.raw_key));
  return clean_and_load(work);
}

// True for bytes that no run took. Those that make no difference are noted without being read as a
// table: their hash is all that they cost.
Result<bool> Pipeline::is_unseen(const OpenedFile& opened, Work& work) {
  const SeenBytes seen =
      HOMEROOM_TRY(find_seen(*connection_, *settings_, opened.file, work.read_by));
  if (!seen.is_current()) return !seen.is_seen;
  work.file = opened.file;
  work.file->sha256 = seen.sha256;
  work.report.sha256 = seen.sha256;
  work.report.size_bytes = opened.file.stamp.size_bytes;
  work.report.dataset = seen.dataset;
  work.report.match_reason = fmt::format("as in run {}, read by the same contracts", seen.run_id);
  work.report.tables = {"data." + seen.dataset};
  note_duplicate(seen.run_id, work.report);
  return false;
}

// What is wrong with a file, it is refused for; the store's and the database's errors stop it.
Status Pipeline::refuse_unless_ours(const Error& error, Work& work) {
  const bool is_ours = error.code == ErrorCode::kIo || error.code == ErrorCode::kDatabase;
  if (is_ours) return tl::unexpected(error);
  refuse(error, work.report);
  work.stream.reset();
  return record_alone(work);
}

// Bytes that nobody has seen: no other file had so many of them. They are read once, and cleaned
// and sent as they are read.
Status Pipeline::clean_and_load_new(OpenedFile& opened, std::unique_ptr<io::ObjectWriter> copy,
                                    Work& work) {
  work.stream = std::make_unique<StreamedLoad>(*connection_, work.run_id);
  const CleanInto into{.store = store_, .rows = work.stream.get()};
  Result<CleanedFile> cleaned =
      read_and_clean(opened, *settings_, work.remembered, into, work.report, work.file);
  if (!cleaned) return refuse_unless_ours(cleaned.error(), work);
  work.raw_key = work.own_raw_key();
  if (!store_->contains(work.raw_key)) HOMEROOM_TRY(copy->commit_as(work.raw_key));
  return load_cleaned(std::move(*cleaned), work);
}

// A quarantine file that came back: its rows are those of another run.
Status Pipeline::take_correction(Work& work, io::ObjectWriter* copy) {
  if (copy != nullptr && !store_->contains(work.raw_key)) {
    HOMEROOM_TRY(copy->commit_as(work.raw_key));
  }
  FileReport report = start_report(work.input);
  report.dialect = work.report.dialect;
  report.sha256 = work.report.sha256;
  Status fixed = fix_quarantine(*connection_, *store_, *settings_, work.input.path, report);
  work.report = std::move(report);
  if (fixed) return {};
  const bool is_of_the_file =
      fixed.error().code == ErrorCode::kInvalidInput || fixed.error().code == ErrorCode::kContract;
  if (!is_of_the_file) return fixed;
  refuse(fixed.error(), work.report);
  return record_alone(work);
}

// Bytes that a person has refused are not taken, however often they come.
Result<bool> Pipeline::is_refused(Work& work) {
  if (settings_->is_released) return false;
  const auto refusal =
      HOMEROOM_TRY(catalog::find_refusal(*connection_, work.input.source, work.report.sha256));
  if (!refusal) return false;
  refuse({.code = ErrorCode::kInvalidInput,
          .message = fmt::format("{} refused this file on {} (run {})", refusal->decided_by,
                                 refusal->decided_at, refusal->run_id),
          .hint = fmt::format("`homeroom holds release {}` takes it all the same", refusal->run_id),
          .detail = {},
          .position = {}},
         work.report);
  return true;
}

// What is known of how files of the kind are written.
Result<Remembered> Pipeline::recall(const catalog::FileKind& kind) {
  Remembered remembered;
  if (settings_->is_read_afresh) {
    HOMEROOM_TRY(catalog::forget_reading(*connection_, kind));
    return remembered;
  }
  if (const auto stored = HOMEROOM_TRY(catalog::find_reading(*connection_, kind))) {
    if (const auto given = given_from_json(stored->given_json)) {
      remembered.given = *given;
      remembered.given_by = stored->run_id;
    }
  }
  remembered.former =
      dialect_from_json(HOMEROOM_TRY(catalog::find_former_dialect(*connection_, kind)));
  return remembered;
}

Status Pipeline::keep_archive_and_load(Work& work) {
  const std::string& archive = work.input.archive.native();
  if (raw_archive_.path != archive || raw_archive_.stamp != work.file->stamp) {
    Result<RawArchive> kept = keep_archive(*store_, work.input.archive);
    const bool is_of_the_file = !kept && kept.error().code == ErrorCode::kInvalidInput;
    if (is_of_the_file) {
      refuse(kept.error(), work.report);
      return record_alone(work);
    }
    raw_archive_ = HOMEROOM_TRY(std::move(kept));
  }
  if (raw_archive_.stamp != work.file->stamp) {
    refuse(changed_while_read(work.input.archive), work.report);
    return record_alone(work);
  }
  work.raw_key = raw_archive_.key + work.input.path.native().substr(archive.size());
  return clean_and_load(work);
}

Result<bool> Pipeline::is_duplicate(Work& work) {
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(*connection_));
  if (!HOMEROOM_TRY(note_if_loaded(work))) return false;
  HOMEROOM_TRY(transaction.commit());
  return true;
}

Result<std::optional<std::int64_t>> Pipeline::find_current(const Work& work) {
  return catalog::Ledger(*connection_)
      .find_current(work.record(*settings_), work.input.source, work.file->dataset());
}

Result<bool> Pipeline::note_if_loaded(Work& work) {
  const std::optional<std::int64_t> current = HOMEROOM_TRY(find_current(work));
  if (!current) return false;
  HOMEROOM_TRY(catalog::Ledger(*connection_)
                   .record_arrival(*current, work.input.source, work.record(*settings_)));
  note_duplicate(*current, work.report);
  return true;
}

Status Pipeline::clean_and_load(Work& work) {
  work.stream = std::make_unique<StreamedLoad>(*connection_, work.run_id);
  const CleanInto into{.store = store_, .rows = work.stream.get()};
  Result<CleanedFile> cleaned = clean_file(*work.file, *settings_, into, work.report);
  if (!cleaned) return refuse_unless_ours(cleaned.error(), work);
  return load_cleaned(std::move(*cleaned), work);
}

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
  const std::int64_t previous = HOMEROOM_TRY(ledger.claim_slot(work.run_id, work.slot()));
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
  HOMEROOM_TRY(catalog::record_statistics(*connection_, work.run_id, work.history.kind,
                                          work.report.rows.read - work.report.rows.skipped,
                                          work.history.now));
  return work.stream->transaction().commit();
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
  loader.set_previous_run(previous);
  HOMEROOM_TRY(settle_superseded(*connection_, loader, table.name));
  SnapshotClosing closing(*connection_, loader, *work.file);
  HOMEROOM_TRY(closing.begin());
  LateProblems problems;
  HOMEROOM_TRY(check_columns(*connection_, loader, *work.file, work.history, work.report));
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
  const std::string key = HOMEROOM_TRY(add_to_quarantine(
      *store_, *work.file, *settings_, work.cleaned.quarantine_key, std::move(problems)));
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
