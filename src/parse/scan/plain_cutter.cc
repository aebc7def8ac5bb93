#include "parse/scan/plain_cutter.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ranges>
#include <string_view>

#include "parse/scan/column_cutter.h"

namespace homeroom::parse {
namespace {

// What changes in the two words of a cell when its quotes go: it begins a byte later, is two bytes
// shorter, and was quoted.
constexpr std::array<Words64, 2> kUnquote = {Words64{0, 0},
                                             Words64{1, (std::uint64_t{1} << 40) - 2}};
static_assert(std::endian::native == std::endian::little && offsetof(Cell, is_quoted) == 13 &&
              offsetof(Cell, size) == 8 && static_cast<int>(CellState::kValue) == 0);

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// How many of the numbers below `size` `holds` is true of, which are the first ones.
template <class Predicate>
std::size_t count_first(std::size_t size, const Predicate& holds) {
  if (size == 0 || holds(size - 1)) return size;
  return *std::ranges::partition_point(std::views::iota(std::size_t{0}, size), holds);
}

// There are as many records as line feeds: so all have the same width when each of them ends
// after that many fields.
bool are_all_as_wide(const PlainRecords& records, std::size_t num_ends) {
  if (num_ends / records.num_columns < records.size) return false;
  for (std::size_t i = 0; i < records.size; ++i) {
    if (records.block[records.end_of(i)] != '\n') return false;
  }
  return true;
}

std::size_t count_as_wide(const PlainRecords& records, std::size_t num_ends) {
  const auto is_line_feed = [&](std::uint32_t end) { return records.block[end] == '\n'; };
  const std::uint32_t* ends = records.ends;
  const std::size_t num_possible = std::min(records.size, num_ends / records.num_columns);
  for (std::size_t i = 0; i < num_possible; ++i, ends += records.num_columns) {
    const std::uint32_t* const last = ends + records.num_columns - 1;
    if (!is_line_feed(*last) || std::any_of(ends, last, is_line_feed)) return i;
  }
  return num_possible;
}

// Of records as wide as the header, the first ones that nobody has to look at again.
std::size_t count_plain(const PlainRecords& records, std::size_t max_record_bytes) {
  const auto is_plain = [&](std::size_t i) {
    const std::size_t begin = records.begin_of(i);
    const std::size_t size = records.end_of(i) - begin;
    const bool may_be_blank =
        records.num_columns == 1 && (size <= 1 || is_blank(records.block[begin]));
    return size <= max_record_bytes && !may_be_blank;
  };
  if (records.size == 0) return 0;
  const bool has_short_ones = records.end_of(records.size - 1) - records.at <= max_record_bytes;
  if (has_short_ones && records.num_columns > 1) return records.size;
  std::size_t count = 0;
  while (count < records.size && is_plain(count)) ++count;
  return count;
}

// Offsets that are used up from front to back.
class Upcoming {
 public:
  explicit Upcoming(const Offsets& offsets)
      : at_(offsets.data()), end_(offsets.data() + offsets.size()) {}

  [[nodiscard]] bool is_before(std::size_t offset) const { return at_ != end_ && *at_ < offset; }

  [[nodiscard]] std::size_t next() const { return *at_; }

  std::size_t take() { return *at_++; }

 private:
  const std::uint32_t* at_;
  const std::uint32_t* end_;
};

// The bytes from `begin` to `end`, without those at `doubled`.
std::string_view undo_doubled(const char* block, std::size_t begin, std::size_t end,
                              Upcoming& doubled, Arena& arena) {
  const std::size_t size = end - begin;
  char* const bytes = arena.allocate(size);
  char* to = bytes;
  const char* from = block + begin;
  const auto copy_until = [&](const char* until) {
    const auto length = static_cast<std::size_t>(until - from);
    std::memcpy(to, from, length);
    to += length;
    from = until + 1;
  };
  while (doubled.is_before(end)) copy_until(block + doubled.take());
  copy_until(block + end);
  const auto used = static_cast<std::size_t>(to - bytes);
  arena.shrink_last(size, used);
  return {bytes, used};
}

void drop_carriage_returns(const PlainRecords& records, Cell* last_column) {
  for (std::size_t i = 0; i < records.size; ++i) {
    Cell& cell = last_column[i];
    if (cell.size > 0 && records.block[records.end_of(i) - 1] == '\r') --cell.size;
  }
}

// Of a column that was cut as if there were no quotes; doubled ones stay. Without a branch for each
// cell, as notes are quoted now and then. Returns how many cells had quotes.
std::size_t undo_quotes(char quote, Cell* cells, std::size_t size) {
  std::size_t num_quoted = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const std::size_t is_quoted = *cells[i].data == quote ? 1 : 0;
    store_cell(load_cell(cells[i]) + kUnquote[is_quoted], cells[i]);
    num_quoted += is_quoted;
  }
  return num_quoted;
}

void undo_doubled_quotes(const PlainRecords& records, const Offsets& quotes, Cell* const* columns,
                         std::size_t row, Arena& arena) {
  const std::uint32_t* const last = records.ends + records.size * records.num_columns;
  const std::uint32_t* end = records.ends;
  const std::size_t behind = records.begin_of(records.size);
  for (Upcoming doubled(quotes); doubled.is_before(behind);) {
    // In few steps where it stands near, as it does where many are doubled.
    std::size_t step = 1;
    while (static_cast<std::size_t>(last - end) > step && end[step] < doubled.next()) {
      end += step;
      step *= 2;
    }
    const auto left = static_cast<std::size_t>(last - end);
    end = std::upper_bound(end, end + std::min(left, step + 1), doubled.next());
    const auto field = static_cast<std::size_t>(end - records.ends);
    Cell& cell = columns[field % records.num_columns][row + field / records.num_columns];
    const auto begin = static_cast<std::size_t>(cell.data - records.block);
    cell = value_cell(undo_doubled(records.block, begin, begin + cell.size, doubled, arena));
    cell.is_quoted = true;
  }
}

}  // namespace

void PlainCutter::restart(std::size_t at) {
  scan_.restart(at);
  is_even_ = false;
}

void PlainCutter::resume(const char* block, std::size_t at) {
  const Offsets& ends = scan_.index().ends;
  std::size_t i = 0;
  while (i < ends.size() && block[ends[i]] != '\n') ++i;
  if (i < ends.size() && ends[i] + std::size_t{1} == at) {
    drop_records(1, i + 1, at);
  } else {
    restart(at);
  }
}

bool PlainCutter::cut(PlainRun& run, BatchBuilder& builder, Arena& arena) {
  while (true) {
    const Stopped stopped = cut_indexed(run, builder, arena);
    if (stopped != Stopped::kIndexUsedUp) return stopped == Stopped::kNotPlain;
    if (scan_.is_stopped() || scan_.at() >= run.end) return true;
    scan_.index().num_quoted = count_quoted(run.block, run.at, 0);
    scan_.scan(run.block, run.end);
    is_even_ = true;
    is_untouched_ = true;
  }
}

PlainCutter::Stopped PlainCutter::cut_indexed(PlainRun& run, BatchBuilder& builder, Arena& arena) {
  while (scan_.index().num_records > 0) {
    PlainRecords records = indexed_records(run, builder.num_columns());
    if (records.size == 0) return Stopped::kNotPlain;
    const std::size_t room = run.max_rows - std::min(run.max_rows, builder.num_rows());
    if (room < records.size && records.begin_of(room) < run.free_rows_from) records.size = room;
    records.size = count_first(records.size, [&](std::size_t i) {
      return records.begin_of(i) < run.stop_from || records.begin_of(i) == 0;
    });
    if (records.size == 0) return Stopped::kBatchFull;
    builder.make_room(records.size);
    cut_columns(records, builder, arena);
    number_lines(records, run.line, builder.new_lines());
    records.size = builder.commit_rows(records.size);
    run.at = records.begin_of(records.size);
    run.line += records.size + take_quoted_lines(run.at);
    drop_records(records.size, records.size * records.num_columns, run.at);
  }
  return Stopped::kIndexUsedUp;
}

// The first records of the index, as long as they are plain.
PlainRecords PlainCutter::indexed_records(const PlainRun& run, std::size_t num_columns) {
  const ScanIndex& index = scan_.index();
  PlainRecords records{.block = run.block,
                       .ends = index.ends.data(),
                       .num_columns = num_columns,
                       .size = index.num_records,
                       .at = run.at};
  is_even_ = is_even_ && are_all_as_wide(records, index.ends.size());
  if (!is_even_) records.size = count_as_wide(records, index.ends.size());
  records.size = count_plain(records, max_record_bytes_);
  return records;
}

void PlainCutter::cut_columns(const PlainRecords& records, const BatchBuilder& builder,
                              Arena& arena) {
  Cell* const* const columns = builder.columns();
  const std::size_t row = builder.num_rows();
  const std::size_t width = records.num_columns;
  cut_(records, columns, row);
  if (scan_.index().has_crs) drop_carriage_returns(records, columns[width - 1] + row);
  if (scan_.index().num_quoted > 0) undo_all_quotes(records, columns, row, arena);
}

// First in the columns that had quotes the last time: when all of the window's are found in these,
// there is no need to look at the others.
void PlainCutter::undo_all_quotes(const PlainRecords& records, Cell* const* columns,
                                  std::size_t row, Arena& arena) {
  const ScanIndex& index = scan_.index();
  const std::size_t num_ends = records.size * records.num_columns;
  const bool is_whole_window = is_untouched_ && records.size == index.num_records;
  std::size_t num_left = SIZE_MAX;
  if (is_whole_window) {
    num_left =
        index.num_quoted - count_quoted(records.block, records.begin_of(records.size), num_ends);
  }
  had_quotes_.resize(records.num_columns);
  for (const bool had_quotes : {true, false}) {
    for (std::size_t i = 0; i < records.num_columns && num_left > 0; ++i) {
      if (had_quotes_[i] != had_quotes) continue;
      const std::size_t num_quoted = undo_quotes(quote_, columns[i] + row, records.size);
      had_quotes_[i] = num_quoted > 0;
      num_left -= num_quoted;
    }
  }
  undo_doubled_quotes(records, index.doubled_quotes, columns, row, arena);
}

// Fields that start with a quote, as far as is scanned: the first one starts at `begin` and has the
// end at `first_end` of the index.
std::size_t PlainCutter::count_quoted(const char* block, std::size_t begin,
                                      std::size_t first_end) const {
  const Offsets& ends = scan_.index().ends;
  std::size_t count = 0;
  for (std::size_t i = first_end; begin < scan_.at(); ++i) {
    count += block[begin] == quote_ ? 1 : 0;
    if (i >= ends.size()) break;
    begin = ends[i] + std::size_t{1};
  }
  return count;
}

void PlainCutter::number_lines(const PlainRecords& records, LineNumber line,
                               LineNumber* lines) const {
  Upcoming quoted(scan_.index().quoted_line_ends);
  std::size_t i = 0;
  for (; quoted.is_before(records.end_of(records.size - 1)) && i < records.size; ++i) {
    for (; quoted.is_before(records.begin_of(i)); quoted.take()) ++line;
    lines[i] = line + i;
  }
  for (; i < records.size; ++i) lines[i] = line + i;
}

std::size_t PlainCutter::take_quoted_lines(std::size_t end) {
  Offsets& lines = scan_.index().quoted_line_ends;
  const std::size_t before = lines.size();
  lines.drop_below(end);
  return before - lines.size();
}

// Takes the first records out of the index; the next one starts at `next`.
void PlainCutter::drop_records(std::size_t num_records, std::size_t num_ends, std::size_t next) {
  ScanIndex& index = scan_.index();
  index.ends.drop_front(num_ends);
  index.num_records -= num_records;
  index.doubled_quotes.drop_below(next);
  index.quoted_line_ends.drop_below(next);
  is_untouched_ = false;
}

}  // namespace homeroom::parse
