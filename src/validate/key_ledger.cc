#include "validate/key_ledger.h"

#include <algorithm>
#include <compare>
#include <unordered_map>
#include <utility>

#include "validate/key_index.h"
#include "validate/record_log.h"
#include "validate/spill_sorter.h"

namespace homeroom::validate {
namespace {

using What = KeyVerdict::What;

constexpr int kRowCountBits = 24;
constexpr std::uint64_t kMaxRowsOfLine = (std::uint64_t{1} << kRowCountBits) - 1;
constexpr LineNumber kMaxLine = (LineNumber{1} << (64 - kRowCountBits)) - 1;

// A row: 32 bytes, in the order of its fields.
struct Entry {
  std::uint64_t key_high;
  std::uint64_t key_low;
  std::uint64_t line_and_rows;  // the line, and how many different rows were made from it
  std::uint64_t content;

  [[nodiscard]] LineNumber line() const { return line_and_rows >> kRowCountBits; }

  [[nodiscard]] std::uint64_t num_rows() const { return line_and_rows & kMaxRowsOfLine; }

  [[nodiscard]] std::uint64_t prefix() const { return key_high; }

  [[nodiscard]] bool has_key_of(const Entry& other) const {
    return key_high == other.key_high && key_low == other.key_low;
  }

  auto operator<=>(const Entry&) const = default;
};

static_assert(sizeof(Entry) == 32);

Error too_many_lines() {
  return {.code = ErrorCode::kInvalidInput,
          .message = "the file has too many lines to look for repeated keys",
          .hint = "split it, or switch the look for repeated keys off",
          .detail = {},
          .position = {}};
}

// A row whose key another row has too.
struct Repeat {
  Entry row;
  std::size_t key_number;  // of the repeated keys, in their order
  LineNumber first_line;   // that has the key
  LineNumber second_line;
  bool is_first;
};

// What is known of a line of several rows.
struct LineTally {
  std::uint64_t num_rows = 0;
  std::uint64_t num_duplicates = 0;
  LineNumber conflict_line = 0;  // 0: none
  LineNumber duplicate_line = 0;
};

void keep_lowest(LineNumber& line, LineNumber other) {
  if (line == 0 || other < line) line = other;
}

// Turns repeats into verdicts. Three walks over the repeats: which keys have several contents,
// which lines of several rows that makes conflicts of, and what each line is.
class Judge {
 public:
  void note_content(const Repeat& repeat) {
    if (repeat.is_first) {
      is_conflict_.push_back(false);
      first_content_ = repeat.row.content;
    }
    if (repeat.row.content != first_content_) is_conflict_.back() = true;
  }

  void note_conflict(const Repeat& repeat) {
    const bool is_found = is_conflict_[repeat.key_number] && repeat.row.num_rows() > 1;
    if (is_found) wide_conflicts_.push_back(repeat.row.line());
  }

  void finish_conflicts() {
    std::ranges::sort(wide_conflicts_);
    const auto repeated = std::ranges::unique(wide_conflicts_);
    wide_conflicts_.erase(repeated.begin(), repeated.end());
  }

  void judge(const Repeat& repeat) {
    if (is_conflict_[repeat.key_number]) {
      add(repeat.row, What::kConflict, repeat.is_first ? repeat.second_line : repeat.first_line);
      return;
    }
    if (repeat.is_first) kept_line_ = 0;
    if (std::ranges::binary_search(wide_conflicts_, repeat.row.line())) return;
    if (kept_line_ == 0) {
      kept_line_ = repeat.row.line();
    } else {
      add(repeat.row, What::kDuplicate, kept_line_);
    }
  }

  [[nodiscard]] std::vector<KeyVerdict> take_verdicts() {
    for (const auto& [line, tally] : tallies_) {
      if (tally.conflict_line != 0) {
        verdicts_.push_back({line, tally.conflict_line, What::kConflict});
      } else if (tally.num_duplicates == tally.num_rows) {
        verdicts_.push_back({line, tally.duplicate_line, What::kDuplicate});
      }
    }
    std::ranges::sort(verdicts_, {}, &KeyVerdict::line);
    return std::move(verdicts_);
  }

 private:
  void add(const Entry& row, What what, LineNumber first_line) {
    if (row.num_rows() == 1) {
      verdicts_.push_back({row.line(), first_line, what});
      return;
    }
    LineTally& tally = tallies_[row.line()];
    tally.num_rows = row.num_rows();
    if (what == What::kConflict) {
      keep_lowest(tally.conflict_line, first_line);
    } else {
      ++tally.num_duplicates;
      keep_lowest(tally.duplicate_line, first_line);
    }
  }

  std::vector<bool> is_conflict_;           // by number of the repeated key
  std::uint64_t first_content_ = 0;         // of the key being walked over
  LineNumber kept_line_ = 0;                // the same; 0: not met yet
  std::vector<LineNumber> wide_conflicts_;  // lines of several rows; ascending
  std::unordered_map<LineNumber, LineTally> tallies_;
  std::vector<KeyVerdict> verdicts_;
};

}  // namespace

struct KeyLedger::State {
  // While few, half of the memory is the rows'; when they are on disk, two thirds are the index's.
  State(std::filesystem::path scratch_folder, std::size_t bytes, Lines of_rows,
        std::uint64_t num_rows)
      : scratch(std::move(scratch_folder)),
        memory_bytes(bytes),
        lines(of_rows),
        log(scratch, memory_bytes / 2),
        index(lines == Lines::kOneRow ? memory_bytes / 3 * 2 : 0, num_rows),
        is_looking(lines == Lines::kOneRow) {}

  [[nodiscard]] Status add_rows_of_line();
  [[nodiscard]] Result<KeySighting> look_up(const Entry& row);
  [[nodiscard]] Status make_room();
  template <class Visit>
  [[nodiscard]] Status for_each_repeat(const SpillSorter<Entry>& sorter, Visit visit) const;
  [[nodiscard]] Result<std::vector<KeyVerdict>> judge();

  std::filesystem::path scratch;
  std::size_t memory_bytes;
  Lines lines;
  RecordLog<Entry> log;
  KeyIndex index;                   // of the log, while is_looking
  bool is_looking;                  // the index holds every row so far
  bool has_doubt = false;           // of some row more is to tell than `add` told
  std::vector<Entry> rows_of_line;  // of the line being added; `line_and_rows` is the line
  bool has_wide_lines = false;      // lines of which several rows were made
};

Status KeyLedger::State::add_rows_of_line() {
  if (rows_of_line.size() > 1) {
    std::ranges::sort(rows_of_line);
    const auto repeated = std::ranges::unique(rows_of_line);
    rows_of_line.erase(repeated.begin(), repeated.end());
    has_wide_lines = has_wide_lines || rows_of_line.size() > 1;
  }
  if (rows_of_line.size() > kMaxRowsOfLine || rows_of_line.front().line_and_rows > kMaxLine) {
    return tl::unexpected(too_many_lines());
  }
  for (Entry& entry : rows_of_line) {
    entry.line_and_rows = (entry.line_and_rows << kRowCountBits) | rows_of_line.size();
    HOMEROOM_TRY(log.add(entry));
  }
  rows_of_line.clear();
  return {};
}

// Calls `visit` with every row whose key is there more than once, by key and then by line.
template <class Visit>
Status KeyLedger::State::for_each_repeat(const SpillSorter<Entry>& sorter, Visit visit) const {
  auto reader = sorter.read();
  Entry first{};
  Entry row{};
  std::size_t num_keys = 0;
  bool has_row = HOMEROOM_TRY(reader.next(row));
  while (has_row) {
    first = row;
    has_row = HOMEROOM_TRY(reader.next(row));
    if (!has_row || !row.has_key_of(first)) continue;
    Repeat repeat{first, num_keys++, first.line(), row.line(), true};
    visit(repeat);
    repeat.is_first = false;
    for (; has_row && row.has_key_of(first); has_row = HOMEROOM_TRY(reader.next(row))) {
      repeat.row = row;
      visit(repeat);
    }
  }
  return {};
}

Result<std::vector<KeyVerdict>> KeyLedger::State::judge() {
  SpillSorter<Entry> sorter(scratch, memory_bytes / 2);
  Status sorted;
  HOMEROOM_TRY(log.for_each([&](const Entry& row) {
    if (sorted) sorted = sorter.add(row);
  }));
  HOMEROOM_TRY(std::move(sorted));
  HOMEROOM_TRY(sorter.finish());
  Judge judge;
  HOMEROOM_TRY(for_each_repeat(sorter, [&](const Repeat& repeat) { judge.note_content(repeat); }));
  if (has_wide_lines) {
    HOMEROOM_TRY(
        for_each_repeat(sorter, [&](const Repeat& repeat) { judge.note_conflict(repeat); }));
    judge.finish_conflicts();
  }
  HOMEROOM_TRY(for_each_repeat(sorter, [&](const Repeat& repeat) { judge.judge(repeat); }));
  return judge.take_verdicts();
}

Status KeyLedger::State::make_room() {
  index.make_room();
  std::uint32_t position = 0;
  return log.for_each([&](const Entry& row) { index.put_back(row.key_low, position++); });
}

// Adds `row`, the first of its key, to the index, or finds the one that is.
Result<KeySighting> KeyLedger::State::look_up(const Entry& row) {
  const auto position = static_cast<std::uint32_t>(log.size());
  if (!index.has_room(position)) HOMEROOM_TRY(make_room());
  Entry first{};
  Status read;
  const auto is_same_key = [&](std::uint32_t at) {
    Result<Entry> entry = log.at(at);
    if (!entry) read = tl::unexpected(entry.error());
    first = entry.value_or(row);
    return first.has_key_of(row);
  };
  if (index.find_or_add(row.key_low, position, is_same_key) == position) {
    return KeySighting{.what = KeySighting::What::kNew};
  }
  HOMEROOM_TRY(std::move(read));
  const bool is_equal = first.content == row.content;
  return KeySighting{
      .what = is_equal ? KeySighting::What::kDuplicate : KeySighting::What::kConflict,
      .first_line = first.line()};
}

KeyLedger::KeyLedger(std::filesystem::path scratch, std::size_t memory_bytes, Lines lines,
                     std::uint64_t num_rows)
    : state_(std::make_unique<State>(std::move(scratch), memory_bytes, lines, num_rows)) {}

KeyLedger::~KeyLedger() = default;
KeyLedger::KeyLedger(KeyLedger&&) noexcept = default;
KeyLedger& KeyLedger::operator=(KeyLedger&&) noexcept = default;

Result<KeySighting> KeyLedger::add(LineNumber line, const Hash128& key, std::uint64_t content) {
  State& state = *state_;
  if (state.lines == Lines::kSeveralRows) {
    auto& rows = state.rows_of_line;
    if (!rows.empty() && rows.front().line_and_rows != line) {
      HOMEROOM_TRY(state.add_rows_of_line());
    }
    rows.push_back({key.high, key.low, line, content});
    return KeySighting{};
  }
  if (line > kMaxLine) return tl::unexpected(too_many_lines());
  const Entry row{key.high, key.low, (line << kRowCountBits) | 1U, content};
  KeySighting seen;
  if (state.is_looking && !state.index.can_hold(state.log.size())) {
    state.is_looking = false;
    state.index = {};
  }
  if (state.is_looking) seen = HOMEROOM_TRY(state.look_up(row));
  state.has_doubt = state.has_doubt || seen.what == KeySighting::What::kConflict ||
                    seen.what == KeySighting::What::kNotKnown;
  HOMEROOM_TRY(state.log.add(row));
  return seen;
}

void KeyLedger::prefetch(const Hash128& key) const {
  if (state_->is_looking) state_->index.prefetch(key.low);
}

bool KeyLedger::is_settled() const {
  return state_->lines == Lines::kOneRow && !state_->has_doubt;
}

Result<std::vector<KeyVerdict>> KeyLedger::finish() {
  if (!state_->rows_of_line.empty()) HOMEROOM_TRY(state_->add_rows_of_line());
  state_->index = {};
  auto verdicts = HOMEROOM_TRY(state_->judge());
  state_ = std::make_unique<State>(state_->scratch, state_->memory_bytes, state_->lines, 0);
  return verdicts;
}

}  // namespace homeroom::validate
