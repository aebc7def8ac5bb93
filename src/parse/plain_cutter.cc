#include "parse/plain_cutter.h"

#include <cstdint>

namespace homeroom::parse {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

}  // namespace

void PlainCutter::restart(std::size_t at) {
  scan_.restart(at);
  num_dropped_ = 0;
}

void PlainCutter::resume(std::size_t at) {
  ScanIndex& index = scan_.index();
  if (index.record_ends.size() > 0) {
    const std::size_t num_fields = index.record_ends[0] - num_dropped_;
    if (index.ends[num_fields - 1] + 1 == at) {
      drop_record(num_fields, at);
      return;
    }
  }
  restart(at);
}

bool PlainCutter::cut(PlainRun& run, BatchBuilder& builder, Arena& arena) {
  while (true) {
    while (scan_.index().record_ends.size() > 0) {
      const bool is_full = builder.num_rows() >= run.max_rows && run.at < run.free_rows_from;
      if (is_full || (run.at >= run.stop_from && run.at > 0)) return false;
      if (!cut_record(run, builder, arena)) return true;
    }
    if (scan_.is_stopped() || scan_.at() >= run.end) return true;
    scan_.scan(run.block, run.end);
  }
}

bool PlainCutter::cut_record(PlainRun& run, BatchBuilder& builder, Arena& arena) {
  ScanIndex& index = scan_.index();
  const std::size_t num_fields = index.record_ends[0] - num_dropped_;
  const std::uint32_t* const ends = index.ends.data();
  const std::size_t line_end = ends[num_fields - 1];
  const std::size_t size = line_end - run.at;
  const bool may_be_blank = num_fields == 1 && (size <= 1 || is_blank(run.block[run.at]));
  if (num_fields != builder.num_columns() || may_be_blank || size > max_record_bytes_) return false;
  const std::size_t num_quoted_lines = count_quoted_lines(line_end);
  builder.make_room();
  const char* const block = run.block;
  std::size_t begin = run.at;
  for (std::size_t i = 0; i < num_fields; ++i) {
    const bool is_crlf = i + 1 == num_fields && ends[i] > begin && block[ends[i] - 1] == '\r';
    const std::size_t end = ends[i] - (is_crlf ? 1 : 0);
    const bool is_quoted = has_quote_ && block[begin] == quote_;
    builder.row_cell(i) =
        is_quoted ? quoted_cell(block, begin, end, arena)
                  : Cell{.data = block + begin, .size = static_cast<std::uint32_t>(end - begin)};
    begin = ends[i] + 1;
  }
  builder.commit_row(run.line);
  run.line += num_quoted_lines + 1;
  run.at = line_end + 1;
  drop_record(num_fields, run.at);
  return true;
}

// Takes a record out of the index.
void PlainCutter::drop_record(std::size_t num_fields, std::size_t next) {
  ScanIndex& index = scan_.index();
  index.ends.drop_front(num_fields);
  index.record_ends.drop_front(1);
  num_dropped_ += static_cast<std::uint32_t>(num_fields);
  const auto drop_before = [next](Offsets& offsets) {
    while (offsets.size() > 0 && offsets[0] < next) offsets.drop_front(1);
  };
  drop_before(index.doubled_quotes);
  drop_before(index.quoted_line_ends);
}

std::size_t PlainCutter::count_quoted_lines(std::size_t end) {
  Offsets& lines = scan_.index().quoted_line_ends;
  std::size_t count = 0;
  while (count < lines.size() && lines[count] < end) ++count;
  return count;
}

// The field between its quotes; each "" becomes one quote in the arena.
Cell PlainCutter::quoted_cell(const char* block, std::size_t begin, std::size_t end, Arena& arena) {
  const char* from = block + begin + 1;
  const std::size_t size = end - begin - 2;
  Offsets& doubled = scan_.index().doubled_quotes;
  if (doubled.size() == 0 || doubled[0] >= end) {
    return {.data = from, .size = static_cast<std::uint32_t>(size), .is_quoted = true};
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
  return {.data = bytes, .size = static_cast<std::uint32_t>(used), .is_quoted = true};
}

}  // namespace homeroom::parse
