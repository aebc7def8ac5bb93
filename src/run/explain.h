#pragma once

// Where a row of a table came from: the file, the line, the text as it stood there, and each
// change made to it. Nothing of this is stored: the archived bytes are cleaned once more. What a
// person corrected in the quarantine is read from the clean rows of the correction.

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/ledger.h"
#include "io/postgres/postgres.h"
#include "io/store.h"
#include "run/settings.h"

namespace homeroom::run {

/// One column of the row.
struct ExplainedCell {
  std::string column;    ///< of the table
  std::string header;    ///< of the file; "" when derived
  std::string original;  ///< as it stood in the file
  std::string value;     ///< as it was loaded; "" for null
  bool is_suppressed = false;
  std::vector<std::string> rules;  ///< that changed it, in order
  std::string note;                ///< "from the file's name", "derived from date", "default"
};

struct ExplainedRow {
  catalog::RowOrigin origin;
  std::vector<ExplainedCell> cells;
  std::string trouble;  ///< why the original text cannot be shown; empty when it is
};

/// The rows with this key, each with its origin.
[[nodiscard]] Result<std::vector<ExplainedRow>> explain_rows(io::Connection& connection,
                                                             const io::Store& store,
                                                             const Settings& settings,
                                                             const std::string& table,
                                                             std::span<const std::string> key);

}  // namespace homeroom::run
