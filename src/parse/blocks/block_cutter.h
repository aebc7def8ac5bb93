#pragma once

// Records of a block -> rows of a batch: the structural scan where it can, the careful way where it
// cannot.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/result.h"
#include "parse/batch_reader.h"
#include "parse/records/batch_builder.h"
#include "parse/records/record_cutter.h"
#include "parse/scan/plain_cutter.h"
#include "parse/scan/structural_scan.h"
#include "table/batch.h"
#include "table/dialect.h"
#include "table/issue.h"

namespace homeroom::parse {

/// A batch leaves this much of the input uncut unless the end is known, and takes all when less is
/// left: so the rows at the end of a file, where footers stand, are in one batch.
inline constexpr std::size_t kTailBytes = 4096;

/// Bytes of the file that are in memory, and how far they are cut.
struct BlockText {
  const std::vector<char>* block = nullptr;  ///< readable to kBlockPadding bytes behind `used`
  std::size_t used = 0;                      ///< bytes of the file in it
  std::size_t at = 0;                        ///< the next record starts here
  LineNumber line = 1;                       ///< of the byte at `at`
  std::size_t byte_offset = 0;               ///< of the same byte in the file
  bool is_behind_blank = false;              ///< a blank line stands before that byte
  bool is_end = false;                       ///< the file ends with these bytes
  std::size_t tail_bytes = kTailBytes;       ///< left uncut unless `is_end`
  std::size_t peek_bytes = 0;                ///< behind `used`: of the next block

  [[nodiscard]] std::string_view rest() const { return {block->data() + at, used - at}; }

  [[nodiscard]] Position position() const {
    return {.line = line, .column = 0, .byte_offset = byte_offset};
  }

  /// What may be looked at to cut the next record.
  [[nodiscard]] std::string_view in_sight() const {
    return {block->data() + at, used - at + peek_bytes};
  }

  void consume(std::size_t size, std::size_t num_lines) {
    at += size;
    byte_offset += size;
    line += num_lines;
  }
};

/// Not shared by threads. Used for one block after the other, of any place of the file.
class BlockCutter {
 public:
  BlockCutter(const Dialect& dialect, const Limits& limits, const std::vector<std::string>& header,
              bool has_header, Kernel kernel);

  /// Starts to fill `batch`.
  void start(Batch& batch) { builder_.start(batch); }

  /// Cuts until the bytes are used up, the record at `text.at` goes on behind them (or has to be
  /// judged by what does), or `max_rows` are there. What was odd is added to `issues`.
  /// Errors: kInvalidInput with position for what is past its limit.
  [[nodiscard]] Status cut(BlockText& text, std::size_t max_rows, std::vector<Issue>& issues);

  /// Ends the batch. `is_last`: the file ends here, so that its last rows may be footers.
  void finish(bool is_last) { builder_.finish(is_last); }

  [[nodiscard]] std::size_t num_rows() const { return builder_.num_rows(); }

  /// A second table began: what follows is of no table.
  [[nodiscard]] bool is_past_table() const { return builder_.is_past_table(); }

  void end_table() { builder_.end_table(); }

  /// See BatchBuilder.
  [[nodiscard]] const std::optional<StatedRows>& stated_rows() const {
    return builder_.stated_rows();
  }

  [[nodiscard]] const std::vector<std::string>& pattern_row() const {
    return builder_.pattern_row();
  }

  void set_pattern_row(const std::vector<std::string>& row) { builder_.set_pattern_row(row); }

 private:
  // What the record behind a blank line is.
  enum class Table : std::uint8_t { kSame, kOther, kUnknown };

  [[nodiscard]] Table judge(const BlockText& text, Arena& arena);
  Added add_record(BlockText& text, Table table, std::vector<Issue>& issues);
  void note_width(Added added, const Position& at, std::vector<Issue>& issues) const;
  [[nodiscard]] bool is_batch_full(const BlockText& text, std::size_t max_rows) const;
  [[nodiscard]] bool may_be_plain(const BlockText& text) const;
  [[nodiscard]] bool cut_plain_rows(BlockText& text, std::size_t max_rows, Arena& arena);

  Limits limits_;
  std::vector<std::string> header_;
  RecordCutter cutter_;
  std::optional<PlainCutter> plain_;  ///< none: every record is cut the careful way
  BatchBuilder builder_;
  Record record_;
  Record names_;   ///< the record behind a title
  Record behind_;  ///< the record behind a header
};

/// Cuts the record at `text.at` into `record`: kDone, or kNeedMore when it goes on behind the block
/// and the file does. Errors: as BlockCutter::cut.
[[nodiscard]] Result<CutStatus> cut_record(RecordCutter& cutter, const Limits& limits,
                                           const BlockText& text, std::size_t expected_columns,
                                           Arena& arena, Record& record);

}  // namespace homeroom::parse
