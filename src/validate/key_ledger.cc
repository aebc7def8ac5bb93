#include "validate/key_ledger.h"

#include <algorithm>
#include <compare>
#include <unordered_map>
#include <utility>

#include "validate/row_hash.h"
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
  State(std::filesystem::path scratch_folder, std::size_t bytes)
      : scratch(std::move(scratch_folder)), memory_bytes(bytes), sorter(scratch, memory_bytes) {}

  [[nodiscard]] Status add_rows_of_line();
  template <class Visit>
  [[nodiscard]] Status for_each_repeat(Visit visit) const;
  [[nodiscard]] Result<std::vector<KeyVerdict>> judge();

  std::filesystem::path scratch;
  std::size_t memory_bytes;
  SpillSorter<Entry> sorter;
  RowHasher hasher;
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
    return fail(ErrorCode::kInvalidInput, "the file has too many lines to look for repeated keys",
                "split it, or switch the look for repeated keys off");
  }
  for (Entry& entry : rows_of_line) {
    entry.line_and_rows = (entry.line_and_rows << kRowCountBits) | rows_of_line.size();
    HOMEROOM_TRY(sorter.add(entry));
  }
  rows_of_line.clear();
  return {};
}

// Calls `visit` with every row whose key is there more than once, by key and then by line.
template <class Visit>
Status KeyLedger::State::for_each_repeat(Visit visit) const {
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
  Judge judge;
  HOMEROOM_TRY(for_each_repeat([&](const Repeat& repeat) { judge.note_content(repeat); }));
  if (has_wide_lines) {
    HOMEROOM_TRY(for_each_repeat([&](const Repeat& repeat) { judge.note_conflict(repeat); }));
    judge.finish_conflicts();
  }
  HOMEROOM_TRY(for_each_repeat([&](const Repeat& repeat) { judge.judge(repeat); }));
  return judge.take_verdicts();
}

KeyLedger::KeyLedger(std::filesystem::path scratch, std::size_t memory_bytes)
    : state_(std::make_unique<State>(std::move(scratch), memory_bytes)) {}

KeyLedger::~KeyLedger() = default;
KeyLedger::KeyLedger(KeyLedger&&) noexcept = default;
KeyLedger& KeyLedger::operator=(KeyLedger&&) noexcept = default;

Status KeyLedger::add(LineNumber line, std::span<const Cell> key, std::span<const Cell> content) {
  auto& rows = state_->rows_of_line;
  if (!rows.empty() && rows.front().line_and_rows != line) {
    HOMEROOM_TRY(state_->add_rows_of_line());
  }
  const Hash128 hash = state_->hasher.hash128(key);
  rows.push_back({hash.high, hash.low, line, state_->hasher.hash64(content)});
  return {};
}

Result<std::vector<KeyVerdict>> KeyLedger::finish() {
  if (!state_->rows_of_line.empty()) HOMEROOM_TRY(state_->add_rows_of_line());
  HOMEROOM_TRY(state_->sorter.finish());
  auto verdicts = HOMEROOM_TRY(state_->judge());
  state_ = std::make_unique<State>(state_->scratch, state_->memory_bytes);
  return verdicts;
}

}  // namespace homeroom::validate
