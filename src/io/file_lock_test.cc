#include "io/file_lock.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "base/result.h"
#include "io/deadline.h"
#include "io/file.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

class FileLocks : public testing::Test {
 protected:
  [[nodiscard]] const fs::path& folder() const { return folder_.path(); }

  [[nodiscard]] std::optional<FileLock> try_lock(LockMode mode, const char* name = "lock") const {
    auto lock = FileLock::lock_file(folder() / name, mode, Deadline::after({}));
    EXPECT_TRUE(lock) << lock.error().message;
    return std::move(*lock);
  }

 private:
  TemporaryFolder folder_ = TemporaryFolder::create(fs::temp_directory_path()).value();
};

TEST_F(FileLocks, AreHeldByManySharersOrOneAlone) {
  auto first = try_lock(LockMode::kShared);
  EXPECT_TRUE(first);
  EXPECT_TRUE(try_lock(LockMode::kShared));
  EXPECT_FALSE(try_lock(LockMode::kExclusive));
  first.reset();
  const auto alone = try_lock(LockMode::kExclusive);
  EXPECT_TRUE(alone);
  EXPECT_FALSE(try_lock(LockMode::kShared));
  EXPECT_TRUE(try_lock(LockMode::kExclusive, "other"));
}

TEST_F(FileLocks, WaitUntilTheDeadlineForTheirTurn) {
  auto held = try_lock(LockMode::kExclusive);
  std::thread holder([&held] {
    sleep_for(milliseconds(50));
    held.reset();
  });
  const auto taken = FileLock::lock_file(folder() / "lock", LockMode::kExclusive,
                                         Deadline::after(milliseconds(10'000)));
  holder.join();
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_TRUE(*taken);
}

TEST_F(FileLocks, AreNotFooledByAFileThatItsHolderRemoved) {
  auto held = try_lock(LockMode::kExclusive);
  std::thread holder([this, &held] {
    sleep_for(milliseconds(50));
    fs::remove(folder() / "lock");
    held.reset();
  });
  const auto taken = FileLock::lock_file(folder() / "lock", LockMode::kExclusive,
                                         Deadline::after(milliseconds(10'000)));
  holder.join();
  ASSERT_TRUE(taken && *taken);
  EXPECT_TRUE(fs::exists(folder() / "lock"));
  EXPECT_FALSE(try_lock(LockMode::kShared));
}

TEST_F(FileLocks, HoldFoldersToo) {
  const auto lock = [this] {
    return FileLock::lock_folder(folder(), LockMode::kExclusive, Deadline::after({}));
  };
  const auto first = lock();
  ASSERT_TRUE(first && *first);
  EXPECT_FALSE(*lock());
  EXPECT_TRUE(fs::is_empty(folder()));
  const auto missing =
      FileLock::lock_folder(folder() / "none", LockMode::kShared, Deadline::after({}));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kIo);
}

TEST(Deadline, PassesAndNeverPasses) {
  EXPECT_TRUE(Deadline::after({}).has_passed());
  EXPECT_EQ(Deadline::after({}).poll_timeout(), 0);
  const Deadline later = Deadline::after(milliseconds(50'000));
  EXPECT_FALSE(later.has_passed());
  EXPECT_GT(later.poll_timeout(), 40'000);
  EXPECT_LE(later.left(), milliseconds(50'000));
  EXPECT_FALSE(Deadline::never().has_passed());
  EXPECT_EQ(Deadline::never().poll_timeout(), -1);
}

}  // namespace
}  // namespace homeroom::io
