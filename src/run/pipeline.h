#pragma once

// Every file of a run, one after another: check, clean, or all the way into PostgreSQL. A file
// that fails says so in its report; the others go on.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/readings.h"
#include "io/postgres/postgres.h"
#include "io/store.h"
#include "run/ahead.h"
#include "run/bundle/raw_archive.h"
#include "run/cleaning/clean_only.h"
#include "run/cleaning/cleaning_pass.h"
#include "run/loading/load_checks.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "run/settings.h"
#include "run/stages/manifest.h"
#include "source/folder.h"

namespace homeroom::run {

/// Opens a connection to the warehouse whose schema is up to date; called again after one broke.
using Connect = std::function<Result<io::Connection>()>;

/// Takes files from raw bytes to loaded tables. Not shared by threads.
class Pipeline {
 public:
  /// All must outlive the pipeline. `connect` was tried once by `open`.
  [[nodiscard]] static Result<std::unique_ptr<Pipeline>> open(const Settings& settings,
                                                              const io::Store& store,
                                                              Connect connect, Clock clock);

  /// One file. The ledger entry, the migration and the rows commit together or not at all. `next`
  /// (may be null) is the file that comes after it, which may be cleaned meanwhile: the same comes
  /// out without.
  [[nodiscard]] FileReport run_file(const source::InputFile& input,
                                    const source::InputFile* next = nullptr);

  /// One file that was cleaned before, perhaps elsewhere: what `run_file` does after cleaning. The
  /// raw file is not needed. Its report is not kept in the store: that of cleaning stays there.
  [[nodiscard]] FileReport load_file(const LoadManifest& manifest);

  [[nodiscard]] io::Connection& connection() { return *connection_; }

 private:
  Pipeline(const Settings& settings, const io::Store& store, Connect connect, Clock clock);

  struct Work;
  [[nodiscard]] Status reconnect();
  [[nodiscard]] Status take(Work& work);
  void look_ahead(const source::InputFile& input, const source::InputFile& next);
  [[nodiscard]] Status load_ahead(Work& work);
  [[nodiscard]] Status leave_alone(int num_tries, Work& work);
  [[nodiscard]] Status take_cleaned(Work& work);
  [[nodiscard]] Result<Remembered> recall(const catalog::FileKind& kind);
  [[nodiscard]] Result<bool> is_duplicate(Work& work);
  [[nodiscard]] Result<std::optional<std::int64_t>> find_current(const Work& work);
  [[nodiscard]] Result<bool> note_if_loaded(Work& work);
  [[nodiscard]] Result<bool> is_refused(Work& work);
  [[nodiscard]] Status take_correction(Work& work, io::ObjectWriter* copy);
  void keep_migration_files(Work& work);
  void give_up(const Error& error, Work& work, bool was_connected);
  [[nodiscard]] Status keep_archive_and_load(Work& work);
  [[nodiscard]] Result<bool> is_unseen(const OpenedFile& opened, Work& work);
  [[nodiscard]] Status refuse_unless_ours(const Error& error, Work& work);
  [[nodiscard]] Status clean_and_load_new(OpenedFile& opened,
                                          std::unique_ptr<io::ObjectWriter> copy, Work& work);
  [[nodiscard]] Status clean_and_load(Work& work);
  [[nodiscard]] Status load_cleaned(CleanedFile cleaned, Work& work);
  [[nodiscard]] Status load(Work& work);
  [[nodiscard]] Status find_newer_versions(Work& work, std::int64_t previous);
  [[nodiscard]] Status migrate_table(Work& work);
  [[nodiscard]] Status merge(Work& work, std::int64_t previous);
  [[nodiscard]] bool is_held(Work& work) const;
  [[nodiscard]] Status quarantine_late(Work& work, LateProblems problems);
  [[nodiscard]] Status record(Work& work);
  [[nodiscard]] Status record_alone(Work& work);

  const Settings* settings_;
  const io::Store* store_;
  Connect connect_;
  Clock clock_;
  std::unique_ptr<io::Connection> connection_;
  RawArchive raw_archive_;  ///< kept last: its files come one after another
  Ahead ahead_;
};

}  // namespace homeroom::run
