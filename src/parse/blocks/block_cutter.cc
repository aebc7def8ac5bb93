#include "parse/blocks/block_cutter.h"

#include <algorithm>

#include "parse/records/record_issues.h"

namespace homeroom::parse {

Result<CutStatus> cut_record(RecordCutter& cutter, const Limits& limits, const BlockText& text,
                             std::size_t expected_columns, Arena& arena, Record& record) {
  const std::string_view sight = text.in_sight();
  const std::string_view window = sight.substr(0, limits.max_record_bytes);
  const bool is_end = text.is_end && window.size() == sight.size();
  const CutStatus status = cutter.cut(window, is_end, expected_columns, arena, record);
  if (status == CutStatus::kDone && record.size > text.used - text.at) return CutStatus::kNeedMore;
  if (status == CutStatus::kDone || status == CutStatus::kNeedMore) return status;
  return tl::unexpected(limit_error(status, limits, text.position()));
}

BlockCutter::BlockCutter(const Dialect& dialect, const Limits& limits,
                         const std::vector<std::string>& header, bool has_header, Kernel kernel)
    : limits_(limits),
      header_(header),
      cutter_(dialect, limits),
      builder_(header, has_header, dialect.delimiter, dialect.fields_per_row) {
  if (kernel != Kernel::kNone && StructuralScan::can_read(dialect)) {
    plain_.emplace(dialect, limits, kernel);
  }
}

bool BlockCutter::is_batch_full(const BlockText& text, std::size_t max_rows) const {
  const std::size_t left = text.used - text.at;
  if (text.is_end) return builder_.num_rows() >= max_rows && left >= text.tail_bytes;
  return builder_.num_rows() >= max_rows || (left < text.tail_bytes && text.at > 0);
}

// What is behind a blank line may be a header, which does not start with a digit.
bool BlockCutter::may_be_plain(const BlockText& text) const {
  if (!plain_ || is_past_table()) return false;
  const char first = (*text.block)[text.at];
  return !text.is_behind_blank || (first >= '0' && first <= '9');
}

// Cuts rows as long as they are plain; false when the batch is full.
bool BlockCutter::cut_plain_rows(BlockText& text, std::size_t max_rows, Arena& arena) {
  const std::size_t tail = text.used - std::min(text.used, text.tail_bytes) + 1;
  PlainRun run{.block = text.block->data(),
               .at = text.at,
               .end = text.used,
               .line = text.line,
               .max_rows = max_rows,
               .free_rows_from = text.is_end ? tail : SIZE_MAX,
               .stop_from = text.is_end ? SIZE_MAX : tail};
  const bool goes_on = plain_->cut(run, builder_, arena);
  if (run.at > text.at) text.is_behind_blank = false;
  text.consume(run.at - text.at, run.line - text.line);
  return goes_on;
}

void BlockCutter::note_width(Added added, const Position& at, std::vector<Issue>& issues) const {
  if (issues.size() >= kMaxIssues) return;
  if (added == Added::kPaddedRow) {
    issues.push_back(padded_row_issue(at, record_.cells.size(), header_.size()));
  } else if (added == Added::kOtherTable) {
    issues.push_back(other_table_issue(at));
  }
}

// Of `record_`, by what is behind it: that of a title by a header and a row, that of a header by a
// row. kUnknown: these are not in memory yet.
BlockCutter::Table BlockCutter::judge(const BlockText& text, Arena& arena) {
  if (!text.is_behind_blank || is_past_table()) return Table::kSame;
  const bool is_title = builder_.may_be_title(record_.cells);
  if (!is_title && !builder_.may_start_table(record_.cells)) return Table::kSame;
  BlockText behind = text;
  behind.consume(record_.size, record_.num_lines);
  const auto cut_next = [&](std::size_t width, Record& next) {
    if (behind.rest().empty()) return CutStatus::kNeedMore;
    const auto status = cut_record(cutter_, limits_, behind, width, arena, next);
    if (status == CutStatus::kDone) behind.consume(next.size, next.num_lines);
    return status.value_or(CutStatus::kRecordTooLong);
  };
  CutStatus status = is_title ? cut_next(0, names_) : CutStatus::kDone;
  const std::vector<Cell>& names = is_title ? names_.cells : record_.cells;
  if (status == CutStatus::kDone) {
    if (!builder_.may_start_table(names)) return Table::kSame;
    status = cut_next(names.size(), behind_);
  }
  if (status == CutStatus::kDone) {
    return builder_.starts_table(names, behind_.cells) ? Table::kOther : Table::kSame;
  }
  const bool may_grow = status == CutStatus::kNeedMore && !text.is_end &&
                        text.rest().size() < limits_.max_record_bytes;
  return may_grow ? Table::kUnknown : Table::kSame;
}

Added BlockCutter::add_record(BlockText& text, Table table, std::vector<Issue>& issues) {
  const Position at = text.position();
  add_issues(record_.oddities, at, header_, issues);
  const Added added = table == Table::kOther
                          ? builder_.add_other_header(text.line)
                          : builder_.add(text.line, text.byte_offset, record_.cells);
  note_width(added, at, issues);
  return added;
}

Status BlockCutter::cut(BlockText& text, std::size_t max_rows, std::vector<Issue>& issues) {
  Arena& arena = builder_.arena();
  if (plain_) plain_->restart(text.at);
  while (text.at < text.used && !is_batch_full(text, max_rows)) {
    if (may_be_plain(text) && !cut_plain_rows(text, max_rows, arena)) return {};
    if (text.at == text.used || is_batch_full(text, max_rows)) return {};
    const CutStatus status =
        HOMEROOM_TRY(cut_record(cutter_, limits_, text, header_.size(), arena, record_));
    if (status == CutStatus::kNeedMore) return {};
    const Table table = judge(text, arena);
    if (table == Table::kUnknown) return {};
    const Added added = add_record(text, table, issues);
    text.is_behind_blank = added == Added::kBlank;
    text.consume(record_.size, record_.num_lines);
    if (plain_) plain_->resume(text.block->data(), text.at);
  }
  return {};
}

}  // namespace homeroom::parse
