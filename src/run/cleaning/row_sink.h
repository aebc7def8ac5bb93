#pragma once

// Where the clean rows of a file go beside its clean file, as they are made.

#include "base/result.h"
#include "io/store.h"
#include "run/reading/prepare.h"
#include "shape/shape.h"
#include "table/batch.h"

namespace homeroom::run {

/// Not shared by threads.
class RowSink {
 public:
  RowSink() = default;
  RowSink(const RowSink&) = delete;
  RowSink& operator=(const RowSink&) = delete;
  virtual ~RowSink() = default;

  /// A pass begins, by the plan of `file`, which may be gone before the sink is: rows of an earlier
  /// pass count no more.
  [[nodiscard]] virtual Status begin(const PreparedFile& file) = 0;

  /// A row of `rows`, made from the record at `line`. An empty value is null, as in a clean file.
  [[nodiscard]] virtual Status add(const shape::ShapedBatch& rows, RowIndex row,
                                   LineNumber line) = 0;
};

/// Where a pass puts what it makes. Without a store everything is checked and counted, and nothing
/// kept.
struct CleanInto {
  const io::Store* store = nullptr;
  RowSink* rows = nullptr;  ///< may be null
};

}  // namespace homeroom::run
