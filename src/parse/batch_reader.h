#pragma once

// Bytes + Dialect -> Batches.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"
#include "table/batch.h"
#include "table/dialect.h"
#include "table/issue.h"

namespace homeroom::parse {

/// Bounds that keep memory bounded whatever the file is.
struct Limits {
  std::size_t max_field_bytes = 16 * 1024 * 1024;   ///< one field
  std::size_t max_record_bytes = 64 * 1024 * 1024;  ///< one record, quoted line breaks included
  std::size_t max_columns = 100'000;
  std::size_t max_cells_per_batch = 32 * 1024;  ///< rows of a batch = this / columns, 1 to 4096
  /// Threads that read and cut blocks of the file side by side, the caller's included; what is read
  /// is the same for any number. With more than one the source is read ahead, by one of them at a
  /// time, until the reader is destroyed or has said that it is at the end or has failed. Memory
  /// grows by a block and a batch for each thread, and two more.
  std::size_t num_threads = 1;

  [[nodiscard]] Status validate() const;
};

/// Cuts decoded bytes into batches, columns without copying: a cell is a view of the batch's
/// block, or of its arena where quotes had to be undone.
///
/// Rows have as many cells as the header; a row with more or fewer is in `batch.ragged` too.
/// Blank lines, titles and repeated headers are in `batch.skipped`. Nothing is trimmed.
/// Called by one thread. Memory: block (256 KiB, or the longest record up to its limit) in each
/// batch, plus the cells.
class BatchReader {
 public:
  /// Reads past the preamble and the header. `source` gives UTF-8 without byte order mark (see
  /// base/encoding.h) and must outlive the reader.
  /// Errors: kInvalidInput when the header is missing or broken; those of the source.
  [[nodiscard]] static Result<std::unique_ptr<BatchReader>> create(ByteSource& source,
                                                                   const Dialect& dialect,
                                                                   const Limits& limits = {});
  virtual ~BatchReader() = default;

  /// Names as they stand in the file (quotes undone, several header lines joined with a blank);
  /// may repeat or be empty. No header: "column_1", "column_2", ... and `has_header()` is false.
  [[nodiscard]] virtual const std::vector<std::string>& header() const = 0;
  [[nodiscard]] virtual bool has_header() const = 0;

  /// Refills `batch` (its memory is reused). False at the end; `batch` may then still hold
  /// skipped lines.
  /// Errors: kInvalidInput with position for a field, record or column count past its limit and
  /// for a quote never closed; those of the source.
  [[nodiscard]] virtual Result<bool> next(Batch& batch) = 0;

  /// What was odd about lines so far: stray quotes, NUL bytes, ... At most 1,000 are kept.
  [[nodiscard]] virtual const std::vector<Issue>& issues() const = 0;
};

/// The file again as canonical CSV (UTF-8, comma, RFC 4180, LF), values untouched: header, then
/// rows; a row with fewer fields is padded, one with more keeps them. Skipped lines are left out.
[[nodiscard]] Status write_canonical(BatchReader& reader, ByteSink& out);

}  // namespace homeroom::parse
