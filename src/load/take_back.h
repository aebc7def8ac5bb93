#pragma once

// A table without what runs did to it: their rows go out, what they replaced or closed comes back.

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "load/load.h"
#include "load/target_table.h"
#include "table/reference.h"

namespace homeroom::load {

/// What is taken back: either what runs of files did, or what one undo did.
struct TakeBack {
  std::vector<std::int64_t> runs;    ///< of files: all rows that are theirs
  std::vector<std::int64_t> waited;  ///< versions in which rows of others came in that had waited
  std::int64_t undo_version = 0;     ///< the version that the undo made; 0: runs of files
  std::int64_t undo_run = 0;         ///< who takes back: history names it
};

/// A file that came after rows had left the table that would come back now.
struct LaterFile {
  std::int64_t run_id = 0;
  std::string scope;  ///< its slot's
  std::string place;  ///< of one of the rows, written as a scope
};

/// Takes back, in the caller's transaction, which holds the table's lock, acts as homeroom_owner
/// and has begun the version that this makes. `result` counts rows put back as inserted, rows put
/// back in the place of others as updated, rows taken out as closed.
class TableTakeBack {
 public:
  TableTakeBack(io::Connection& connection, TargetTable target, TakeBack what);

  /// Runs that count, are not taken back now, and have since replaced rows that would go, or stand
  /// where rows would come back. Nothing may be applied while there are any.
  [[nodiscard]] Result<std::vector<std::int64_t>> find_dependents();

  /// After `find_dependents`: files of the same source that count and are not taken back now. The
  /// place of a row is what it says in `columns`; without any, only files of its own file's slot
  /// are meant.
  [[nodiscard]] Result<std::vector<LaterFile>> find_later_files(
      const std::vector<std::string>& columns);

  [[nodiscard]] Result<LoadResult> apply();

  /// After `apply`: runs whose rows in `other` name, by the reference, a row that is gone now, and
  /// came after version `since_sequence` (homeroom.table_version.sequence).
  [[nodiscard]] Result<std::vector<std::int64_t>> find_standing_on(const TargetTable& other,
                                                                   const Reference& reference,
                                                                   std::int64_t since_sequence);

 private:
  [[nodiscard]] std::string same_row(const std::string& left, const std::string& right) const;
  [[nodiscard]] std::string was_waiting(const std::string& row) const;
  [[nodiscard]] Status find_rows();

  io::Connection* connection_;
  TargetTable target_;
  TakeBack what_;
  std::string name_;  ///< as a literal
  std::string columns_;
  std::string out_;   ///< rows of the table that go
  std::string in_;    ///< rows of history that come back
  std::string born_;  ///< rows that an undo put back
};

}  // namespace homeroom::load
