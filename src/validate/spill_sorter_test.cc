#include "validate/spill_sorter.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace homeroom::validate {
namespace {

using testing::HasSubstr;

// 64 bytes, so that few make many runs.
struct Number {
  std::uint64_t high;
  std::uint64_t low;
  std::array<std::uint64_t, 6> rest{};

  [[nodiscard]] std::uint64_t prefix() const { return high; }

  auto operator<=>(const Number&) const = default;
};

std::vector<Number> sort_all(SpillSorter<Number>& sorter) {
  EXPECT_TRUE(sorter.finish().has_value());
  std::vector<Number> sorted;
  auto reader = sorter.read();
  for (Number number{}; reader.next(number).value();) sorted.push_back(number);
  return sorted;
}

// `memory_bytes` of 0 means the least there is: 512 records.
std::vector<Number> sort_with(const std::vector<Number>& numbers, std::size_t memory_bytes) {
  SpillSorter<Number> sorter(testing::TempDir(), memory_bytes);
  for (const Number& number : numbers) EXPECT_TRUE(sorter.add(number).has_value());
  return sort_all(sorter);
}

struct Shape {
  const char* name;
  std::size_t size;
  Number (*make)(std::uint64_t i, std::mt19937_64& random);
};

// The same numbers in every run.
std::mt19937_64 seeded(unsigned seed) {
  return std::mt19937_64(seed);
}

class SpillSorterTest : public testing::TestWithParam<Shape> {};

TEST_P(SpillSorterTest, GivesBackEveryRecordInOrder) {
  std::mt19937_64 random = seeded(3);
  std::vector<Number> numbers;
  for (std::uint64_t i = 0; i < GetParam().size; ++i) {
    numbers.push_back(GetParam().make(i, random));
  }
  std::vector<Number> expected = numbers;
  std::ranges::sort(expected);
  EXPECT_TRUE(sort_with(numbers, 0) == expected) << "spilled";
  EXPECT_TRUE(sort_with(numbers, 16 << 20) == expected) << "in memory";
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, SpillSorterTest,
    testing::Values(
        Shape{"none", 0, [](auto, auto&) { return Number{}; }},
        Shape{"one", 1, [](auto, auto&) { return Number{5, 6, {}}; }},
        Shape{"one_run", 512, [](auto, auto& random) { return Number{random(), random(), {}}; }},
        Shape{"one_more_than_a_run", 513,
              [](auto, auto& random) { return Number{random(), random(), {}}; }},
        Shape{"random", 10'000, [](auto, auto& random) { return Number{random(), random(), {}}; }},
        Shape{"more_runs_than_are_merged_at_once", 40'000,
              [](auto, auto& random) { return Number{random(), random(), {}}; }},
        Shape{"equal", 10'000, [](auto, auto&) { return Number{7, 7, {}}; }},
        Shape{"equal_prefix", 10'000, [](auto, auto& random) { return Number{7, random(), {}}; }},
        Shape{"ascending", 10'000, [](auto i, auto&) { return Number{i, 0, {}}; }},
        Shape{"descending", 10'000, [](auto i, auto&) { return Number{~i, i, {}}; }},
        Shape{"few_values", 10'000,
              [](auto i, auto& random) { return Number{random() % 3 << 62, i % 5, {}}; }},
        Shape{"last_byte", 10'000,
              [](auto, auto& random) { return Number{random() % 256, 0, {}}; }}),
    [](const auto& shape) { return std::string(shape.param.name); });

TEST(SpillSorter, IsReadAsOftenAsNeeded) {
  for (const std::size_t size : {std::size_t{10}, std::size_t{1'000}}) {
    SpillSorter<Number> sorter(testing::TempDir(), 0);
    for (std::size_t i = 0; i < size; ++i) ASSERT_TRUE(sorter.add({size - i, 0, {}}).has_value());
    const auto first = sort_all(sorter);
    std::vector<Number> second;
    auto reader = sorter.read();
    for (Number number{}; reader.next(number).value();) second.push_back(number);
    EXPECT_EQ(first.size(), size);
    EXPECT_TRUE(first == second);
  }
}

TEST(SpillSorter, LeavesNoFileBehind) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "spill_empty";
  std::filesystem::create_directories(folder);
  SpillSorter<Number> sorter(folder, 0);
  for (std::uint64_t i = 0; i < 1'000; ++i) ASSERT_TRUE(sorter.add({i, i, {}}).has_value());
  EXPECT_TRUE(std::filesystem::is_empty(folder));
  std::filesystem::remove(folder);
}

TEST(SpillSorter, SaysWhichFolderItCannotWrite) {
  SpillSorter<Number> sorter("/nonexistent/scratch", 0);
  Status status;
  for (std::uint64_t i = 0; i < 1'000 && status.has_value(); ++i) status = sorter.add({i, i, {}});
  ASSERT_FALSE(status.has_value());
  EXPECT_EQ(status.error().code, ErrorCode::kIo);
  EXPECT_EQ(status.error().message, "the temporary file in /nonexistent/scratch cannot be made");
  EXPECT_EQ(status.error().hint, "check that the folder exists and may be written");
  EXPECT_EQ(status.error().detail, "No such file or directory");
}

TEST(SpillFile, SaysThatItEndsBeforeWhatIsAskedFor) {
  auto file = SpillFile::create(testing::TempDir());
  ASSERT_TRUE(file.has_value());
  std::vector<std::byte> bytes(10, std::byte{1});
  ASSERT_TRUE(file->append(bytes).has_value());
  EXPECT_EQ(file->size_bytes(), 10);
  ASSERT_TRUE(file->read(0, bytes).has_value());
  const Status status = file->read(1, bytes);
  ASSERT_FALSE(status.has_value());
  EXPECT_THAT(status.error().message, HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace homeroom::validate
