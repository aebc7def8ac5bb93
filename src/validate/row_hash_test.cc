#include "validate/row_hash.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace homeroom::validate {
namespace {

HashSecret secret_of(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  HashSecret secret;
  for (std::uint64_t& word : secret.words) word = random();
  return secret;
}

std::size_t num_different(std::vector<std::uint64_t> hashes) {
  std::ranges::sort(hashes);
  return static_cast<std::size_t>(std::ranges::unique(hashes).begin() - hashes.begin());
}

TEST(RowHasher, TellsTextsOfEveryLengthApartWhateverBytesFollow) {
  const RowHasher hasher{HashSecret()};
  for (const char fill : {'\0', 'a', '\xFF'}) {
    const std::string text(5'000, fill);
    std::vector<std::uint64_t> hashes;
    for (std::size_t size = 0; size <= text.size(); ++size) {
      hashes.push_back(hasher.hash64(std::span(text).first(size)));
    }
    EXPECT_EQ(num_different(hashes), text.size() + 1);
  }
}

TEST(RowHasher, SeesEveryBitOfATextOfAnyLength) {
  const RowHasher hasher{HashSecret()};
  for (const std::size_t size : {1U, 7U, 15U, 16U, 17U, 33U, 100U, 1'024U, 1'025U, 3'000U}) {
    std::string text(size, 'x');
    std::vector<std::uint64_t> hashes = {hasher.hash64(text)};
    for (std::size_t bit = 0; bit < size * 8; ++bit) {
      text[bit / 8] = static_cast<char>(text[bit / 8] ^ (1 << (bit % 8)));
      hashes.push_back(hasher.hash64(text));
      text[bit / 8] = 'x';
    }
    EXPECT_EQ(num_different(hashes), hashes.size()) << size;
  }
}

// With another secret other texts would collide, if any: nobody can prepare them.
TEST(RowHasher, DependsOnTheSecretInEveryBit) {
  const std::string text = "0012345,2025-09-11,3";
  std::uint64_t seen = 0;
  const RowHasher usual{HashSecret()};
  for (std::uint64_t seed = 1; seed <= 64; ++seed) {
    seen |= usual.hash64(text) ^ RowHasher(secret_of(seed)).hash64(text);
  }
  EXPECT_EQ(seen, ~std::uint64_t{0});
}

// Sums of products without a secret collide where blocks are swapped or one factor is zero.
TEST(RowHasher, TellsSwappedAndEmptiedBlocksApart) {
  const RowHasher hasher{HashSecret()};
  const std::string one(16, '1');
  const std::string two(16, '2');
  const std::string none(16, '\0');
  const std::vector<std::uint64_t> hashes = {hasher.hash64(one + two),   hasher.hash64(two + one),
                                             hasher.hash64(none + one),  hasher.hash64(one + none),
                                             hasher.hash64(none + none), hasher.hash64(none)};
  EXPECT_EQ(num_different(hashes), hashes.size());
}

// Short rows are hashed in another way than long ones; both tell apart what is not the same.
TEST(RowHasher, TellsCellsApartWhereverOneEndsAndWhateverItIs) {
  RowHasher hasher{HashSecret()};
  const Cell null{.data = "", .size = 0, .state = CellState::kNull};
  const Cell hidden{.data = "*", .size = 1, .state = CellState::kSuppressed};
  const std::string nul("a\0", 2);
  std::vector<std::string> texts = {"", "a", "b", "ab", nul, "\x80", "*"};
  for (const std::size_t size : {14U, 15U, 16U, 17U, 1'023U, 1'024U, 1'025U}) {
    texts.emplace_back(size, '\0');
    texts.emplace_back(size, 'a');
  }
  std::vector<Cell> cells = {null, hidden};
  for (const std::string& text : texts) cells.push_back(value_cell(text));
  std::vector<std::uint64_t> low;
  std::vector<std::uint64_t> high;
  const auto add = [&](std::span<const Cell> row) {
    const Hash128 hash = hasher.hash128(row);
    low.push_back(hash.low);
    high.push_back(hash.high);
  };
  add({});
  for (const Cell& first : cells) {
    add(std::vector{first});
    for (const Cell& second : cells) {
      add(std::vector{first, second});
      add(std::vector{first, second, null});
    }
  }
  EXPECT_EQ(num_different(low), low.size());
  EXPECT_EQ(num_different(high), high.size());
}

// A hidden value is one whatever its mark, a null one wherever it lies.
TEST(RowHasher, TakesCellsForOneThatAreTheSame) {
  RowHasher hasher{HashSecret()};
  const std::string elsewhere = "12";
  const Cell star[] = {{.data = "*", .size = 1, .state = CellState::kSuppressed}, value_cell("12")};
  const Cell below[] = {{.data = "<10", .size = 3, .state = CellState::kSuppressed},
                        value_cell(elsewhere)};
  EXPECT_EQ(hasher.hash128(star).low, hasher.hash128(below).low);
  EXPECT_EQ(hasher.hash128(star).high, hasher.hash128(below).high);
}

// The halves must not be one number twice, nor their lowest bits follow the text's: tables use
// them.
TEST(RowHasher, SpreadsCountedKeysEvenly) {
  RowHasher hasher{HashSecret()};
  constexpr std::size_t kNumKeys = 1 << 16;
  std::vector<int> low(256);
  std::vector<int> high(256);
  std::vector<int> both(256);
  for (std::size_t i = 0; i < kNumKeys; ++i) {
    const std::string number = std::to_string(i);
    const Cell key[] = {value_cell("0012345"), value_cell(number)};
    const Hash128 hash = hasher.hash128(key);
    ++low[hash.low & 0xFFU];
    ++high[hash.high >> 56U];
    ++both[(hash.low ^ hash.high) & 0xFFU];
  }
  for (const auto& counts : {low, high, both}) {
    EXPECT_GT(std::ranges::min(counts), 160);  // 256 expected, standard deviation 16
    EXPECT_LT(std::ranges::max(counts), 352);
  }
}

}  // namespace
}  // namespace homeroom::validate
