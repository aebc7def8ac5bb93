#pragma once

// Where cleaned and quarantined rows go: objects of the store, one a school year, published
// together or not at all. Without a store they go nowhere.

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
#include "validate/row_hash.h"

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
  /// `store` may be null. Both must outlive the output. The hash of `file` counts at `commit`.
  CleanOutput(const io::Store* store, const PreparedFile& file);

  /// Rows are those of `shaped` from now on.
  void begin_batch(const shape::ShapedBatch& shaped);
  /// Writes the row; `end_row` or `drop_row` follows.
  [[nodiscard]] Status begin_row(RowIndex row);
  /// Equal rows have equal hashes; made from the row begun.
  [[nodiscard]] std::uint64_t hash_row(const validate::RowHasher& hasher) const;
  /// The row was made from the record at `line`.
  [[nodiscard]] Status end_row(LineNumber line);

  void drop_row() { last_part_->csv->drop_record(); }

  /// A record that is quarantined: its original cells and one problem. As long as the file's hash
  /// is not known, they wait in memory; kInternal when there are too many. `cells` beyond the
  /// header's number are kept in the last column.
  [[nodiscard]] Status add_problem(std::span<const Cell> cells, const Issue& problem);

  /// Publishes what was written; returns the clean objects. `quarantine_key()` is set after it.
  [[nodiscard]] Result<std::vector<CleanObject>> commit();

  [[nodiscard]] const std::string& quarantine_key() const { return quarantine_key_; }

 private:
  struct Part {
    std::unique_ptr<io::ObjectWriter> object;
    std::unique_ptr<CsvWriter> csv;
    std::string folder;  ///< of its key
  };

  // A table column that the clean file holds.
  struct Written {
    std::size_t column = 0;
    const Cell* cells = nullptr;  ///< of the batch
  };

  [[nodiscard]] Result<Part*> part_of(RowIndex row);
  [[nodiscard]] Result<Part> open_part(std::string_view folder,
                                       const std::vector<std::string>& header);
  [[nodiscard]] Result<std::string> publish(Part& part);

  const io::Store* store_;
  const PreparedFile* file_;
  int school_year_column_ = -1;         ///< index in the table; -1: not partitioned
  const Cell* school_years_ = nullptr;  ///< of the batch; null: not partitioned
  std::vector<Written> written_;
  std::map<std::string, Part, std::less<>> parts_;
  std::string last_year_;
  Part* last_part_ = nullptr;

  // A problem that waits for the file's name, which is a part of its record.
  struct Waiting {
    std::vector<std::string> cells;
    Issue problem;
  };

  [[nodiscard]] Status wait_with(std::span<const Cell> cells, const Issue& problem);
  [[nodiscard]] Status add_waiting();

  std::optional<QuarantineWriter> quarantine_;
  std::vector<Waiting> waiting_;
  std::size_t num_waiting_bytes_ = 0;
  std::string quarantine_key_;
  std::string suppressed_;  ///< reused
};

}  // namespace homeroom::run
