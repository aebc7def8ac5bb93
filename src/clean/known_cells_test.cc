#include "clean/known_cells.h"

#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace homeroom::clean {
namespace {

using testing::ElementsAre;

// The same numbers in every run.
std::mt19937 seeded(unsigned seed) {
  return std::mt19937(seed);
}

std::vector<Cell> cells_of(const std::vector<std::string>& texts) {
  std::vector<Cell> cells;
  for (const std::string& text : texts) cells.push_back(value_cell(text));
  return cells;
}

OpenRows open_of(KnownTexts& known, std::vector<Cell>& cells,
                 const std::vector<RaggedRow>& ragged = {}) {
  OpenRows open;
  known.find_open(cells, ragged, open);
  return open;
}

TEST(KnownTexts, AllRowsAreOpenUntilSomethingIsKnown) {
  KnownTexts known(64);
  const std::vector<std::string> texts = {"K", "01"};
  auto cells = cells_of(texts);
  EXPECT_TRUE(open_of(known, cells).is_all);
  known.learn("K");
  const OpenRows open = open_of(known, cells);
  EXPECT_FALSE(open.is_all);
  EXPECT_THAT(open.rows, ElementsAre(1));
  EXPECT_EQ(open.num_values, 1U);
}

TEST(KnownTexts, TextsThatDifferInASingleByteOrInLengthAreNotTakenForOneAnother) {
  const std::string nul("a\0", 2);
  const std::vector<std::string> texts = {"a",
                                          nul,
                                          " a",
                                          "a ",
                                          std::string(15, 'x'),
                                          std::string(16, 'x'),
                                          std::string(17, 'x'),
                                          std::string(18, 'x'),
                                          std::string(31, 'x'),
                                          std::string(32, 'x'),
                                          std::string(33, 'x')};
  for (const std::string& learned : texts) {
    KnownTexts known(1024);
    known.learn(learned);
    known.learn("another");
    auto cells = cells_of(texts);
    std::vector<RowIndex> expected;
    for (RowIndex row = 0; row < texts.size(); ++row) {
      const bool is_found = texts[row] == learned && learned.size() <= 32;
      if (!is_found) expected.push_back(row);
    }
    EXPECT_EQ(open_of(known, cells).rows, expected) << learned;
  }
}

TEST(KnownTexts, EmptyCellsBecomeNullOnceTheyAreKnown) {
  KnownTexts known(64);
  known.learn("K");
  const std::vector<std::string> texts = {"", "K", ""};
  auto cells = cells_of(texts);
  EXPECT_THAT(open_of(known, cells).rows, ElementsAre(0, 2));
  EXPECT_EQ(cells[0].state, CellState::kValue);
  known.learn("");
  const OpenRows open = open_of(known, cells);
  EXPECT_THAT(open.rows, ElementsAre());
  EXPECT_EQ(open.num_nulls, 2U);
  EXPECT_EQ(open.num_values, 1U);
  EXPECT_EQ(cells[0].state, CellState::kNull);
}

TEST(KnownTexts, RaggedRowsStayOpenAndAreNotCounted) {
  KnownTexts known(64);
  known.learn("K");
  const std::vector<std::string> texts = {"K", "K", "x", "K"};
  auto cells = cells_of(texts);
  const OpenRows open = open_of(known, cells, {{.row = 1, .cells = {}}, {.row = 2, .cells = {}}});
  EXPECT_THAT(open.rows, ElementsAre(1, 2));
  EXPECT_EQ(open.num_values, 2U);
}

TEST(KnownTexts, NothingIsKnownThatWasNotLearned) {
  std::mt19937 random = seeded(20261127);
  KnownTexts known(64);
  std::set<std::string> learned;
  for (int round = 0; round < 200; ++round) {
    std::vector<std::string> texts;
    for (int i = 0; i < 100; ++i) {
      std::string text(random() % 40, 'a');
      for (char& c : text) c = static_cast<char>('a' + random() % 2);
      texts.push_back(std::move(text));
    }
    auto cells = cells_of(texts);
    const OpenRows open = open_of(known, cells);
    std::set<RowIndex> is_open(open.rows.begin(), open.rows.end());
    for (RowIndex row = 0; !open.is_all && row < texts.size(); ++row) {
      EXPECT_TRUE(is_open.contains(row) || learned.contains(texts[row])) << texts[row];
    }
    for (std::size_t i = 0; i < texts.size(); i += 3) {
      known.learn(texts[i]);
      learned.insert(texts[i]);
    }
  }
}

TEST(KnownTexts, GivesUpWhereTextsDoNotRepeat) {
  KnownTexts known(64);
  known.learn("K");
  for (int round = 0; round < 400; ++round) {
    std::vector<std::string> texts;
    for (int i = 0; i < 100; ++i) texts.push_back(std::to_string(round * 100 + i));
    auto cells = cells_of(texts);
    (void)open_of(known, cells);
  }
  EXPECT_FALSE(known.is_useful());
  std::vector<Cell> none;
  EXPECT_TRUE(open_of(known, none).is_all);
}

}  // namespace
}  // namespace homeroom::clean
