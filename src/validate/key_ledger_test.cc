#include "validate/key_ledger.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <ostream>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace homeroom::validate {

bool operator==(const KeyVerdict& left, const KeyVerdict& right) {
  return left.line == right.line && left.first_line == right.first_line && left.what == right.what;
}

std::ostream& operator<<(std::ostream& out, const KeyVerdict& verdict) {
  return out << "line " << verdict.line
             << (verdict.what == KeyVerdict::What::kConflict ? " conflicts with " : " repeats ")
             << verdict.first_line;
}

namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using What = KeyVerdict::What;

constexpr std::size_t kAllInMemory = 1 << 20;
constexpr std::size_t kLeastMemory = 0;  // 1,024 rows

Cell null_cell() {
  return {.state = CellState::kNull};
}

Cell suppressed_cell(std::string_view mark) {
  Cell cell = value_cell(mark);
  cell.state = CellState::kSuppressed;
  return cell;
}

// A row with a key and one more cell; `line` 0 is the line after the row before.
struct Row {
  std::string key;
  std::string other;
  LineNumber line = 0;
};

Result<KeySighting> add(KeyLedger& ledger, LineNumber line, std::span<const Cell> key,
                        std::span<const Cell> content) {
  static RowHasher hasher{HashSecret()};
  return ledger.add(line, hasher.hash128(key), hasher.hash128(content).low);
}

KeyLedger make_ledger(std::size_t memory, KeyLedger::Lines lines = KeyLedger::Lines::kSeveralRows) {
  return {testing::TempDir(), memory, lines};
}

std::vector<KeyVerdict> judge(const std::vector<Row>& rows, std::size_t memory = kAllInMemory,
                              KeyLedger::Lines lines = KeyLedger::Lines::kSeveralRows) {
  KeyLedger ledger = make_ledger(memory, lines);
  LineNumber line = 0;
  for (const Row& row : rows) {
    line = row.line != 0 ? row.line : line + 1;
    const Cell cells[] = {value_cell(row.key), value_cell(row.other)};
    EXPECT_TRUE(add(ledger, line, std::span(cells).first(1), cells).has_value());
  }
  return ledger.finish().value();
}

KeyVerdict duplicate(LineNumber line, LineNumber of) {
  return {line, of, What::kDuplicate};
}

KeyVerdict conflict(LineNumber line, LineNumber with) {
  return {line, with, What::kConflict};
}

TEST(KeyLedger, KeepsTheLowestOfEqualRows) {
  EXPECT_THAT(judge({{"a", "1"}, {"b", "1"}, {"a", "1"}, {"a", "1"}}),
              ElementsAre(duplicate(3, 1), duplicate(4, 1)));
}

TEST(KeyLedger, ListsEveryRowOfAKeyWithTwoContents) {
  EXPECT_THAT(judge({{"a", "1"}, {"b", "1"}, {"a", "1"}, {"a", "2"}, {"b", "1"}}),
              ElementsAre(conflict(1, 3), conflict(3, 1), conflict(4, 1), duplicate(5, 2)));
}

TEST(KeyLedger, ListsVerdictsByLineWhateverTheOrderOfAdding) {
  EXPECT_THAT(judge({{"a", "1", 9}, {"b", "2", 7}, {"a", "1", 3}, {"b", "1", 5}}),
              ElementsAre(conflict(5, 7), conflict(7, 5), duplicate(9, 3)));
}

TEST(KeyLedger, IsSilentWhenEveryKeyIsThereOnce) {
  EXPECT_THAT(judge({}), IsEmpty());
  EXPECT_THAT(judge({{"a", "1"}}), IsEmpty());
  EXPECT_THAT(judge({{"a", "1"}, {"b", "1"}, {"", "1"}}), IsEmpty());
}

TEST(KeyLedger, IsEmptyAfterwards) {
  KeyLedger ledger = make_ledger(kAllInMemory);
  const Cell cells[] = {value_cell("a")};
  ASSERT_TRUE(add(ledger, 1, cells, cells).has_value());
  EXPECT_THAT(ledger.finish().value(), IsEmpty());
  ASSERT_TRUE(add(ledger, 2, cells, cells).has_value());
  EXPECT_THAT(ledger.finish().value(), IsEmpty());
}

TEST(KeyLedger, RefusesALineNumberThatIsNone) {
  KeyLedger ledger = make_ledger(kAllInMemory);
  const Cell cells[] = {value_cell("a")};
  ASSERT_TRUE(add(ledger, LineNumber{1} << 40, cells, cells).has_value());
  const auto verdicts = ledger.finish();
  ASSERT_FALSE(verdicts.has_value());
  EXPECT_EQ(verdicts.error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(verdicts.error().message, "the file has too many lines to look for repeated keys");
  EXPECT_EQ(verdicts.error().hint, "split it, or switch the look for repeated keys off");
}

TEST(KeyLedger, SaysThatItHasNoRoomOnDisk) {
  KeyLedger ledger("/nonexistent", kLeastMemory, KeyLedger::Lines::kSeveralRows);
  Status status;
  for (LineNumber line = 1; line < 5'000 && status.has_value(); ++line) {
    const std::string text = std::to_string(line);
    const Cell cells[] = {value_cell(text)};
    if (const auto seen = add(ledger, line, cells, cells); !seen) {
      status = tl::unexpected(seen.error());
    }
  }
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
}

// Two keys of two cells, and whether they are one.
struct KeyPair {
  std::vector<Cell> left;
  std::vector<Cell> right;
  bool is_same = false;
};

TEST(KeyLedger, TellsKeysApartByStateAndByCell) {
  const std::string long_text(3'000, 'x');
  const std::string other_long_text = long_text + "y";
  Cell quoted = value_cell("a");
  quoted.is_quoted = true;
  const KeyPair pairs[] = {
      {{null_cell(), value_cell("a")}, {null_cell(), value_cell("a")}, true},
      {{null_cell(), value_cell("a")}, {value_cell(""), value_cell("a")}, false},
      {{null_cell(), value_cell("a")}, {suppressed_cell("*"), value_cell("a")}, false},
      {{suppressed_cell(""), value_cell("a")}, {value_cell(""), value_cell("a")}, false},
      {{suppressed_cell("*"), value_cell("a")}, {suppressed_cell("<10"), value_cell("a")}, true},
      {{quoted, value_cell("a")}, {value_cell("a"), value_cell("a")}, true},
      {{value_cell("ab"), value_cell("c")}, {value_cell("a"), value_cell("bc")}, false},
      {{value_cell("ab"), value_cell("")}, {value_cell("a"), value_cell("b")}, false},
      {{value_cell("a"), null_cell()}, {null_cell(), value_cell("a")}, false},
      {{value_cell("a"), value_cell("b")}, {value_cell("b"), value_cell("a")}, false},
      {{value_cell(long_text), null_cell()}, {value_cell(long_text), null_cell()}, true},
      {{value_cell(long_text), null_cell()}, {value_cell(other_long_text), null_cell()}, false},
  };
  for (std::size_t i = 0; i < std::size(pairs); ++i) {
    KeyLedger ledger = make_ledger(kAllInMemory);
    ASSERT_TRUE(add(ledger, 1, pairs[i].left, pairs[i].left).has_value());
    ASSERT_TRUE(add(ledger, 2, pairs[i].right, pairs[i].right).has_value());
    EXPECT_EQ(ledger.finish().value().size(), pairs[i].is_same ? 1 : 0) << "pair " << i;
  }
}

TEST(KeyLedger, TakesAllRowsForOneWhereTheKeyIsEmpty) {
  KeyLedger ledger = make_ledger(kAllInMemory);
  const Cell left[] = {value_cell("a")};
  const Cell right[] = {value_cell("b")};
  ASSERT_TRUE(add(ledger, 1, {}, left).has_value());
  ASSERT_TRUE(add(ledger, 2, {}, right).has_value());
  EXPECT_THAT(ledger.finish().value(), ElementsAre(conflict(1, 2), conflict(2, 1)));
}

// Lines of which several rows were made (a wide file of scores).
TEST(KeyLedgerOfWideLines, CallsALineDuplicateOnlyWhenAllOfItsRowsAre) {
  EXPECT_THAT(judge({{"a", "1", 1}, {"b", "1", 1}, {"a", "1", 2}, {"c", "1", 2}}), IsEmpty());
  EXPECT_THAT(judge({{"a", "1", 1}, {"b", "1", 1}, {"b", "1", 2}, {"a", "1", 2}}),
              ElementsAre(duplicate(2, 1)));
  EXPECT_THAT(judge({{"a", "1", 1}, {"b", "1", 2}, {"b", "1", 3}, {"a", "1", 3}}),
              ElementsAre(duplicate(3, 1)));
}

TEST(KeyLedgerOfWideLines, CallsALineConflictWhenOneOfItsRowsIs) {
  EXPECT_THAT(judge({{"a", "1", 1}, {"b", "1", 1}, {"a", "1", 2}, {"b", "2", 2}}),
              ElementsAre(conflict(1, 2), conflict(2, 1)));
}

TEST(KeyLedgerOfWideLines, CountsARowRepeatedWithinItsLineOnce) {
  EXPECT_THAT(judge({{"a", "1", 1}, {"a", "1", 1}}), IsEmpty());
  EXPECT_THAT(judge({{"a", "1", 1}, {"a", "1", 2}, {"a", "1", 2}}), ElementsAre(duplicate(2, 1)));
}

TEST(KeyLedgerOfWideLines, FindsAConflictWithinOneLine) {
  EXPECT_THAT(judge({{"a", "1", 4}, {"a", "2", 4}}), ElementsAre(conflict(4, 4)));
}

// Line 2 stands in quarantine for b, so line 3 must not be dropped as its duplicate.
TEST(KeyLedgerOfWideLines, KeepsTheFirstLineThatIsNotInConflict) {
  EXPECT_THAT(judge({{"b", "1", 1}, {"a", "1", 2}, {"b", "2", 2}, {"a", "1", 3}, {"a", "1", 4}}),
              ElementsAre(conflict(1, 2), conflict(2, 1), duplicate(4, 3)));
}

// The same by maps, as plainly as it can be said.
class PlainLedger {
 public:
  explicit PlainLedger(const std::vector<Row>& rows) {
    for (const Row& row : rows) {
      lines_[row.line].insert(row.key);
      keys_[row.key][row.line].insert(row.other);
    }
  }

  [[nodiscard]] std::vector<KeyVerdict> judge() const {
    std::vector<KeyVerdict> verdicts;
    for (const auto& [line, keys] : lines_) {
      const auto others = is_conflict(line) ? find_contradicted(line) : find_repeated(line);
      const bool is_all = others.size() == keys.size();
      if (is_conflict(line)) verdicts.push_back(conflict(line, *others.begin()));
      if (!is_conflict(line) && is_all) {
        verdicts.push_back(duplicate(line, *others.begin()));
      }
    }
    return verdicts;
  }

 private:
  using Lines = std::map<LineNumber, std::set<std::string>>;

  [[nodiscard]] static bool has_conflict(const Lines& lines) {
    std::set<std::string> contents;
    for (const auto& [line, of_line] : lines) contents.insert(of_line.begin(), of_line.end());
    return contents.size() > 1;
  }

  [[nodiscard]] bool is_conflict(LineNumber line) const {
    return std::ranges::any_of(lines_.at(line),
                               [&](const auto& key) { return has_conflict(keys_.at(key)); });
  }

  // For each key of the line in conflict: the first line that has it, the next for the first.
  [[nodiscard]] std::multiset<LineNumber> find_contradicted(LineNumber line) const {
    std::multiset<LineNumber> others;
    for (const std::string& key : lines_.at(line)) {
      const Lines& lines = keys_.at(key);
      if (!has_conflict(lines)) continue;
      const bool is_first = lines.begin()->first == line;
      const bool is_against_itself = lines.at(line).size() > 1;
      others.insert(is_first && !is_against_itself ? std::next(lines.begin())->first
                                                   : lines.begin()->first);
    }
    return others;
  }

  // For each key of the line that a lower line out of conflict has: the first such line.
  [[nodiscard]] std::multiset<LineNumber> find_repeated(LineNumber line) const {
    std::multiset<LineNumber> others;
    for (const std::string& key : lines_.at(line)) {
      for (const auto& [other, contents] : keys_.at(key)) {
        if (is_conflict(other)) continue;
        if (other < line) others.insert(other);
        break;
      }
    }
    return others;
  }

  std::map<LineNumber, std::set<std::string>> lines_;
  std::map<std::string, Lines> keys_;
};

// The same numbers in every run.
std::mt19937 seeded(unsigned seed) {
  return std::mt19937(seed);
}

std::vector<Row> random_rows(std::mt19937& random, bool is_wide) {
  std::vector<Row> rows;
  const auto num_keys = 1 + random() % 12;
  const auto num_contents = 1 + random() % 3;
  LineNumber line = 0;
  for (auto left = random() % 30; left > 0; --left) {
    if (!is_wide || rows.empty() || random() % 2 == 0) line += 1 + random() % 3;
    rows.push_back(
        {std::to_string(random() % num_keys), std::to_string(random() % num_contents), line});
  }
  return rows;
}

// Property: the verdicts are those of the plain program.
TEST(KeyLedger, AgreesWithAPlainProgramOnRandomRows) {
  std::mt19937 random = seeded(11);
  for (int i = 0; i < 500; ++i) {
    const auto rows = random_rows(random, i % 2 == 1);
    std::string described;
    for (const Row& row : rows) {
      described += std::to_string(row.line) + ":" + row.key + "=" + row.other + " ";
    }
    ASSERT_EQ(judge(rows), PlainLedger(rows).judge()) << described;
  }
}

// Property: where rows lie while they wait changes nothing.
TEST(KeyLedger, SaysTheSameOnDiskAsInMemory) {
  std::mt19937 random = seeded(5);
  std::vector<Row> rows;
  LineNumber line = 0;
  for (int i = 0; i < 12'000; ++i) {
    line += random() % 4 == 0 ? 0 : 1;
    rows.push_back(
        {std::to_string(random() % 6'000), std::to_string(random() % 20 / 19), line + 1});
  }
  const auto in_memory = judge(rows, kAllInMemory);
  EXPECT_GT(in_memory.size(), 2'000);
  EXPECT_EQ(judge(rows, kLeastMemory), in_memory);
}

TEST(KeyLedger, FindsEveryRepeatOfOneKeyOnDisk) {
  KeyLedger ledger = make_ledger(kLeastMemory);
  const Cell cells[] = {value_cell("0012345")};
  constexpr LineNumber kNumRows = 20'000;
  for (LineNumber line = 1; line <= kNumRows; ++line) {
    ASSERT_TRUE(add(ledger, line, cells, cells).has_value());
  }
  const auto verdicts = ledger.finish().value();
  ASSERT_EQ(verdicts.size(), kNumRows - 1);
  EXPECT_EQ(verdicts.front(), duplicate(2, 1));
  EXPECT_EQ(verdicts.back(), duplicate(kNumRows, 1));
}

// Rows of a district's attendance: student, day and period, each counted up.
void add_attendance(KeyLedger& ledger, LineNumber num_rows) {
  std::string student(7, '0');
  for (LineNumber i = 0; i < num_rows; ++i) {
    const std::string number = std::to_string(i / 1'440);
    student.replace(7 - number.size(), number.size(), number);
    const std::string day = std::to_string(i / 8 % 180);
    const std::string period = std::to_string(i % 8);
    const Cell cells[] = {value_cell(student), value_cell(day), value_cell(period)};
    ASSERT_TRUE(add(ledger, i + 1, cells, cells).has_value());
  }
}

// Two million of them are told apart by key_ledger_bench.cc.
TEST(KeyLedger, TellsCountedKeysApartOnDisk) {
  KeyLedger ledger = make_ledger(kLeastMemory);
  add_attendance(ledger, 40'000);
  add_attendance(ledger, 3);
  EXPECT_EQ(ledger.finish().value().size(), 3);
}

// Rows of one line each, told as they are added.
TEST(KeyLedgerOfSingleRows, SaysOfARowWhatTheFirstOfItsKeyWas) {
  using Told = KeySighting::What;
  KeyLedger ledger = make_ledger(kAllInMemory, KeyLedger::Lines::kOneRow);
  const Row rows[] = {{"a", "1"}, {"b", "1"}, {"a", "1"}, {"b", "2"}, {"a", "1"}, {"c", "1"}};
  const std::pair<Told, LineNumber> expected[] = {{Told::kNew, 0},       {Told::kNew, 0},
                                                  {Told::kDuplicate, 1}, {Told::kConflict, 2},
                                                  {Told::kDuplicate, 1}, {Told::kNew, 0}};
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    const Cell cells[] = {value_cell(rows[i].key), value_cell(rows[i].other)};
    EXPECT_EQ(ledger.is_settled(), i < 4) << "row " << i;
    const auto seen = add(ledger, i + 1, std::span(cells).first(1), cells);
    ASSERT_TRUE(seen.has_value());
    EXPECT_EQ(std::pair(seen->what, seen->first_line), expected[i]) << "row " << i;
  }
}

// Property: what is told on the way and what is told at the end are the same, and a ledger that has
// no room tells at the end.
TEST(KeyLedgerOfSingleRows, TellsOnTheWayWhatItTellsAtTheEnd) {
  std::mt19937 random = seeded(3);
  int num_settled = 0;
  for (int i = 0; i < 400; ++i) {
    const auto rows = random_rows(random, false);
    KeyLedger ledger = make_ledger(kAllInMemory, KeyLedger::Lines::kOneRow);
    std::vector<KeyVerdict> told;
    for (const Row& row : rows) {
      const Cell cells[] = {value_cell(row.key), value_cell(row.other)};
      const auto seen = add(ledger, row.line, std::span(cells).first(1), cells).value();
      if (seen.what == KeySighting::What::kDuplicate) {
        told.push_back(duplicate(row.line, seen.first_line));
      }
    }
    const bool is_settled = ledger.is_settled();
    const auto verdicts = ledger.finish().value();
    ASSERT_EQ(verdicts, PlainLedger(rows).judge());
    const bool has_conflict = std::ranges::any_of(
        verdicts, [](const KeyVerdict& verdict) { return verdict.what == What::kConflict; });
    EXPECT_EQ(is_settled, !has_conflict);
    if (!is_settled) continue;
    EXPECT_EQ(told, verdicts);
    ++num_settled;
  }
  EXPECT_GT(num_settled, 100);
}

TEST(KeyLedgerOfSingleRows, IsNotSettledOnceRowsAreOnDisk) {
  std::vector<Row> rows;
  for (LineNumber line = 1; line <= 9'000; ++line) {
    rows.push_back({std::to_string(line % 8'000), "1", line});
  }
  KeyLedger ledger = make_ledger(kLeastMemory, KeyLedger::Lines::kOneRow);
  for (const Row& row : rows) {
    const Cell cells[] = {value_cell(row.key)};
    ASSERT_TRUE(add(ledger, row.line, cells, cells).has_value());
  }
  EXPECT_FALSE(ledger.is_settled());
  EXPECT_EQ(ledger.finish().value(), judge(rows, kAllInMemory, KeyLedger::Lines::kOneRow));
}

// The rows are on disk, the index that finds them is not.
TEST(KeyLedgerOfSingleRows, StillTellsOnTheWayWhenTheRowsAreOnDisk) {
  constexpr std::size_t kRoomForTheIndex = 96 * 1024;  // 12,288 rows
  KeyLedger ledger = make_ledger(kRoomForTheIndex, KeyLedger::Lines::kOneRow);
  std::vector<KeyVerdict> told;
  for (LineNumber line = 1; line <= 12'000; ++line) {
    const LineNumber first = line % 5 == 0 ? line / 5 : line;  // 5 has the key of 1, 10 that of 2
    const std::string key = std::to_string(first % 5 == 0 ? line : first);
    const Cell cells[] = {value_cell(key)};
    const auto seen = add(ledger, line, cells, cells);
    ASSERT_TRUE(seen.has_value());
    if (seen->what == KeySighting::What::kDuplicate) {
      told.push_back(duplicate(line, seen->first_line));
    }
  }
  EXPECT_GT(told.size(), 1'900);
  EXPECT_TRUE(ledger.is_settled());
  EXPECT_EQ(ledger.finish().value(), told);
}

}  // namespace
}  // namespace homeroom::validate
