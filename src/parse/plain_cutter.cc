#include "parse/plain_cutter.h"

#include <cstring>
#include <string_view>

namespace homeroom::parse {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// Member by member: a cell copied as a whole goes through the stack, in overlapping words.
void set_cell(std::string_view text, bool is_quoted, Cell& cell) {
  cell.data = text.data();
  cell.size = static_cast<std::uint32_t>(text.size());
  cell.state = CellState::kValue;
  cell.is_quoted = is_quoted;
}

void drop_before(Offsets& offsets, std::size_t end) {
  while (offsets.size() > 0 && offsets[0] < end) offsets.drop_front(1);
}

}  // namespace

void PlainCutter::restart(std::size_t at) {
  scan_.restart(at);
  num_dropped_ = 0;
}

void PlainCutter::resume(std::size_t at) {
  const ScanIndex& index = scan_.index();
  if (index.record_ends.size() > 0) {
    const std::size_t last = index.record_ends[0] - num_dropped_ - 1;
    if (index.ends[last] + 1 == at) {
      drop_records(1, at);
      return;
    }
  }
  restart(at);
}

bool PlainCutter::cut(PlainRun& run, BatchBuilder& builder, Arena& arena) {
  while (true) {
    const Stopped stopped = cut_indexed(run, builder, arena);
    if (stopped != Stopped::kIndexUsedUp) return stopped == Stopped::kNotPlain;
    if (scan_.is_stopped() || scan_.at() >= run.end) return true;
    scan_.scan(run.block, run.end);
  }
}

PlainCutter::Stopped PlainCutter::cut_indexed(PlainRun& run, BatchBuilder& builder, Arena& arena) {
  const ScanIndex& index = scan_.index();
  const std::uint32_t* ends = index.ends.data();
  const std::uint32_t* const record_ends = index.record_ends.data();
  const std::size_t num_records = index.record_ends.size();
  std::uint32_t num_before = num_dropped_;
  std::size_t at = run.at;
  std::size_t cut = 0;
  Stopped stopped = Stopped::kIndexUsedUp;
  for (; cut < num_records; ++cut) {
    const std::size_t num_fields = record_ends[cut] - num_before;
    const Extent record{
        .ends = ends, .num_fields = num_fields, .begin = at, .end = ends[num_fields - 1]};
    const bool is_full = builder.num_rows() >= run.max_rows && at < run.free_rows_from;
    if (is_full || (at >= run.stop_from && at > 0)) {
      stopped = Stopped::kBatchFull;
      break;
    }
    if (!is_plain(record, run.block, builder.num_columns())) {
      stopped = Stopped::kNotPlain;
      break;
    }
    builder.make_room();
    cut_record(record, run.block, builder.columns(), builder.num_rows(), arena);
    builder.commit_row(run.line);
    run.line += 1 + take_quoted_lines(record.end);
    num_before = record_ends[cut];
    ends += num_fields;
    at = record.end + 1;
  }
  run.at = at;
  drop_records(cut, at);
  return stopped;
}

bool PlainCutter::is_plain(const Extent& record, const char* block, std::size_t num_columns) const {
  const std::size_t size = record.end - record.begin;
  if (record.num_fields != num_columns || size > max_record_bytes_) return false;
  const bool may_be_blank = num_columns == 1 && (size <= 1 || is_blank(block[record.begin]));
  return !may_be_blank;
}

void PlainCutter::cut_record(const Extent& record, const char* block, Cell* const* columns,
                             std::size_t row, Arena& arena) {
  const auto cut_cell = [&](std::size_t begin, std::size_t end, Cell& cell) {
    if (has_quote_ && block[begin] == quote_) {
      set_cell(quoted_text(block, begin, end, arena), true, cell);
    } else {
      set_cell({block + begin, end - begin}, false, cell);
    }
  };
  std::size_t begin = record.begin;
  const std::size_t last = record.num_fields - 1;
  for (std::size_t i = 0; i < last; ++i) {
    const std::size_t end = record.ends[i];
    cut_cell(begin, end, columns[i][row]);
    begin = end + 1;
  }
  const bool is_crlf = record.end > begin && block[record.end - 1] == '\r';
  cut_cell(begin, record.end - (is_crlf ? 1 : 0), columns[last][row]);
}

// The field between its quotes; each "" becomes one quote in the arena.
std::string_view PlainCutter::quoted_text(const char* block, std::size_t begin, std::size_t end,
                                          Arena& arena) {
  const char* from = block + begin + 1;
  const std::size_t size = end - begin - 2;
  Offsets& doubled = scan_.index().doubled_quotes;
  if (doubled.size() == 0 || doubled[0] >= end) [[likely]] {
    return {from, size};
  }
  char* const bytes = arena.allocate(size);
  char* to = bytes;
  for (; doubled.size() > 0 && doubled[0] < end; doubled.drop_front(1)) {
    const char* const second = block + doubled[0];
    const auto length = static_cast<std::size_t>(second - from);
    std::memcpy(to, from, length);
    to += length;
    from = second + 1;
  }
  const auto rest = static_cast<std::size_t>(block + end - 1 - from);
  std::memcpy(to, from, rest);
  to += rest;
  const auto used = static_cast<std::size_t>(to - bytes);
  arena.shrink_last(size, used);
  return {bytes, used};
}

std::size_t PlainCutter::take_quoted_lines(std::size_t end) {
  Offsets& lines = scan_.index().quoted_line_ends;
  std::size_t count = 0;
  for (; lines.size() > 0 && lines[0] < end; ++count) lines.drop_front(1);
  return count;
}

// Takes the first records out of the index; the next one starts at `next`.
void PlainCutter::drop_records(std::size_t num_records, std::size_t next) {
  if (num_records == 0) return;
  ScanIndex& index = scan_.index();
  const std::uint32_t num_ends = index.record_ends[num_records - 1];
  index.ends.drop_front(num_ends - num_dropped_);
  index.record_ends.drop_front(num_records);
  num_dropped_ = num_ends;
  drop_before(index.doubled_quotes, next);
  drop_before(index.quoted_line_ends, next);
}

}  // namespace homeroom::parse
