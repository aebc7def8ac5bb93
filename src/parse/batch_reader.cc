#include "parse/batch_reader.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "parse/batch_builder.h"
#include "parse/header_row.h"
#include "parse/input_queue.h"
#include "parse/line_ends.h"
#include "parse/plain_cutter.h"
#include "parse/reader_kernel.h"
#include "parse/record_cutter.h"
#include "parse/record_issues.h"

namespace homeroom::parse {
namespace {

constexpr std::size_t kHeadBytes = 32 * 1024;
constexpr std::array kHeaderDelimiters = {",", ";", "\t", "|", " "};
constexpr std::size_t kMinBlockBytes = 16 * 1024;
constexpr std::size_t kMaxBlockBytes = 256 * 1024;
constexpr std::size_t kKeptBlockBytes = 4 * 1024 * 1024;
constexpr std::size_t kMaxRowsPerBatch = 4096;

// A batch leaves this much unread unless the end is known, and takes all when less is left: so
// the rows at the end of a file, where footers stand, are in one batch.
constexpr std::size_t kTailBytes = 4096;

class Reader final : public BatchReader {
 public:
  Reader(ByteSource& source, const Dialect& dialect, const Limits& limits, Kernel kernel)
      : dialect_(dialect), limits_(limits), queue_(source), cutter_(dialect, limits) {
    if (kernel != Kernel::kNone && StructuralScan::can_read(dialect)) {
      plain_.emplace(dialect, limits, kernel);
    }
  }

  [[nodiscard]] const std::vector<std::string>& header() const override { return header_; }

  [[nodiscard]] bool has_header() const override { return dialect_.header_lines > 0; }

  [[nodiscard]] const std::vector<Issue>& issues() const override { return issues_; }

  [[nodiscard]] Result<bool> next(Batch& batch) override;

  [[nodiscard]] Status read_head();

 private:
  // The bytes being cut: the used part of a block, from `at`.
  struct Text {
    std::vector<char>* block = nullptr;
    std::size_t used = 0;
    std::size_t at = 0;

    [[nodiscard]] std::string_view rest() const { return {block->data() + at, used - at}; }
  };

  Status read_preamble(Text& text);
  Status read_header(Text& text);
  Status read_width(Text& text);
  Status more(Text& text);
  Result<CutStatus> cut(Text& text, std::size_t expected_columns, Arena& arena);
  void note_width(Added added);
  Result<bool> cut_odd_header(const Text& text, Arena& arena);
  void fit_header(LineNumber line);
  void consume(Text& text, std::size_t size, std::size_t num_lines);
  Status cut_rows(Text& text, Batch& batch);
  [[nodiscard]] bool is_batch_full(const Text& text) const;
  [[nodiscard]] bool cut_plain_rows(Text& text, Batch& batch);
  void choose_block_size(const Text& text);
  [[nodiscard]] Position position(std::size_t line_offset) const;

  Dialect dialect_;
  Limits limits_;
  InputQueue queue_;
  RecordCutter cutter_;
  std::optional<PlainCutter> plain_;  ///< none: every record is cut the careful way
  Record record_;
  std::vector<std::string> header_;
  std::vector<SkippedRow> skipped_in_head_;
  std::optional<BatchBuilder> builder_;
  std::vector<Issue> issues_;
  LineNumber line_ = 1;          ///< of the next byte
  std::size_t byte_offset_ = 0;  ///< of the next byte
  std::size_t max_rows_ = 1;     ///< of a batch
  std::size_t block_bytes_ = kMaxBlockBytes;
};

Position Reader::position(std::size_t line_offset) const {
  return {.line = line_ + line_offset, .column = 0, .byte_offset = byte_offset_};
}

void Reader::note_width(Added added) {
  if (issues_.size() >= kMaxIssues) return;
  if (added == Added::kPaddedRow) {
    issues_.push_back(padded_row_issue(line_, record_.cells.size(), header_.size()));
  } else if (added == Added::kOtherTable) {
    issues_.push_back(other_table_issue(line_));
  }
}

void Reader::consume(Text& text, std::size_t size, std::size_t num_lines) {
  text.at += size;
  byte_offset_ += size;
  line_ += num_lines;
}

// Doubles the text; a record never needs more than its limit.
Status Reader::more(Text& text) {
  const std::size_t wanted = std::max(kHeadBytes, text.used * 2);
  return queue_.fill(*text.block, text.used, std::min(wanted, text.at + limits_.max_record_bytes));
}

// Cuts the record at `text` into `record_`; kNeedMore only when the source has more.
Result<CutStatus> Reader::cut(Text& text, std::size_t expected_columns, Arena& arena) {
  const std::string_view rest = text.rest();
  const std::string_view window = rest.substr(0, limits_.max_record_bytes);
  const bool is_end = queue_.is_at_end() && window.size() == rest.size();
  const CutStatus status = cutter_.cut(window, is_end, expected_columns, arena, record_);
  if (status == CutStatus::kDone || status == CutStatus::kNeedMore) return status;
  return tl::unexpected(limit_error(status, limits_, position(0)));
}

Status Reader::read_head() {
  std::vector<char> block;
  Text text{.block = &block};
  HOMEROOM_TRY(more(text));
  HOMEROOM_TRY(read_preamble(text));
  if (has_header()) {
    HOMEROOM_TRY(read_header(text));
  } else {
    HOMEROOM_TRY(read_width(text));
  }
  queue_.give_back(text.rest());
  builder_.emplace(header_, has_header(), dialect_.delimiter, dialect_.fields_per_row);
  max_rows_ =
      std::clamp<std::size_t>(limits_.max_cells_per_batch / header_.size(), 1, kMaxRowsPerBatch);
  return {};
}

Status Reader::read_preamble(Text& text) {
  for (std::uint32_t i = 0; i < dialect_.preamble_lines; ++i) {
    std::size_t size = first_line_size(text.rest());
    // The line may go on, or its CR may be half of CR LF.
    while (!queue_.is_at_end() && size == text.rest().size()) {
      if (size >= limits_.max_record_bytes) {
        return tl::unexpected(limit_error(CutStatus::kRecordTooLong, limits_, position(0)));
      }
      HOMEROOM_TRY(more(text));
      size = first_line_size(text.rest());
    }
    const std::string_view line = text.rest().substr(0, size);
    const bool is_blank = line.find_first_not_of(" \t\r\n") == std::string_view::npos;
    if (size > 0) skipped_in_head_.push_back({line_, is_blank ? "blank" : "title"});
    consume(text, size, 1);
  }
  return {};
}

Status Reader::read_header(Text& text) {
  Arena arena;
  const LineNumber line = line_;
  std::size_t num_lines = 0;
  while (num_lines < dialect_.header_lines && !text.rest().empty()) {
    while (HOMEROOM_TRY(cut(text, dialect_.num_columns, arena)) == CutStatus::kNeedMore) {
      HOMEROOM_TRY(more(text));
    }
    const bool is_odd = HOMEROOM_TRY(cut_odd_header(text, arena));
    if (is_odd) issues_.push_back(header_delimiter_issue(line_));
    add_header_record(record_.cells, header_);
    add_issues(record_.oddities, line_, {}, issues_);
    num_lines += std::max<std::size_t>(record_.num_lines, 1);
    consume(text, record_.size, record_.num_lines);
  }
  if (num_lines < dialect_.header_lines) {
    Error error{.code = ErrorCode::kInvalidInput,
                .message = "the file ends before its header",
                .hint =
                    "check that the whole file arrived, and that the number of lines before "
                    "the header is right",
                .detail = {},
                .position = position(0)};
    return tl::unexpected(std::move(error));
  }
  unwrap_apostrophes(header_);
  fit_header(line);
  return {};
}

// A header that is one field over rows of several may be written with another delimiter.
Result<bool> Reader::cut_odd_header(const Text& text, Arena& arena) {
  const std::size_t width = dialect_.fields_per_row;
  if (dialect_.header_lines != 1 || record_.cells.size() != 1 || width < 3) return false;
  Dialect other = dialect_;
  for (const char* delimiter : kHeaderDelimiters) {
    other.delimiter = delimiter;
    Record tried;
    RecordCutter cutter(other, limits_);
    const std::string_view line = text.rest().substr(0, record_.size);
    const CutStatus status = cutter.cut(line, true, width, arena, tried);
    if (status != CutStatus::kDone || tried.cells.size() != width) continue;
    if (tried.size != record_.size) continue;
    record_ = std::move(tried);
    return true;
  }
  return false;
}

// A header of another width than most rows has lost a delimiter or got one too many.
void Reader::fit_header(LineNumber line) {
  const std::size_t width = dialect_.fields_per_row;
  if (width == 0 || header_.size() == width) return;
  const std::size_t num_fields = header_.size();
  const bool is_mended = drop_empty_names(width, header_);
  issues_.push_back(header_width_issue(line, num_fields, width, is_mended));
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

bool Reader::is_batch_full(const Text& text) const {
  const std::size_t left = text.used - text.at;
  if (queue_.is_at_end()) return builder_->num_rows() >= max_rows_ && left >= kTailBytes;
  return builder_->num_rows() >= max_rows_ || (left < kTailBytes && text.at > 0);
}

// Cuts rows as long as they are plain; false when the batch is full.
bool Reader::cut_plain_rows(Text& text, Batch& batch) {
  const bool is_end = queue_.is_at_end();
  const std::size_t tail = text.used - std::min(text.used, kTailBytes) + 1;
  PlainRun run{.block = text.block->data(),
               .at = text.at,
               .end = text.used,
               .line = line_,
               .max_rows = max_rows_,
               .free_rows_from = is_end ? tail : SIZE_MAX,
               .stop_from = is_end ? SIZE_MAX : tail};
  const bool goes_on = plain_->cut(run, *builder_, batch.arena);
  byte_offset_ += run.at - text.at;
  text.at = run.at;
  line_ = run.line;
  return goes_on;
}

Status Reader::cut_rows(Text& text, Batch& batch) {
  if (plain_) plain_->restart(text.at);
  while (text.at < text.used && !is_batch_full(text)) {
    if (plain_ && !builder_->is_past_table() && !cut_plain_rows(text, batch)) return {};
    if (text.at == text.used || is_batch_full(text)) return {};
    if (HOMEROOM_TRY(cut(text, header_.size(), batch.arena)) == CutStatus::kNeedMore) return {};
    add_issues(record_.oddities, line_, header_, issues_);
    note_width(builder_->add(line_, record_.cells));
    consume(text, record_.size, record_.num_lines);
    if (plain_) plain_->resume(text.at);
  }
  return {};
}

// Blocks as long as a batch of rows needs.
void Reader::choose_block_size(const Text& text) {
  const bool is_limited_by_rows = builder_->num_rows() >= max_rows_;
  const std::size_t wanted =
      is_limited_by_rows ? text.at + text.at / 8 + 2 * kTailBytes : block_bytes_ * 2;
  block_bytes_ = std::clamp(wanted, kMinBlockBytes, kMaxBlockBytes);
}

Result<bool> Reader::next(Batch& batch) {
  builder_->start(batch);
  batch.skipped.swap(skipped_in_head_);
  skipped_in_head_.clear();
  if (batch.block.size() > kKeptBlockBytes) batch.block = {};
  Text text{.block = &batch.block};
  HOMEROOM_TRY(queue_.fill(batch.block, text.used, block_bytes_));
  HOMEROOM_TRY(cut_rows(text, batch));
  while (text.at == 0 && text.used > 0) {
    HOMEROOM_TRY(more(text));
    HOMEROOM_TRY(cut_rows(text, batch));
  }
  choose_block_size(text);
  queue_.give_back(text.rest());
  const bool is_last = queue_.is_at_end();
  builder_->finish(is_last);
  return batch.num_rows() > 0 || !is_last;
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
  HOMEROOM_TRY(check_dialect(dialect));
  auto reader = std::make_unique<Reader>(source, dialect, limits, kernel);
  HOMEROOM_TRY(reader->read_head());
  return reader;
}

}  // namespace homeroom::parse
