#pragma once

// What the steps hand each other: some thousands of rows, stored by column.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/arena.h"
#include "table/cell.h"

namespace homeroom {

/// Row of a batch, counted from 0.
using RowIndex = std::uint32_t;

/// Physical line of a file, counted from 1; a record is known by the line it starts on.
using LineNumber = std::uint64_t;

/// A row whose fields are not as many as the header's: its cells as they stood. The batch's
/// columns hold the first of them, padded with nulls, so that row numbers agree everywhere.
struct RaggedRow {
  RowIndex row = 0;
  std::vector<Cell> cells;
  std::uint64_t byte_offset = 0;    ///< see Issue
  std::string likely_cause = {};    ///< "unquoted comma in column 3?"; may be empty
  std::uint32_t likely_column = 0;  ///< from 1; 0: not known
};

/// A line that is no record: blank, title, footer, repeated header.
struct SkippedRow {
  LineNumber line = 0;
  /// Static text: "blank", "title", "units", "footer", "repeated header", "another table".
  const char* reason = "";
};

/// A skipped line behind the last row that says something of the rows: a count, a total.
struct FooterRow {
  LineNumber line = 0;
  std::vector<std::string> texts;              ///< its fields
  std::optional<std::uint64_t> num_rows = {};  ///< how many rows it says the file has, in words
};

/// A batch owns the bytes its cells point into: `block` (as read) and `arena` (as changed).
/// Refilling it reuses its memory. Not shared by threads; may be handed from one to another.
/// Memory: bounded by the reader (see parse/batch_reader.h).
struct Batch {
  std::vector<std::vector<Cell>> columns;  ///< columns[i][row]; all as long as `lines`
  std::vector<LineNumber> lines;           ///< line each row starts on
  std::vector<RaggedRow> ragged;           ///< ascending by row
  std::vector<SkippedRow> skipped;         ///< lines passed over since the batch before
  std::vector<FooterRow> footers;          ///< of the file's last batch, in order
  std::vector<char> block;                 ///< bytes of the input
  Arena arena;

  [[nodiscard]] RowIndex num_rows() const { return static_cast<RowIndex>(lines.size()); }

  [[nodiscard]] std::size_t num_columns() const { return columns.size(); }

  /// Forgets the rows, keeps the memory and the number of columns.
  void clear() {
    for (auto& column : columns) column.clear();
    lines.clear();
    ragged.clear();
    skipped.clear();
    footers.clear();
    arena.reset();
  }
};

}  // namespace homeroom
