#pragma once

// Files of data sets whose contract says homeroom.writeMode: snapshot. Each is all there is of its
// scope, so rows that stand there and that it lacks are closed: never a row whose key is in the
// file at all, and not half a table because half a file came.

#include <optional>
#include <string>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "io/store.h"
#include "load/load.h"
#include "load/snapshot.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "run/settings.h"

namespace homeroom::run {

/// What a file closes. A file of another write mode, and one that holds changes only, closes
/// nothing. Not shared by threads.
class SnapshotClosing {
 public:
  SnapshotClosing(io::Connection& connection, load::Loader& loader, const PreparedFile& file)
      : connection_(&connection), loader_(&loader), file_(&file), scope_(scope_of(file)) {}

  /// Before rows are taken out of the staged ones.
  [[nodiscard]] Status begin();

  /// Finds what is missing. Holds the file when that is too much; a quarantined row that does not
  /// say its key may be any of them, so nothing is closed then and the report says so.
  [[nodiscard]] Status judge(const io::Store& store, const Settings& settings,
                             const std::string& quarantine_key, FileReport& report);

  /// After the merge. Rows that wait and are missing wait no more.
  [[nodiscard]] Status close(FileReport& report);

 private:
  static std::optional<load::SnapshotScope> scope_of(const PreparedFile& file);

  io::Connection* connection_;
  load::Loader* loader_;
  const PreparedFile* file_;
  std::optional<load::SnapshotScope> scope_;
  bool closes_ = false;
};

}  // namespace homeroom::run
