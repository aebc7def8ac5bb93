// The fast ways and the careful way are one reader: on any bytes they give the same.

#include <algorithm>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "parse/batch_reader.h"
#include "parse/testing.h"

namespace homeroom::parse {
namespace {

std::vector<Kernel> fast_kernels() {
  std::vector<Kernel> kernels = {Kernel::kPortable};
  for (const Kernel kernel : {Kernel::kAvx512, Kernel::kAvx2, Kernel::kNeon}) {
    if (has_kernel(kernel)) kernels.push_back(kernel);
  }
  return kernels;
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}

  std::size_t below(std::size_t limit) { return engine_() % limit; }

  std::string text(std::string_view alphabet, std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += alphabet[below(alphabet.size())];
    return text;
  }

  // Rows that are mostly as they should be: what keeps the fast way busy.
  std::string table(std::size_t num_rows, std::size_t num_columns, std::size_t one_in) {
    std::string table;
    for (std::size_t row = 0; row < num_rows; ++row) {
      for (std::size_t column = 0; column < num_columns; ++column) {
        if (column > 0) table += ',';
        table += below(one_in) == 0 ? text({"ab\",\n\r \0x", 9}, below(9)) : plain_field();
      }
      table += below(one_in) == 0 ? "\r" : below(4) == 0 ? "\r\n" : "\n";
    }
    return table;
  }

 private:
  std::string plain_field() {
    switch (below(6)) {
      case 0:
        return "\"" + text("ab, \n", below(12)) + "\"";
      case 1:
        return "\"" + text("ab", below(4)) + "\"\"" + text("ab,", below(90)) + "\"";
      case 2:
        return "";
      default:
        return text("abc0123 .-", below(14));
    }
  }

  std::mt19937 engine_;
};

std::string replaced(std::string_view text, std::string_view what, std::string_view by) {
  std::string result;
  while (true) {
    const std::size_t at = text.find(what);
    result += text.substr(0, at);
    if (at == std::string_view::npos) return result;
    result += by;
    text.remove_prefix(at + what.size());
  }
}

std::string first_difference(const std::vector<std::string>& fast,
                             const std::vector<std::string>& careful) {
  const auto [left, right] = std::ranges::mismatch(fast, careful);
  if (left == fast.end() && right == careful.end()) return "";
  return fmt::format("fast {} / careful {}", left == fast.end() ? "ended" : *left,
                     right == careful.end() ? "ended" : *right);
}

void expect_all_alike(std::string_view text, const Dialect& dialect, const Limits& limits,
                      std::size_t piece) {
  const ReadResult careful = read_all(text, dialect, limits, Kernel::kNone, piece);
  for (const Kernel kernel : fast_kernels()) {
    const ReadResult fast = read_all(text, dialect, limits, kernel, piece);
    ASSERT_EQ(fast.header, careful.header);
    ASSERT_EQ(first_difference(fast.log, careful.log), "");
    ASSERT_EQ(fast.offsets, careful.offsets);
  }
}

TEST(Kernels, GiveTheSameOnRandomBytesOfASmallAlphabet) {
  using std::string_view_literals::operator""sv;
  constexpr std::string_view kAlphabets[] = {"a,\"\n"sv, "ab,\"\n\r \0"sv, "a,\n\"\""sv,
                                             "aaaaaaaaaaaa,,,,\n\r\""sv, "a\n\r, \""sv};
  Random random(1);
  for (int round = 0; round < 500; ++round) {
    const std::string_view alphabet = kAlphabets[random.below(std::size(kAlphabets))];
    Dialect dialect;
    dialect.header_lines = static_cast<std::uint32_t>(random.below(3));
    dialect.num_columns = static_cast<std::uint32_t>(random.below(4));
    dialect.quote = random.below(5) == 0 ? '\0' : '"';
    const std::string text = random.text(alphabet, random.below(300));
    expect_all_alike(text, dialect, {}, 1 + random.below(40));
    if (HasFatalFailure()) FAIL() << "round " << round << ": " << testing::PrintToString(text);
  }
}

TEST(Kernels, GiveTheSameOnTablesWithMistakes) {
  Random random(2);
  for (int round = 0; round < 10; ++round) {
    Dialect dialect;
    dialect.header_lines = static_cast<std::uint32_t>(random.below(2));
    const std::string text =
        random.table(random.below(1500), 1 + random.below(12), 5 + random.below(2000));
    expect_all_alike(text, dialect, {}, 1 + random.below(70'000));
    if (HasFatalFailure()) FAIL() << "round " << round;
  }
}

TEST(Kernels, GiveTheSameAtEachLimit) {
  Random random(3);
  for (int round = 0; round < 400; ++round) {
    Limits limits;
    limits.max_field_bytes = 1 + random.below(30);
    limits.max_record_bytes = limits.max_field_bytes + random.below(60);
    limits.max_columns = 1 + random.below(6);
    limits.max_cells_per_batch = 1 + random.below(20);
    const std::string text = random.table(random.below(30), 1 + random.below(5), 10);
    expect_all_alike(text, {}, limits, 1 + random.below(50));
    if (HasFatalFailure()) FAIL() << "round " << round << ": " << testing::PrintToString(text);
  }
}

// The log without the lines about skipped ones, then these: they stand where their batch ends.
std::vector<std::string> in_file_order(std::vector<std::string> log) {
  std::ranges::stable_partition(
      log, [](const std::string& line) { return !line.starts_with("skipped"); });
  return log;
}

void expect_threads_change_nothing(std::string_view text, const Dialect& dialect, Limits limits,
                                   std::size_t piece) {
  const ReadResult alone = read_all(text, dialect, limits, Kernel::kBest, piece);
  for (const std::size_t num_threads : {2U, 3U}) {
    limits.num_threads = num_threads;
    const ReadResult many = read_all(text, dialect, limits, Kernel::kBest, piece);
    ASSERT_EQ(first_difference(in_file_order(many.log), in_file_order(alone.log)), "");
    ASSERT_EQ(many.offsets, alone.offsets);
  }
}

TEST(Threads, ChangeNothing) {
  Random random(4);
  for (int round = 0; round < 4; ++round) {
    Dialect dialect;
    dialect.quote = random.below(4) == 0 ? '\0' : '"';
    const std::string text = random.table(6000, 1 + random.below(12), 2'000'000);
    expect_threads_change_nothing(text, dialect, {}, 1 + random.below(70'000));
    if (HasFatalFailure()) FAIL() << "round " << round;
  }
}

TEST(Threads, ChangeNothingWhereQuotesMisleadTheSplit) {
  Random random(5);
  for (int round = 0; round < 4; ++round) {
    const std::string text = random.table(5000, 1 + random.below(12), 20 + random.below(20'000));
    expect_threads_change_nothing(text, {}, {}, 1 + random.below(70'000));
    if (HasFatalFailure()) FAIL() << "round " << round;
  }
}

TEST(Threads, ChangeNothingInAnyDialect) {
  const std::pair<Dialect, std::string_view> cases[] = {
      {{.delimiter = "||"}, "||"},
      {{.delimiter = ", "}, ", "},
      {{.delimiter = " ", .merges_blanks = true}, "  "},
      {{.escape = '\\'}, ","},
      {{.delimiter = "~|~", .escape = '\\'}, "~|~"},
      {{.newline = Newline::kCr}, ","},
      {{.encoding = "utf-16le", .has_bom = true}, ","},
  };
  Random random(7);
  for (const auto& [dialect, delimiter] : cases) {
    std::string text = random.table(6000, 5, 2000);
    if (dialect.escape == '\\') std::ranges::replace(text, '.', '\\');
    if (dialect.newline == Newline::kCr) std::erase(text, '\n');
    text = replaced(text, ",", delimiter);
    expect_threads_change_nothing(text, dialect, {}, 1 + random.below(70'000));
    if (HasFatalFailure()) FAIL() << "delimiter " << delimiter << " escape " << dialect.escape;
  }
}

// A blank line tells of the record behind it, which may be in another block.
TEST(Threads, ChangeNothingWhereBlankLinesStand) {
  Random random(8);
  for (int round = 0; round < 4; ++round) {
    std::string text = "id,day,note\n";
    const std::size_t one_in = 1 + random.below(4);
    for (int row = 0; row < 25'000; ++row) {
      text += fmt::format("{},2025-09-01,\"{}\"\n", row, random.text("ab\n", random.below(6)));
      if (random.below(one_in) == 0) text += random.text(" \t", random.below(2)) + "\n";
      if (random.below(4'000) == 0) text += "\nTeachers\n";
    }
    if (round % 2 == 0) text += "\nTeachers\nteacher,room,hours\nAna,12,30\n";
    expect_threads_change_nothing(text, {}, {}, 1 + random.below(70'000));
    if (HasFatalFailure()) FAIL() << "round " << round;
  }
}

TEST(Threads, StopAtTheSameLimit) {
  Random random(6);
  for (int round = 0; round < 6; ++round) {
    Limits limits;
    limits.max_field_bytes = 60 + random.below(40);
    limits.max_record_bytes = 300 + random.below(200);
    const std::string text = random.table(8000, 1 + random.below(5), 4000);
    expect_threads_change_nothing(text, {}, limits, SIZE_MAX);
    if (HasFatalFailure()) FAIL() << "round " << round;
  }
}

TEST(Kernels, AreChosenByWhatTheMachineHas) {
  EXPECT_TRUE(has_kernel(Kernel::kPortable));
  EXPECT_TRUE(has_kernel(Kernel::kBest));
  EXPECT_TRUE(has_kernel(Kernel::kNone));
  EXPECT_TRUE(has_kernel(Kernel::kNeon));  // where there is none, tests have it by SIMDe
}

}  // namespace
}  // namespace homeroom::parse
