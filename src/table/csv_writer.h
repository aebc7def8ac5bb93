#pragma once

// Rows as canonical CSV: UTF-8, comma, LF, quotes only where RFC 4180 needs them.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"

namespace homeroom {

/// Writes records to a sink, buffered. Not shared by threads.
/// Memory: 256 KiB and the longest record.
///
///     CsvWriter csv(sink);
///     csv.field("id"); csv.field("name"); HOMEROOM_TRY(csv.end_record());
///     ... HOMEROOM_TRY(csv.finish());
class CsvWriter {
 public:
  explicit CsvWriter(ByteSink& sink);

  /// Adds a field to the record; quoted when it holds a comma, a quote, CR or LF. A record of
  /// one empty or blank field is quoted so that it is not taken for a blank line, and a first field
  /// that begins like a byte order mark so that it is not taken for one.
  void field(std::string_view text);
  [[nodiscard]] Status end_record();
  /// Writes what is buffered. The sink is not closed.
  [[nodiscard]] Status finish();

  /// Bytes handed to the sink or waiting in the buffer.
  [[nodiscard]] std::size_t num_bytes() const { return num_bytes_ + used_; }

 private:
  void reserve(std::size_t size);

  ByteSink* sink_;
  std::vector<char> buffer_;
  std::size_t used_ = 0;
  std::size_t num_bytes_ = 0;
  std::size_t record_start_ = 0;
  std::size_t num_fields_ = 0;  ///< of the record
};

}  // namespace homeroom
