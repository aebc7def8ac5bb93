#pragma once

// Every file of a run, one after another: check, clean, or all the way into PostgreSQL. A file
// that fails says so in its report; the others go on.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/readings.h"
#include "io/postgres/postgres.h"
#include "io/store.h"
#include "run/bundle/raw_archive.h"
#include "run/loading/load_checks.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "run/settings.h"
#include "source/folder.h"

namespace homeroom::run {

/// Seconds from some start; given by the program, so that src/ never reads a clock.
using Clock = std::function<double()>;

/// Everything that a load would say, loading nothing and writing nothing.
[[nodiscard]] FileReport check_file(const source::InputFile& input, const Settings& settings,
                                    const Clock& clock);

/// Writes clean/, quarantine/ and runs/ into `store`. Needs no database.
[[nodiscard]] FileReport clean_file_to(const source::InputFile& input, const Settings& settings,
                                       const io::Store& store, const Clock& clock);

/// Opens a connection to the warehouse whose schema is up to date; called again after one broke.
using Connect = std::function<Result<io::Connection>()>;

/// Takes files from raw bytes to loaded tables. Not shared by threads.
class Pipeline {
 public:
  /// All must outlive the pipeline. `connect` was tried once by `open`.
  [[nodiscard]] static Result<std::unique_ptr<Pipeline>> open(const Settings& settings,
                                                              const io::Store& store,
                                                              Connect connect, Clock clock);

  /// One file. The ledger entry, the migration and the rows commit together or not at all.
  [[nodiscard]] FileReport run_file(const source::InputFile& input);

  [[nodiscard]] io::Connection& connection() { return *connection_; }

 private:
  Pipeline(const Settings& settings, const io::Store& store, Connect connect, Clock clock);

  struct Work;
  [[nodiscard]] Status reconnect();
  [[nodiscard]] Status take(Work& work);
  [[nodiscard]] Result<Remembered> recall(const catalog::FileKind& kind);
  [[nodiscard]] Result<bool> is_duplicate(Work& work);
  [[nodiscard]] Result<bool> note_if_loaded(Work& work);
  [[nodiscard]] Result<bool> is_refused(Work& work);
  [[nodiscard]] Status take_correction(Work& work, io::ObjectWriter* copy);
  void give_up(const Error& error, Work& work, bool was_connected);
  [[nodiscard]] Status keep_archive_and_load(Work& work);
  [[nodiscard]] Status clean_and_load(Work& work);
  [[nodiscard]] Status load(Work& work);
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
};

/// The report as runs/<name>-<hash8>.json in the store.
[[nodiscard]] Status write_run_report(const io::Store& store, const std::string& object_name,
                                      const FileReport& report, Command command);

}  // namespace homeroom::run
