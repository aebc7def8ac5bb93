#include "parse/fixed_width_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "parse/blocks/block_cutter.h"
#include "parse/blocks/input_queue.h"
#include "parse/blocks/read_ahead.h"
#include "parse/records/batch_builder.h"
#include "parse/records/file_offsets.h"
#include "parse/records/line_ends.h"
#include "parse/records/record_cutter.h"
#include "parse/records/record_issues.h"
#include "table/batch.h"
#include "table/cell.h"
#include "table/issue.h"

namespace homeroom::parse {
namespace {

constexpr std::size_t kBlockBytes = 256 * 1024;
constexpr std::size_t kMaxRowsPerBatch = 4096;

std::vector<std::string> names_of(const Dialect& dialect) {
  std::vector<std::string> names;
  for (const FixedColumn& column : dialect.layout) names.push_back(column.name);
  return names;
}

std::string_view without_line_end(std::string_view line) {
  while (!line.empty() && is_line_end(line.back())) line.remove_suffix(1);
  return line;
}

std::string_view without_padding(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return text.substr(0, 0);
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

// Goes from character to character of a line.
class Characters {
 public:
  explicit Characters(std::string_view line) : line_(line) {}

  // The byte where character `number` (from 0, ascending) starts; the line's end when it has fewer.
  std::size_t byte_of(std::size_t number) {
    for (; at_ < line_.size() && number_ < number; ++number_) {
      ++at_;
      while (at_ < line_.size() && (static_cast<unsigned char>(line_[at_]) & 0xC0U) == 0x80U) ++at_;
    }
    return at_;
  }

 private:
  std::string_view line_;
  std::size_t at_ = 0;
  std::size_t number_ = 0;
};

class FixedWidthReader final : public BatchReader {
 public:
  FixedWidthReader(ByteSource& source, const Dialect& dialect, const Limits& limits)
      : dialect_(dialect),
        limits_(limits),
        ahead_(limits.num_threads > 1 ? std::make_unique<ReadAhead>(source) : nullptr),
        queue_(ahead_ ? *ahead_ : source),
        header_(names_of(dialect)),
        builder_(header_, true, "", header_.size()),
        offsets_(dialect) {
    for (const FixedColumn& column : dialect_.layout) {
      end_ = std::max<std::size_t>(end_, column.end() - 1);
    }
    lines_to_skip_ = dialect_.preamble_lines + dialect_.header_lines + dialect_.units_lines;
  }

  [[nodiscard]] const std::vector<std::string>& header() const override { return header_; }

  [[nodiscard]] bool has_header() const override { return true; }

  [[nodiscard]] const std::vector<Issue>& issues() const override { return issues_; }

  [[nodiscard]] Result<bool> next(Batch& batch) override;

 private:
  [[nodiscard]] Status fill_and_take(BlockText& text, std::vector<char>& block);
  [[nodiscard]] Status take_lines(BlockText& text);
  void take_line(std::string_view line, const BlockText& text);
  [[nodiscard]] bool is_short(std::size_t num_characters) const;
  [[nodiscard]] std::string misfit_of(std::string_view line) const;

  Dialect dialect_;
  Limits limits_;
  std::unique_ptr<ReadAhead> ahead_;
  InputQueue queue_;
  std::vector<std::string> header_;
  BatchBuilder builder_;
  std::vector<Issue> issues_;
  std::vector<Cell> cells_;
  std::size_t end_ = 0;  ///< characters of the layout
  std::uint32_t lines_to_skip_ = 0;
  LineNumber line_ = 1;          ///< of the next byte
  std::size_t byte_offset_ = 0;  ///< of the next byte in the text
  FileOffsets offsets_;
  std::uint64_t num_rows_ = 0;  ///< given to the caller
};

Result<bool> FixedWidthReader::next(Batch& batch) {
  builder_.start(batch);
  BlockText text;
  text.block = &batch.block;
  text.line = line_;
  text.byte_offset = byte_offset_;
  const std::size_t first_issue = issues_.size();
  const Status status = fill_and_take(text, batch.block);
  offsets_.convert({batch.block.data(), text.at}, std::span(issues_).subspan(first_issue),
                   batch.ragged);
  if (!status) return tl::unexpected(offsets_.at_end(status.error()));
  queue_.give_back(text.rest());
  line_ = text.line;
  byte_offset_ = text.byte_offset;
  const bool is_last = queue_.is_at_end();
  builder_.finish(is_last);
  num_rows_ += batch.num_rows();
  add_stated_rows_issue(builder_.stated_rows(), num_rows_, issues_);
  return batch.num_rows() > 0 || !is_last;
}

Status FixedWidthReader::fill_and_take(BlockText& text, std::vector<char>& block) {
  for (std::size_t wanted = kBlockBytes; text.at == 0; wanted *= 2) {
    HOMEROOM_TRY(queue_.fill(block, text.used, std::min(wanted, limits_.max_record_bytes)));
    text.is_end = queue_.is_at_end();
    HOMEROOM_TRY(take_lines(text));
    if (text.used == 0) break;
    if (text.at == 0 && text.used >= limits_.max_record_bytes) {
      return tl::unexpected(limit_error(CutStatus::kRecordTooLong, limits_, text.position()));
    }
  }
  return {};
}

// Whole lines of the block, or all of it at the file's end. Some are left for the last batch, so
// that the rows where footers stand are in one.
Status FixedWidthReader::take_lines(BlockText& text) {
  const std::size_t tail = text.is_end ? 0 : text.tail_bytes;
  while (text.at + tail < text.used && builder_.num_rows() < kMaxRowsPerBatch) {
    const std::size_t size = first_line_size(text.rest());
    const bool is_whole = size < text.rest().size() || text.is_end;
    if (!is_whole) return {};
    take_line(without_line_end(text.rest().substr(0, size)), text);
    text.consume(size, 1);
  }
  return {};
}

void FixedWidthReader::take_line(std::string_view line, const BlockText& text) {
  const bool is_blank = without_padding(line).empty();
  if (lines_to_skip_ > 0 || is_blank) {
    lines_to_skip_ -= lines_to_skip_ > 0 ? 1 : 0;
    builder_.skip(text.line, is_blank ? "blank" : "title");
    return;
  }
  cells_.clear();
  if (std::string misfit = misfit_of(line); !misfit.empty()) {
    cells_.push_back(value_cell(line));
    builder_.add_misfit(text.line, text.byte_offset, cells_, std::move(misfit));
    return;
  }
  for (const FixedColumn& column : dialect_.layout) {
    Characters characters(line);
    const std::size_t begin = characters.byte_of(column.start - 1);
    const std::size_t end = characters.byte_of(column.end() - 1);
    cells_.push_back(value_cell(without_padding(line.substr(begin, end - begin))));
  }
  builder_.add(text.line, text.byte_offset, cells_);
  if (line.find('\0') != std::string_view::npos && issues_.size() < kMaxIssues) {
    const OddField odd{.oddity = Oddity::kNulByte, .offset = line.find('\0')};
    add_issues({&odd, 1}, text.position(), header_, issues_);
  }
}

// Why a line does not fit the layout; empty: it does.
std::string FixedWidthReader::misfit_of(std::string_view line) const {
  const std::size_t length = count_characters(line);
  if (is_short(length)) {
    return fmt::format("the line has {} characters, the others have {}", length,
                       dialect_.line_length);
  }
  if (length <= end_) return {};
  const std::string_view beyond = line.substr(Characters(line).byte_of(end_));
  if (without_padding(beyond).empty() || dialect_.line_length > end_) return {};
  return fmt::format("the line has {} characters, its layout ends at {}", length, end_);
}

bool FixedWidthReader::is_short(std::size_t num_characters) const {
  return dialect_.line_length > 0 &&
         num_characters < std::min<std::size_t>(dialect_.line_length, end_);
}

}  // namespace

Result<std::unique_ptr<BatchReader>> create_fixed_width_reader(ByteSource& source,
                                                               const Dialect& dialect,
                                                               const Limits& limits) {
  return std::make_unique<FixedWidthReader>(source, dialect, limits);
}

}  // namespace homeroom::parse
