#include "parse/batch_reader.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "parse/blocks/block_cutter.h"
#include "parse/blocks/block_pool.h"
#include "parse/blocks/input_queue.h"
#include "parse/blocks/record_end.h"
#include "parse/fixed_width_reader.h"
#include "parse/reader_kernel.h"
#include "parse/records/file_offsets.h"
#include "parse/records/header_row.h"
#include "parse/records/line_ends.h"
#include "parse/records/record_cutter.h"
#include "parse/records/record_issues.h"

namespace homeroom::parse {
namespace {

constexpr std::size_t kHeadBytes = 32 * 1024;
constexpr std::size_t kMinBlockBytes = 16 * 1024;
constexpr std::size_t kMaxBlockBytes = 256 * 1024;
constexpr std::size_t kKeptBlockBytes = 4 * 1024 * 1024;
constexpr std::size_t kMaxRowsPerBatch = 4096;

// After a block that could not be cut by itself, so many are cut in turn; twice as many after the
// next one.
constexpr std::size_t kMaxTurns = 64;

class Reader final : public BatchReader {
 public:
  Reader(ByteSource& source, const Dialect& dialect, const Limits& limits, Kernel kernel)
      : dialect_(dialect),
        limits_(limits),
        kernel_(kernel),
        queue_(source),
        cutter_(dialect, limits),
        offsets_(dialect) {}

  [[nodiscard]] const std::vector<std::string>& header() const override { return header_; }

  [[nodiscard]] bool has_header() const override { return dialect_.header_lines > 0; }

  [[nodiscard]] const std::vector<Issue>& issues() const override { return issues_; }

  [[nodiscard]] Result<bool> next(Batch& batch) override;

  [[nodiscard]] Status read_head();

 private:
  // The bytes being cut, in a block of their own.
  struct Text : BlockText {
    std::vector<char>* bytes = nullptr;
  };

  Status read_head(Text& text);
  Status skip_lines(Text& text, std::uint32_t num_lines, const char* reason);
  Status read_header(Text& text);
  Status read_width(Text& text);
  Status more(Text& text);
  Result<CutStatus> cut(Text& text, std::size_t expected_columns, Arena& arena);
  void fit_header(const Position& at);
  [[nodiscard]] Text start_text(std::vector<char>& block) const;
  Status fill(Text& text, std::size_t wanted);
  void keep_position(const BlockText& text);
  void choose_block_size(const Text& text);
  void make_pool();
  [[nodiscard]] Result<bool> next_batch(Batch& batch);
  [[nodiscard]] Result<bool> next_in_turn(Batch& batch);
  Status cut_in_turn(Text& text);
  [[nodiscard]] Filled fill_block(PooledBlock& block);
  [[nodiscard]] Result<bool> next_of_pool(PooledBlock& block, Batch& batch);
  void take_back(std::string bytes);
  void add_issues_of(const PooledBlock& block);
  void place_in_file(const BlockText& text, std::size_t first_issue, std::vector<RaggedRow>& rows);

  Dialect dialect_;
  Limits limits_;
  Kernel kernel_;
  InputQueue queue_;
  RecordCutter cutter_;  ///< for the head
  Record record_;
  std::vector<std::string> header_;
  std::vector<SkippedRow> skipped_in_head_;
  std::optional<BlockCutter> rows_;
  std::size_t turns_left_ = 0;  ///< blocks to cut in turn before the pool is used again
  std::size_t turns_ = 1;       ///< how many the next time
  std::vector<Issue> issues_;
  std::uint64_t num_rows_ = 0;  ///< given to the caller
  std::optional<StatedRows> stated_rows_;
  FileOffsets offsets_;  ///< of what was given to the caller
  // Of the next byte:
  LineNumber line_ = 1;
  std::size_t byte_offset_ = 0;  ///< in the text
  bool is_behind_blank_ = false;
  std::size_t max_rows_ = 1;  ///< of a batch
  std::size_t block_bytes_ = kMaxBlockBytes;
  std::unique_ptr<BlockPool> pool_;  ///< none: one thread, or a short file
};

Reader::Text Reader::start_text(std::vector<char>& block) const {
  Text text;
  text.block = text.bytes = &block;
  text.line = line_;
  text.byte_offset = byte_offset_;
  text.is_behind_blank = is_behind_blank_;
  return text;
}

void Reader::keep_position(const BlockText& text) {
  line_ = text.line;
  byte_offset_ = text.byte_offset;
  is_behind_blank_ = text.is_behind_blank;
}

Status Reader::fill(Text& text, std::size_t wanted) {
  HOMEROOM_TRY(queue_.fill(*text.bytes, text.used, wanted));
  text.is_end = queue_.is_at_end();
  return {};
}

// Doubles the text; a record never needs more than its limit.
Status Reader::more(Text& text) {
  const std::size_t wanted = std::max(kHeadBytes, text.used * 2);
  return fill(text, std::min(wanted, text.at + limits_.max_record_bytes));
}

// Cuts the record at `text` into `record_`; kNeedMore only when the source has more.
Result<CutStatus> Reader::cut(Text& text, std::size_t expected_columns, Arena& arena) {
  return cut_record(cutter_, limits_, text, expected_columns, arena, record_);
}

Status Reader::read_head() {
  std::vector<char> block;
  std::vector<RaggedRow> no_rows;
  Text text = start_text(block);
  const Status status = read_head(text);
  place_in_file(text, 0, no_rows);
  if (!status) return tl::unexpected(offsets_.at_end(status.error()));
  queue_.give_back(text.rest());
  keep_position(text);
  return {};
}

Status Reader::read_head(Text& text) {
  HOMEROOM_TRY(more(text));
  HOMEROOM_TRY(skip_lines(text, dialect_.preamble_lines, "title"));
  if (has_header()) {
    HOMEROOM_TRY(read_header(text));
    HOMEROOM_TRY(skip_lines(text, dialect_.units_lines, "units"));
  } else {
    HOMEROOM_TRY(read_width(text));
  }
  max_rows_ =
      std::clamp<std::size_t>(limits_.max_cells_per_batch / header_.size(), 1, kMaxRowsPerBatch);
  rows_.emplace(dialect_, limits_, header_, has_header(), kernel_);
  return {};
}

Status Reader::skip_lines(Text& text, std::uint32_t num_lines, const char* reason) {
  for (std::uint32_t i = 0; i < num_lines; ++i) {
    std::size_t size = first_line_size(text.rest());
    // The line may go on, or its CR may be half of CR LF.
    while (!queue_.is_at_end() && size == text.rest().size()) {
      if (size >= limits_.max_record_bytes) {
        return tl::unexpected(limit_error(CutStatus::kRecordTooLong, limits_, text.position()));
      }
      HOMEROOM_TRY(more(text));
      size = first_line_size(text.rest());
    }
    const std::string_view line = text.rest().substr(0, size);
    const bool is_blank = line.find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (size > 0) skipped_in_head_.push_back({text.line, is_blank ? "blank" : reason});
    text.consume(size, 1);
  }
  return {};
}

Status Reader::read_header(Text& text) {
  Arena arena;
  const Position at = text.position();
  Dialect dialect = dialect_;
  if (!dialect.header_delimiter.empty()) {
    dialect.delimiter = dialect.header_delimiter;
    issues_.push_back(header_delimiter_issue(at));
  }
  RecordCutter cutter(dialect, limits_);
  std::size_t num_lines = 0;
  while (num_lines < dialect_.header_lines && !text.rest().empty()) {
    while (HOMEROOM_TRY(cut_record(cutter, limits_, text, dialect_.num_columns, arena, record_)) ==
           CutStatus::kNeedMore) {
      HOMEROOM_TRY(more(text));
    }
    add_header_record(record_.cells, header_);
    add_issues(record_.oddities, text.position(), {}, issues_);
    num_lines += std::max<std::size_t>(record_.num_lines, 1);
    text.consume(record_.size, record_.num_lines);
  }
  if (num_lines < dialect_.header_lines) {
    Error error{.code = ErrorCode::kInvalidInput,
                .message = "the file ends before its header",
                .hint =
                    "check that the whole file arrived, and that the number of lines before "
                    "the header is right",
                .detail = {},
                .position = text.position()};
    return tl::unexpected(std::move(error));
  }
  unwrap_apostrophes(header_);
  fit_header(at);
  return {};
}

// A header of another width than most rows has lost a delimiter or got one too many.
void Reader::fit_header(const Position& at) {
  const std::size_t width = dialect_.fields_per_row;
  if (width == 0 || header_.size() == width) return;
  const std::size_t num_fields = header_.size();
  const bool is_mended = drop_empty_names(width, header_);
  issues_.push_back(header_width_issue(at, num_fields, width, is_mended));
}

Status Reader::read_width(Text& text) {
  std::size_t width = dialect_.num_columns;
  if (width == 0 && !text.rest().empty()) {
    Arena arena;
    while (HOMEROOM_TRY(cut(text, 0, arena)) == CutStatus::kNeedMore) HOMEROOM_TRY(more(text));
    width = record_.cells.size();
  }
  header_ = numbered_columns(std::max<std::size_t>(width, 1));
  return {};
}

// Blocks as long as a batch of rows needs.
void Reader::choose_block_size(const Text& text) {
  const bool is_limited_by_rows = rows_->num_rows() >= max_rows_;
  const std::size_t wanted =
      is_limited_by_rows ? text.at + text.at / 8 + 2 * kTailBytes : block_bytes_ * 2;
  block_bytes_ = std::clamp(wanted, kMinBlockBytes, kMaxBlockBytes);
}

Result<bool> Reader::next(Batch& batch) {
  const bool has_more = HOMEROOM_TRY(next_batch(batch));
  num_rows_ += batch.num_rows();
  add_stated_rows_issue(std::exchange(stated_rows_, std::nullopt), num_rows_, issues_);
  return has_more;
}

Result<bool> Reader::next_batch(Batch& batch) {
  if (!pool_) make_pool();
  if (pool_ && turns_left_ == 0) {
    pool_->start();
    if (PooledBlock* block = pool_->wait_for_oldest()) return next_of_pool(*block, batch);
  }
  if (turns_left_ > 0) --turns_left_;
  return next_in_turn(batch);
}

// As soon as there is a row to judge others by, so that threads change nothing about what is said.
void Reader::make_pool() {
  if (limits_.num_threads == 1 || queue_.is_at_end() || rows_->pattern_row().empty()) return;
  const auto make_cutter = [this] {
    auto cutter = std::make_unique<BlockCutter>(dialect_, limits_, header_, has_header(), kernel_);
    cutter->set_pattern_row(rows_->pattern_row());
    return cutter;
  };
  pool_ = std::make_unique<BlockPool>(limits_.num_threads, make_cutter,
                                      [this](PooledBlock& block) { return fill_block(block); });
}

Result<bool> Reader::next_in_turn(Batch& batch) {
  rows_->start(batch);
  batch.skipped.swap(skipped_in_head_);
  skipped_in_head_.clear();
  if (batch.block.size() > kKeptBlockBytes) batch.block = {};
  Text text = start_text(batch.block);
  const std::size_t first_issue = issues_.size();
  const Status status = cut_in_turn(text);
  place_in_file(text, first_issue, batch.ragged);
  if (!status) return tl::unexpected(offsets_.at_end(status.error()));
  choose_block_size(text);
  queue_.give_back(text.rest());
  keep_position(text);
  const bool is_last = queue_.is_at_end();
  rows_->finish(is_last);
  stated_rows_ = rows_->stated_rows();
  return batch.num_rows() > 0 || !is_last;
}

Status Reader::cut_in_turn(Text& text) {
  HOMEROOM_TRY(fill(text, block_bytes_));
  HOMEROOM_TRY(rows_->cut(text, max_rows_, issues_));
  while (text.at == 0 && text.used > 0) {
    HOMEROOM_TRY(more(text));
    HOMEROOM_TRY(rows_->cut(text, max_rows_, issues_));
  }
  return {};
}

// The next whole records, as far as quotes tell.
Filled Reader::fill_block(PooledBlock& block) {
  if (queue_.is_at_end()) return Filled::kNothing;
  if (block.batch.block.size() > kKeptBlockBytes) block.batch.block = {};
  Text text = start_text(block.batch.block);
  block.status = fill(text, block_bytes_ + kTailBytes);
  block.text = static_cast<const BlockText&>(text);
  if (!block.status) return Filled::kLastBlock;
  if (text.used == 0) return Filled::kNothing;
  block.is_last = text.is_end;
  if (!text.is_end) {
    const std::string_view bytes = text.rest();
    const std::size_t tail = std::min(bytes.size(), kTailBytes);
    const RecordEnd end = find_record_end(bytes.substr(0, bytes.size() - tail), dialect_);
    queue_.give_back(bytes.substr(end.size));
    if (end.size == 0) return Filled::kNothing;
    text.used = end.size;
    line_ += end.num_lines;
    byte_offset_ += end.size;
    is_behind_blank_ = false;
  }
  block.end_line = line_;
  text.tail_bytes = 0;
  text.peek_bytes = text.is_end ? 0 : 1;
  block.text = static_cast<const BlockText&>(text);
  return block.is_last ? Filled::kLastBlock : Filled::kBlock;
}

Result<bool> Reader::next_of_pool(PooledBlock& block, Batch& batch) {
  const std::size_t first_issue = issues_.size();
  add_issues_of(block);
  place_in_file(block.text, first_issue, block.batch.ragged);
  if (!block.status) return tl::unexpected(offsets_.at_end(block.status.error()));
  const bool is_last = block.is_last;
  const bool has_end_as_supposed = block.text.line == block.end_line && !block.text.is_behind_blank;
  const bool is_as_supposed = block.text.at == block.text.used && (is_last || has_end_as_supposed);
  const bool is_past_table = block.is_past_table;
  if (is_as_supposed && !is_past_table) {
    turns_ = 1;
    stated_rows_ = block.stated_rows;
    std::swap(batch, block.batch);
    pool_->release_oldest();
    return batch.num_rows() > 0 || !is_last;
  }
  pool_->pause();
  keep_position(block.text);
  std::string rest(block.text.rest());
  std::swap(batch, block.batch);
  take_back(std::move(rest));
  if (is_past_table) {
    rows_->end_table();
    turns_left_ = SIZE_MAX;
  }
  return batch.num_rows() > 0 || !is_last;
}

// A record of the oldest block goes on behind it, or its lines are not what line feeds told: its
// rest and all that was read since then goes back.
void Reader::take_back(std::string bytes) {
  pool_->release_oldest();
  while (const PooledBlock* block = pool_->wait_for_oldest()) {
    bytes.append(block->text.block->data(), block->text.used);
    pool_->release_oldest();
  }
  queue_.put_back(bytes);
  turns_left_ = turns_;
  turns_ = std::min(2 * turns_, kMaxTurns);
}

void Reader::add_issues_of(const PooledBlock& block) {
  for (const Issue& issue : block.issues) {
    if (issues_.size() < kMaxIssues) issues_.push_back(issue);
  }
}

// What was said of the first bytes of `text`, as far as they are cut.
void Reader::place_in_file(const BlockText& text, std::size_t first_issue,
                           std::vector<RaggedRow>& rows) {
  offsets_.convert({text.block->data(), text.at}, std::span(issues_).subspan(first_issue), rows);
}

Status check_dialect(const Dialect& dialect) {
  const bool has_line_end_in_it = has_line_end(dialect.delimiter);
  const bool has_quote_in_it =
      dialect.quote != '\0' && dialect.delimiter.find(dialect.quote) != std::string::npos;
  if (!has_line_end_in_it && !has_quote_in_it && !is_line_end(dialect.quote)) return {};
  return fail(ErrorCode::kConfig, "the delimiter holds a line end or the quote character",
              "give a delimiter such as , or ; and another quote character");
}

}  // namespace

Result<std::unique_ptr<BatchReader>> BatchReader::create(ByteSource& source, const Dialect& dialect,
                                                         const Limits& limits) {
  return create_reader(source, dialect, limits, Kernel::kBest);
}

Result<std::unique_ptr<BatchReader>> create_reader(ByteSource& source, const Dialect& dialect,
                                                   const Limits& limits, Kernel kernel) {
  HOMEROOM_TRY(limits.validate());
  if (!dialect.layout.empty()) return create_fixed_width_reader(source, dialect, limits);
  HOMEROOM_TRY(check_dialect(dialect));
  auto reader = std::make_unique<Reader>(source, dialect, limits, kernel);
  HOMEROOM_TRY(reader->read_head());
  return reader;
}

}  // namespace homeroom::parse
