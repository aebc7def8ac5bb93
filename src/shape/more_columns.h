#pragma once

// What has no column of its own: one JSON object a row, by header.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "table/batch.h"

namespace homeroom::shape {

/// Writes JSON objects of a file's columns. Values are text as they stand after cleaning, a
/// suppressed one is its token; columns without a value are left out.
class MoreColumns {
 public:
  /// `sources`: the columns of the file that it writes, under these headers; an empty header is
  /// `column_<position>`, a repeated one gets _2, _3.
  MoreColumns(std::span<const std::size_t> sources, std::span<const std::string> headers);

  /// The object of one row in the batch's arena; null when no column has a value.
  [[nodiscard]] Cell write(Batch& batch, RowIndex row) const;

 private:
  struct Member {
    std::size_t source = 0;
    std::string key;  ///< quoted, with the colon
  };

  std::vector<Member> members_;
};

/// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD, so
/// that PostgreSQL takes the object.
void append_json_string(std::string_view text, std::string& out);

}  // namespace homeroom::shape
