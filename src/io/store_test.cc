#include "io/store.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/result.h"
#include "io/file.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class StoreTest : public testing::Test {
 protected:
  [[nodiscard]] fs::path root() const { return folder_.path() / "data" / "store"; }

  [[nodiscard]] Store open() const {
    auto store = Store::open(root());
    EXPECT_TRUE(store) << store.error().message;
    return *store;
  }

 private:
  TemporaryFolder folder_ = TemporaryFolder::create(fs::temp_directory_path()).value();
};

Status put(const Store& store, std::string_view key, std::string_view content) {
  const auto writer = HOMEROOM_TRY(store.create(key));
  HOMEROOM_TRY(writer->write(content));
  return writer->commit();
}

std::string get(const Store& store, std::string_view key) {
  const auto source = store.read(key);
  if (!source) return "error: " + source.error().message;
  std::array<char, 100> buffer{};
  return {buffer.data(), (*source)->read(buffer).value()};
}

TEST_F(StoreTest, GivesBackWhatWasCommitted) {
  const Store store = open();
  ASSERT_TRUE(put(store, "raw/sis/a.csv", "id\n"));
  EXPECT_EQ(get(store, "raw/sis/a.csv"), "id\n");
  ASSERT_TRUE(put(store, "raw/sis/a.csv", "new"));
  EXPECT_EQ(get(open(), "raw/sis/a.csv"), "new");
  EXPECT_EQ(fs::status(root()).permissions(), fs::perms(0700));
  EXPECT_EQ(fs::status(root() / "raw/sis/a.csv").permissions(), fs::perms(0600));
}

TEST_F(StoreTest, ShowsNothingBeforeCommitAndLeavesNothingWithoutIt) {
  const Store store = open();
  {
    const auto writer = store.create("raw/a.csv").value();
    ASSERT_TRUE(writer->write(std::string_view("id\n")));
    EXPECT_FALSE(store.contains("raw/a.csv"));
    EXPECT_THAT(store.list("").value(), IsEmpty());
  }
  EXPECT_FALSE(store.contains("raw/a.csv"));
  EXPECT_TRUE(fs::is_empty(store.scratch()));
}

TEST_F(StoreTest, PublishesUnderAKeyKnownOnlyAtTheEnd) {
  const Store store = open();
  const auto writer = store.create("raw/unknown").value();
  ASSERT_TRUE(writer->write(std::string_view("id\n")));
  ASSERT_TRUE(writer->commit_as("clean/attendance/school_year=2026/a-0123abcd.csv"));
  EXPECT_THAT(store.list("").value(),
              ElementsAre("clean/attendance/school_year=2026/a-0123abcd.csv"));
  EXPECT_FALSE(store.contains("raw/unknown"));
}

TEST_F(StoreTest, ListsKeysByPrefixInTheOrderOfTheirBytes) {
  const Store store = open();
  for (const auto* const key : {"raw/b.csv", "raw/a/z.csv", "raw/a.csv", "rawish/c.csv", "top"}) {
    ASSERT_TRUE(put(store, key, "x")) << key;
  }
  fs::create_symlink("b.csv", root() / "raw/link.csv");
  EXPECT_THAT(store.list("raw/").value(), ElementsAre("raw/a.csv", "raw/a/z.csv", "raw/b.csv"));
  EXPECT_THAT(store.list("raw/a").value(), ElementsAre("raw/a.csv", "raw/a/z.csv"));
  EXPECT_THAT(store.list("t").value(), ElementsAre("top"));
  EXPECT_THAT(store.list("none/").value(), IsEmpty());
  EXPECT_THAT(store.list("top/").value(), IsEmpty());
  EXPECT_EQ(store.list("").value().size(), 5U);
}

TEST_F(StoreTest, RefusesKeysThatLeaveItOrAreNotPlain) {
  const Store store = open();
  const std::vector<std::string> keys = {"",
                                         "/etc/passwd",
                                         "../x",
                                         "a/../b",
                                         "a/..",
                                         "a//b",
                                         "a/",
                                         "./a",
                                         "a/./b",
                                         ".tmp/x",
                                         std::string("a\0b", 3),
                                         "a\nb",
                                         std::string(256, 'x'),
                                         "a/" + std::string(1100, 'x')};
  for (const std::string& key : keys) {
    const Status written = put(store, key, "x");
    ASSERT_FALSE(written) << key;
    EXPECT_EQ(written.error().code, ErrorCode::kInvalidInput) << key;
    EXPECT_EQ(written.error().message, "a store key is not a plain relative path");
    EXPECT_NE(written.error().hint, "");
    EXPECT_FALSE(store.contains(key)) << key;
    EXPECT_FALSE(store.read(key)) << key;
    EXPECT_FALSE(store.remove(key)) << key;
    const auto writer = store.create("ok").value();
    EXPECT_FALSE(writer->commit_as(key)) << key;
  }
  EXPECT_FALSE(store.list("../"));
  EXPECT_FALSE(store.list("/"));
}

TEST_F(StoreTest, TakesAnObjectOutOfAnotherStore) {
  const Store store = open();
  const Store other = Store::open(store.scratch() / "apart").value();
  ASSERT_TRUE(put(store, "clean/a.csv", "old"));
  ASSERT_TRUE(put(other, "clean/a.csv", "new"));
  ASSERT_TRUE(put(other, "quarantine/x/b.csv", "bad"));
  ASSERT_TRUE(store.take_from(other, "clean/a.csv"));
  ASSERT_TRUE(store.take_from(other, "quarantine/x/b.csv"));
  EXPECT_EQ(get(store, "clean/a.csv"), "new");
  EXPECT_EQ(get(store, "quarantine/x/b.csv"), "bad");
  EXPECT_THAT(other.list("").value(), IsEmpty());
  EXPECT_FALSE(store.take_from(other, "clean/a.csv"));
  EXPECT_FALSE(store.take_from(other, "../a.csv"));
}

TEST_F(StoreTest, RemovesWhatIsThereAndForgivesWhatIsNot) {
  const Store store = open();
  ASSERT_TRUE(put(store, "raw/a.csv", "x"));
  EXPECT_TRUE(store.remove("raw/a.csv"));
  EXPECT_FALSE(store.contains("raw/a.csv"));
  EXPECT_TRUE(store.remove("raw/a.csv"));
  EXPECT_TRUE(store.remove("never/was"));
  EXPECT_FALSE(store.remove("raw"));
}

TEST_F(StoreTest, SaysWhenAKeyWouldLieInsideAnObject) {
  const Store store = open();
  ASSERT_TRUE(put(store, "raw", "x"));
  const Status written = put(store, "raw/a.csv", "x");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr("not a folder"));
}

TEST_F(StoreTest, RemovesWhatADeadProcessLeftAndKeepsWhatALivingOneHas) {
  const Store store = open();
  std::ofstream(store.scratch() / "mine") << "x";
  const pid_t child = ::fork();
  if (child == 0) {
    const auto theirs = Store::open(root());
    if (theirs) std::ofstream(theirs->scratch() / "theirs") << "x";
    ::_exit(theirs ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(status, 0);
  const auto num_folders = [this] {
    return std::distance(fs::directory_iterator(root() / ".tmp"), fs::directory_iterator());
  };
  EXPECT_EQ(num_folders(), 2);
  const Store again = open();
  EXPECT_EQ(num_folders(), 1);
  EXPECT_TRUE(fs::exists(again.scratch() / "mine"));
}

TEST_F(StoreTest, JudgesFoldersOfOtherContainersByTheirAge) {
  const Store store = open();
  const fs::path young = root() / ".tmp" / "1-1-1";
  const fs::path old = root() / ".tmp" / "1-2-1";
  fs::create_directory(young);
  fs::create_directory(old);
  fs::last_write_time(old, fs::last_write_time(young) - std::chrono::hours(25));
  static_cast<void>(open());
  EXPECT_TRUE(fs::exists(young));
  EXPECT_FALSE(fs::exists(old));
}

TEST_F(StoreTest, TakesObjectsOfSeveralThreadsWhole) {
  const Store store = open();
  constexpr int kThreads = 4;
  std::vector<std::thread> threads;
  for (int number = 0; number < kThreads; ++number) {
    threads.emplace_back([&store, number] {
      for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(put(store, "same/key", std::string(50, static_cast<char>('a' + number))));
        EXPECT_TRUE(put(store, fmt::format("own/{}/{}", number, i), "x"));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string content = get(store, "same/key");
  EXPECT_EQ(content, std::string(50, content.front()));
  EXPECT_EQ(store.list("own/").value().size(), 40U);
}

}  // namespace
}  // namespace homeroom::io
