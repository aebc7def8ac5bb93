#pragma once

// Where cleaned and quarantined rows go: objects of the store, one a school year, published
// together or not at all. Without a store the rows are counted only.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "clean/cleaner.h"
#include "io/store.h"
#include "run/quarantine/quarantine_file.h"
#include "run/reading/prepare.h"
#include "shape/shape.h"
#include "table/batch.h"
#include "table/csv_writer.h"
#include "table/issue.h"

namespace homeroom::run {

/// Folder of rows whose school year is not known: the name that Hive, Glue and Spark read as null.
inline constexpr std::string_view kNoPartition = "__HIVE_DEFAULT_PARTITION__";

/// A clean object and the school year its folder stands for ("" where the table has none).
struct CleanObject {
  std::string key;
  std::string school_year;
};

/// Not shared by threads. Memory: 256 KiB a school year, and one for the quarantine.
class CleanOutput {
 public:
  /// `store` may be null. Both must outlive the output.
  CleanOutput(const io::Store* store, const PreparedFile& file);

  /// Row `row` of the shaped batch, made from the record at `line`.
  [[nodiscard]] Status add_row(const shape::ShapedBatch& shaped, RowIndex row, LineNumber line);

  /// A record that is quarantined: its original cells and one problem. `cells` beyond the
  /// header's number are kept in the last column.
  [[nodiscard]] Status add_problem(std::span<const Cell> cells, const Issue& problem);

  /// Publishes what was written; returns the clean objects. `quarantine_key()` is set after it.
  [[nodiscard]] Result<std::vector<CleanObject>> commit();

  [[nodiscard]] const std::string& quarantine_key() const { return quarantine_key_; }

 private:
  struct Part {
    std::unique_ptr<io::ObjectWriter> object;
    std::unique_ptr<CsvWriter> csv;
    std::string key;
  };

  [[nodiscard]] Result<Part*> part_of(const shape::ShapedBatch& shaped, RowIndex row);
  [[nodiscard]] Result<Part> open_part(const std::string& key,
                                       const std::vector<std::string>& header);

  const io::Store* store_;
  const PreparedFile* file_;
  int school_year_column_ = -1;       ///< index in the table; -1: not partitioned
  std::vector<std::size_t> written_;  ///< table columns that the clean file holds
  std::map<std::string, Part, std::less<>> parts_;
  std::string last_year_;
  Part* last_part_ = nullptr;
  std::optional<QuarantineWriter> quarantine_;
  std::string quarantine_key_;
  std::string suppressed_;  ///< reused
};

}  // namespace homeroom::run
