#pragma once

// What Homeroom has seen: files, slots, runs, issues. The tables of schema `homeroom`.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "table/issue.h"
#include "table/schema.h"

namespace homeroom::catalog {

/// Outcomes of a file's rows; `read` is the sum of the other six, which the database enforces.
struct RowCounts {
  std::uint64_t read = 0;
  std::uint64_t loaded = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t duplicate = 0;
  std::uint64_t quarantined = 0;
  std::uint64_t pending = 0;
  std::uint64_t skipped = 0;
};

struct TableRowCounts {
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::uint64_t closed = 0;
};

/// Outcomes that are not the last word.
enum class SettledFrom : std::uint8_t { kPending, kQuarantined };

/// What fills one place: source, data set, and the scope that its contract names.
struct Slot {
  std::string source;  ///< name of the folder the file came from
  std::string dataset;
  std::string scope;  ///< "2025-11-03..2025-11-28|school_id=010"; "" when the contract names none
};

struct FileRecord {
  std::string path;         ///< as the user gave it
  std::string modified_at;  ///< when the file was changed last, in any form; "" when unknown
  std::string raw_key;      ///< object in the store
  std::string sha256;       ///< of the raw bytes, hex
  std::uint64_t size_bytes = 0;
  std::string contract_version;
  std::string engine_version;
  std::string contracts_hash;  ///< of what the file is read by: a change makes it eligible again
  std::string dialect_json;
  bool is_cut_off = false;  ///< taking it in broke off: it has not arrived yet, and comes again
};

/// How bytes were taken that came before.
struct KnownBytes {
  std::string dataset;
  std::string contract_version;
  std::string contracts_hash;
};

/// A change a rule made, counted.
struct ChangeRecord {
  std::string column;
  std::string rule;
  std::uint64_t count = 0;
};

/// Writes one run; every call inside the caller's transaction. Not shared by threads.
class Ledger {
 public:
  explicit Ledger(io::Connection& connection) : connection_(&connection) {}

  /// The run that makes taking the file in again change nothing, if any. Its bytes, source, data
  /// set, contract and program equal these, and it either is the current revision of its slot,
  /// or took this very object before: same path, same time of change, and nothing else came under
  /// that path since. (A folder that holds two revisions of one slot is read again and again; the
  /// older one must not win then, but does when it is put there once more.)
  [[nodiscard]] Result<std::optional<std::int64_t>> find_current(const FileRecord& file,
                                                                 const std::string& source,
                                                                 const std::string& dataset);
  /// True when some run took a file of so many bytes: without one, no file of that size was seen.
  [[nodiscard]] Result<bool> has_file_of_size(std::uint64_t size_bytes);

  /// True when some run took these bytes.
  [[nodiscard]] Result<bool> has_bytes(const std::string& sha256);

  /// The run that loaded these bytes of this source last, by the same program and `read_by`: its
  /// data set and what it was read by. Nothing: they have to be read.
  [[nodiscard]] Result<std::optional<KnownBytes>> find_known(const std::string& source,
                                                             const std::string& sha256,
                                                             const std::string& engine_version,
                                                             const std::string& read_by);
  [[nodiscard]] Status record_read_by(std::int64_t run_id, const std::string& read_by);

  /// Counts another arrival of bytes that `run_id` has loaded, under whatever name.
  [[nodiscard]] Status record_arrival(std::int64_t run_id, const std::string& source,
                                      const FileRecord& file);

  /// A fresh number for a run, outside any transaction (gaps are fine).
  [[nodiscard]] Result<std::int64_t> next_run_id();

  /// Waits until no other transaction loads into the table; holds them off until this one ends.
  [[nodiscard]] Status lock_table(const std::string& table);

  /// Waits for those who load into the table, and holds them off, but not others who wait like us:
  /// what we judge by it stays as it is.
  [[nodiscard]] Status share_table(const std::string& table);

  /// True when a file of the source was loaded as this data set.
  [[nodiscard]] Result<bool> has_loaded(const std::string& source, const std::string& dataset);

  /// Lines that a run counts as `from` came to another outcome: `to` counts them. `rows` is what
  /// they did to the table.
  [[nodiscard]] Status settle(std::int64_t run_id, SettledFrom from, const std::string& table,
                              const RowCounts& to, const TableRowCounts& rows);

  /// Takes the slot's lock for this transaction and makes the run its current revision.
  /// Returns the run that was current before; 0: none.
  [[nodiscard]] Result<std::int64_t> claim_slot(std::int64_t run_id, const Slot& slot);

  /// Gives the claimed slot back to the run that held it: a newer version of its file.
  [[nodiscard]] Status return_slot(std::int64_t previous_run, const Slot& slot);

  /// The run with all it counted, and the arrival of a file that was not cut off; `status` is
  /// loaded, held, waiting or refused; a loaded run has claimed its slot. Text that PostgreSQL
  /// cannot store (bytes that are no UTF-8, NUL) is kept with U+FFFD in its place. Errors:
  /// kDatabase, also when the counts do not add up.
  [[nodiscard]] Status record_run(std::int64_t run_id, const Slot& slot, const FileRecord& file,
                                  const std::string& status, const std::string& reason,
                                  const RowCounts& rows, const TableRowCounts& table_rows,
                                  std::span<const ChangeRecord> changes,
                                  std::span<const Issue> issues, std::uint64_t num_issues,
                                  double seconds);

  /// What the run did to one table: needed to take it back. Once for each table it wrote to.
  [[nodiscard]] Status record_table(std::int64_t run_id, const std::string& table,
                                    const TableRowCounts& rows);

  /// Data set and its schema version (a new one when the columns differ from the last).
  [[nodiscard]] Status record_schema(std::int64_t run_id, const TableSchema& table,
                                     const std::string& contract_version);

 private:
  io::Connection* connection_;
};

/// A line of `homeroom status`.
struct RunSummary {
  std::int64_t run_id = 0;
  std::string started_at;  ///< ISO time
  std::string path;
  std::string dataset;
  std::string status;
  RowCounts rows;
  double seconds = 0;
  std::int64_t undone_by = 0;  ///< undo that took it back; 0: it counts
};

[[nodiscard]] Result<std::vector<RunSummary>> recent_runs(io::Connection& connection, int limit);

/// Where a row of a table came from.
struct RowOrigin {
  std::int64_t run_id = 0;
  LineNumber line = 0;
  std::string path;
  std::string raw_key;
  std::string source;
  std::string dataset;
  std::string contract_version;
  std::string loaded_at;
  std::string sha256 = {};        ///< of the file
  std::string dialect_json = {};  ///< see FileRecord
  std::string corrected_by = {};  ///< who corrected the row in the quarantine; "" when nobody did
  std::string corrected_at = {};
};

/// The rows of data.<table> whose key columns have these values (text; "" is null), at most 20.
/// A table without key is asked by the line of the file.
/// Errors: kContract when the table does not exist or takes another number of key values, naming
/// the key columns.
[[nodiscard]] Result<std::vector<RowOrigin>> find_origins(io::Connection& connection,
                                                          const std::string& table,
                                                          std::span<const std::string> key);

}  // namespace homeroom::catalog
