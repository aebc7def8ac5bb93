#pragma once

// For the tests of this folder: text as a source, and everything a reader says, as text.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/byte_source.h"
#include "parse/batch_reader.h"
#include "parse/reader_kernel.h"
#include "table/dialect.h"

namespace homeroom::parse {

/// Gives a text in pieces of at most `piece` bytes.
class TextSource final : public ByteSource {
 public:
  explicit TextSource(std::string_view text, std::size_t piece = SIZE_MAX)
      : text_(text), piece_(piece) {}

  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override {
    const std::size_t size = std::min({out.size(), text_.size(), piece_});
    if (size > 0) std::memcpy(out.data(), text_.data(), size);
    text_.remove_prefix(size);
    return size;
  }

 private:
  std::string_view text_;
  std::size_t piece_;
};

/// Keeps what is written.
class TextSink final : public ByteSink {
 public:
  [[nodiscard]] Status write(std::span<const char> bytes) override {
    text.append(bytes.data(), bytes.size());
    return {};
  }

  std::string text;
};

/// Everything a reader gave, batch boundaries aside.
struct ReadResult {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< a ragged row with all of its cells
  std::vector<std::string> log;  ///< a line each: rows with line and form, skips, issues, error
  std::vector<std::uint64_t> offsets;  ///< in the file, of ragged rows, then of issues
};

inline std::string show(const Cell& cell) {
  if (cell.state == CellState::kNull) return "null";
  return fmt::format("{}{}", cell.is_quoted ? "q:" : "", cell.text());
}

inline void add_batch(const Batch& batch, ReadResult& result) {
  auto ragged = batch.ragged.begin();
  for (RowIndex row = 0; row < batch.num_rows(); ++row) {
    std::vector<Cell> cells;
    for (const auto& column : batch.columns) cells.push_back(column[row]);
    const bool is_ragged = ragged != batch.ragged.end() && ragged->row == row;
    std::string line = fmt::format("{}{}", is_ragged ? "ragged " : "", batch.lines[row]);
    if (is_ragged) {
      cells = ragged->cells;
      line += fmt::format(" ({})", ragged->likely_cause);
      result.offsets.push_back(ragged->byte_offset);
      ++ragged;
    }
    result.rows.emplace_back();
    for (const Cell& cell : cells) {
      result.rows.back().emplace_back(cell.text());
      line += fmt::format(" [{}]", show(cell));
    }
    result.log.push_back(std::move(line));
  }
  for (const SkippedRow& skipped : batch.skipped) {
    result.log.push_back(fmt::format("skipped {} {}", skipped.line, skipped.reason));
  }
}

inline ReadResult read_all(std::string_view text, const Dialect& dialect, const Limits& limits = {},
                           Kernel kernel = Kernel::kBest, std::size_t piece = SIZE_MAX) {
  ReadResult result;
  TextSource source(text, piece);
  const auto reader = create_reader(source, dialect, limits, kernel);
  if (!reader) {
    result.log.push_back("error: " + reader.error().message);
    return result;
  }
  result.header = (*reader)->header();
  Batch batch;
  while (true) {
    const Result<bool> more = (*reader)->next(batch);
    if (!more) {
      result.log.push_back(fmt::format("error: {} (line {}, byte {})", more.error().message,
                                       more.error().position.line,
                                       more.error().position.byte_offset));
      break;
    }
    add_batch(batch, result);
    if (!*more) break;
  }
  for (const Issue& issue : (*reader)->issues()) {
    result.log.push_back(fmt::format("issue {} field {} {}", issue.line, issue.field, issue.rule));
    result.offsets.push_back(issue.byte_offset.value_or(UINT64_MAX));
  }
  return result;
}

}  // namespace homeroom::parse
