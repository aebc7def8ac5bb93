#pragma once

// quarantine/<data set>/<name>-<hash8>.csv: a record for each problem of a quarantined row, the
// original cells and what is wrong with them.

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/store.h"
#include "table/cell.h"
#include "table/csv_writer.h"
#include "table/issue.h"

namespace homeroom::run {

/// Columns after the file's own, in this order. `_surplus` holds cells beyond the header's columns
/// as one line of CSV; `_file` is the object's name, by which a corrected copy is known.
inline constexpr std::string_view kQuarantineColumns[] = {
    "_line", "_column", "_rule", "_reason", "_suggestion", "_surplus", "_file"};

/// Writes one such object. Not shared by threads. Memory: 256 KiB.
class QuarantineWriter {
 public:
  /// `header` is the file's own. Nothing is there under `key` before `commit`.
  [[nodiscard]] static Result<QuarantineWriter> create(const io::Store& store, std::string key,
                                                       std::span<const std::string> header);

  /// A quarantined record: its original cells, however many, and one problem.
  [[nodiscard]] Status add(std::span<const Cell> cells, const Issue& problem);
  /// A record as an object of this header has it, `_file` left out.
  [[nodiscard]] Status add_record(std::span<const Cell> fields);

  [[nodiscard]] Status commit();

  [[nodiscard]] const std::string& key() const { return key_; }

 private:
  QuarantineWriter(std::string key, std::size_t num_columns,
                   std::unique_ptr<io::ObjectWriter> object);

  std::string key_;
  std::string name_;
  std::size_t num_columns_;
  std::unique_ptr<io::ObjectWriter> object_;
  std::unique_ptr<CsvWriter> csv_;
};

/// Key of the object: "quarantine/attendance_daily/attendance_0911-1a2b3c4d.csv".
[[nodiscard]] std::string quarantine_key(std::string_view dataset, std::string_view object_name);

}  // namespace homeroom::run
