#include "run/pipeline.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/failpoint.h"
#include "catalog/decisions.h"
#include "catalog/ledger.h"
#include "catalog/waiting_files.h"
#include "migrate/migration_files.h"
#include "run/attempt.h"
#include "run/cleaning/clean_file.h"
#include "run/cleaning/clean_only.h"
#include "run/file_outcome.h"
#include "run/loading/seen_bytes.h"
#include "run/pipeline_work.h"
#include "run/quarantine/correct.h"
#include "run/reading/dialect_json.h"
#include "run/reading/input_stream.h"
#include "run/stages/contract_of.h"
#include "run/stages/manifest.h"

namespace homeroom::run {

Pipeline::Pipeline(const Settings& settings, const io::Store& store, Connect connect, Clock clock)
    : settings_(&settings),
      store_(&store),
      connect_(std::move(connect)),
      clock_(std::move(clock)),
      ahead_(settings, store) {}

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

FileReport Pipeline::run_file(const source::InputFile& input, const source::InputFile* next) {
  Work work;
  work.input = input;
  work.report = start_report(input);
  work.start_seconds = clock_();
  const bool was_connected = connection_ != nullptr;
  std::optional<Attempt> begun = ahead_.take_attempt(input);
  Attempt attempt = begun ? std::move(*begun) : Attempt::begin(settings_->attempts, input);
  const bool is_poison = attempt.num_broken_off() >= kMostTries;
  if (is_poison) attempt.keep_note();
  work.ahead = ahead_.take(input);
  if (next != nullptr && attempt.num_broken_off() == 0) look_ahead(input, *next);
  const Status done = is_poison ? leave_alone(attempt.num_broken_off(), work) : take(work);
  if (!done) give_up(done.error(), work, was_connected);
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

FileReport Pipeline::load_file(const LoadManifest& manifest) {
  Work work;
  work.manifest = &manifest;
  work.input = input_of(manifest);
  work.report = manifest.report;
  work.start_seconds = clock_();
  const bool was_connected = connection_ != nullptr;
  if (const Status done = take_cleaned(work); !done) give_up(done.error(), work, was_connected);
  if (work.fit.has_migrations()) keep_migration_files(work);
  work.report.seconds = clock_() - work.start_seconds;
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
  work.is_cut_off = true;
  if (connection_ == nullptr) return;
  if (const Status recorded = record_alone(work); !recorded) connection_.reset();
}

// The file brought the program down, or nearly: it is not read any more.
Status Pipeline::leave_alone(int num_tries, Work& work) {
  if (connection_ == nullptr) HOMEROOM_TRY(reconnect());
  work.run_id = HOMEROOM_TRY(catalog::Ledger(*connection_).next_run_id());
  const Error error{
      .code = ErrorCode::kInvalidInput,
      .message = fmt::format("the program ended {} times in the middle of this file, so it is left "
                             "alone",
                             num_tries),
      .hint = fmt::format("`homeroom run --try-again {}` tries once more; if the program crashes, "
                          "please report it",
                          work.input.path.string()),
      .detail = {},
      .position = {}};
  refuse(error, work.report);
  return record_alone(work);
}

// Errors: the store or the database. What is wrong with the file is in the report.
Status Pipeline::take(Work& work) {
  HOMEROOM_FAILPOINT("seen");
  if (connection_ == nullptr) HOMEROOM_TRY(reconnect());
  work.run_id = HOMEROOM_TRY(catalog::Ledger(*connection_).next_run_id());
  work.remembered = HOMEROOM_TRY(recall(work.kind()));
  if (work.ahead) {
    if (is_same(work.ahead->remembered, work.remembered)) return load_ahead(work);
    ahead_.discard(*work.ahead);
  }
  // A file of an archive is kept with it, as it came.
  const bool is_member = !work.input.archive.empty();
  std::unique_ptr<io::ObjectWriter> copy;
  if (!is_member) copy = HOMEROOM_TRY(store_->create(raw_folder(work.input) + "incoming"));
  Result<OpenedFile> opened =
      open_file(work.input, *settings_, copy.get(), work.report, work.remembered);
  if (!opened) return refuse_unless_ours(opened.error(), work);
  HOMEROOM_FAILPOINT("sniffed");
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

// Cleans the next file while this one is loaded, unless the two or some earlier one may be the same
// bytes: those cost their hash only.
void Pipeline::look_ahead(const source::InputFile& input, const source::InputFile& next) {
  const bool is_plain = settings_->overrides == GivenDialect{} && !settings_->is_read_afresh &&
                        settings_->limits.num_threads > 1;
  if (!is_plain || connection_ == nullptr || next.size_bytes == input.size_bytes) return;
  if (!ahead_.suits(next)) return;
  // What goes wrong here goes wrong again in the file's turn, and is told then.
  const auto is_known = catalog::Ledger(*connection_).has_file_of_size(next.size_bytes);
  if (!is_known || *is_known) return;
  Result<Remembered> remembered = recall({.source = next.source, .path = next.path.string()});
  if (remembered) ahead_.begin(next, std::move(*remembered));
}

// The file is clean already: what is left is what comes after cleaning.
Status Pipeline::load_ahead(Work& work) {
  CleanedAhead& ahead = *work.ahead;
  HOMEROOM_TRY(ahead_.publish(ahead));
  work.report = std::move(ahead.report);
  work.file = std::move(ahead.file);
  work.read_by = std::move(ahead.read_by);
  work.raw_key = work.own_raw_key();
  if (!store_->contains(work.raw_key)) HOMEROOM_TRY(ahead.copy->commit_as(work.raw_key));
  work.stream = std::make_unique<StreamedLoad>(*connection_, work.run_id);
  HOMEROOM_TRY(work.stream->begin_staged(*work.file));
  return load_cleaned(std::move(*ahead.cleaned), work);
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

// What cleaning held or refused is recorded once; the rest is as if it had been cleaned just now.
Status Pipeline::take_cleaned(Work& work) {
  if (connection_ == nullptr) HOMEROOM_TRY(reconnect());
  work.run_id = HOMEROOM_TRY(catalog::Ledger(*connection_).next_run_id());
  const contract::Contract* contract = HOMEROOM_TRY(contract_of(*work.manifest, *settings_));
  if (!work.manifest->dataset.empty()) work.file = prepared_of(*work.manifest, contract);
  work.cleaned.scope = work.manifest->cleaned.scope;
  work.read_by = work.manifest->read_by;
  if (work.report.status != FileStatus::kGood) {
    const bool is_known = HOMEROOM_TRY(catalog::has_outcome(
        *connection_, work.record(*settings_), work.input.source,
        std::string(status_name(work.report, Command::kRun)), work.report.reason));
    return is_known ? Status() : record_alone(work);
  }
  if (HOMEROOM_TRY(is_duplicate(work))) return {};
  if (HOMEROOM_TRY(is_refused(work))) return record_alone(work);
  work.stream = std::make_unique<StreamedLoad>(*connection_, work.run_id);
  HOMEROOM_TRY(work.stream->begin_staged(*work.file));
  return load_cleaned(work.manifest->cleaned, work);
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
  remembered.date_order = order_named(HOMEROOM_TRY(catalog::find_former_order(*connection_, kind)));
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

}  // namespace homeroom::run
