#pragma once

// Values that were taken apart because the file gives them as one: how many, and which stayed
// whole.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "run/reading/prepare.h"
#include "run/report.h"
#include "shape/shape.h"

namespace homeroom::run {

/// Not shared by threads.
class PartLog {
 public:
  /// `file` must outlive it.
  explicit PartLog(const PreparedFile& file);

  /// `is_left_out` tells of rows of the batch that are no rows of the table.
  void note(const Batch& batch, const shape::ShapedBatch& shaped,
            const std::function<bool(RowIndex)>& is_left_out);

  /// An issue for each column that was taken apart.
  void report(FileReport& report) const;

 private:
  // A column of the file, and the columns of the table that have its parts.
  struct Whole {
    std::size_t source = 0;
    std::vector<std::size_t> columns;
    std::uint64_t num_parted = 0;
    std::uint64_t num_kept = 0;
    LineNumber first_kept = 0;
  };

  const PreparedFile* file_;
  std::vector<Whole> wholes_;
};

}  // namespace homeroom::run
