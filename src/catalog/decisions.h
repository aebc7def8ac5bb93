#pragma once

// What people decided: of held files (homeroom.hold_decision), of quarantined rows
// (homeroom.quarantine_file, correction, corrected_row).

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalog/ledger.h"
#include "io/postgres/postgres.h"
#include "table/batch.h"

namespace homeroom::catalog {

/// A run that is held, or some of whose rows are quarantined.
struct RunRecord {
  std::int64_t run_id = 0;
  std::string started_at;  ///< ISO time
  std::string source;
  std::string dataset;
  std::string scope;
  std::string path;  ///< ledger_path of the file
  std::string raw_key;
  std::string sha256;
  std::string status;
  std::string reason;
  std::string dialect_json;
  std::string quarantine_key;    ///< "" when no row of it is quarantined
  std::int64_t current_run = 0;  ///< of its slot; 0 when it was not loaded
  std::uint64_t rows_read = 0;
  std::uint64_t rows_quarantined = 0;
};

/// The latest run of each file that is held, nobody has decided of, and that was not loaded since.
[[nodiscard]] Result<std::vector<RunRecord>> find_holds(io::Connection& connection);

/// Runs whose rows are quarantined, the newest first: those that still fill their slot, or `all`.
[[nodiscard]] Result<std::vector<RunRecord>> find_quarantines(io::Connection& connection, bool all);

/// Runs that fill their slot, of one data set or of all (""), in the order of their loads.
[[nodiscard]] Result<std::vector<RunRecord>> find_standing(io::Connection& connection,
                                                           const std::string& dataset);

[[nodiscard]] Result<std::optional<RunRecord>> find_run(io::Connection& connection,
                                                        std::int64_t run_id);
/// The run whose quarantine is the object of this name, "attendance_0911-1a2b3c4d": the newest that
/// fills its slot, else the newest. Two sources that gave the same bytes share the object.
[[nodiscard]] Result<std::optional<RunRecord>> find_run_of_object(io::Connection& connection,
                                                                  std::string_view object_name);

struct HoldDecision {
  std::int64_t run_id = 0;
  std::string decision;  ///< released, refused
  std::string decided_by;
  std::string decided_at;
};

/// Once a run: a second decision replaces the first. `released_as` 0: none.
[[nodiscard]] Status record_decision(io::Connection& connection, std::int64_t run_id,
                                     const std::string& decision, const std::string& by,
                                     std::int64_t released_as);

/// The refusal of these bytes from this source, if somebody refused them.
[[nodiscard]] Result<std::optional<HoldDecision>> find_refusal(io::Connection& connection,
                                                               const std::string& source,
                                                               const std::string& sha256);

[[nodiscard]] Status record_quarantine(io::Connection& connection, std::int64_t run_id,
                                       const std::string& object_key);

struct CorrectionRecord {
  std::int64_t run_id = 0;
  std::string kind;  ///< fix, retry
  std::string path;
  std::string sha256;
  std::string made_by;
  std::uint64_t num_quarantined = 0;
};

/// The correction with the lines it took out of the quarantine.
[[nodiscard]] Status record_correction(io::Connection& connection, const CorrectionRecord& record,
                                       std::span<const LineNumber> lines);

/// Lines of the run that corrections took out, in order.
[[nodiscard]] Result<std::vector<LineNumber>> find_corrected_lines(io::Connection& connection,
                                                                   std::int64_t run_id);

}  // namespace homeroom::catalog
