#pragma once

// Rows -> the stream of `copy ... from stdin (format binary)`.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "table/batch.h"
#include "table/schema.h"

namespace homeroom::load {

struct EncodedColumn {
  std::string name;
  SqlType type = SqlType::kText;
  bool has_flag = false;        ///< followed by a boolean: was the value suppressed?
  std::uint64_t num_nulls = 0;  ///< counted by the encoder
};

/// Encodes rows into a buffer that the caller empties: each row is its columns, then its line.
/// Not shared by threads. Memory: what was added since the last `clear`, and the longest row.
class CopyEncoder {
 public:
  /// With a run, each row ends in its number.
  explicit CopyEncoder(std::vector<EncodedColumn> columns,
                       std::optional<std::int64_t> run_id = std::nullopt);

  /// Begins and ends the stream.
  void add_header();
  void add_trailer();

  /// Cells in canonical text form. Null, suppressed and empty cells become null, as
  /// an empty value in a clean file does.
  /// Errors: kInternal for a value that is not of its column's type, for a bad cell, and for a
  /// suppressed cell in a column without a flag; line and column are named, the value never.
  [[nodiscard]] Status add_row(std::span<const std::vector<Cell>* const> cells, RowIndex row,
                               LineNumber line);

  [[nodiscard]] std::span<const char> bytes() const { return {buffer_.data(), used_}; }

  void clear() { used_ = 0; }

  /// Gives the bytes away and goes on in `bytes`; returns how many there are.
  [[nodiscard]] std::size_t swap_bytes(std::vector<char>& bytes) {
    buffer_.swap(bytes);
    return std::exchange(used_, 0);
  }

  [[nodiscard]] std::span<const EncodedColumn> columns() const { return columns_; }

 private:
  [[nodiscard]] Status add_cell(const Cell& cell, EncodedColumn& column, LineNumber line,
                                std::size_t position);
  [[nodiscard]] char* reserve(std::size_t size);

  std::vector<EncodedColumn> columns_;
  int num_fields_ = 0;
  std::optional<std::int64_t> run_id_;
  std::vector<char> buffer_;
  std::size_t used_ = 0;
};

}  // namespace homeroom::load
