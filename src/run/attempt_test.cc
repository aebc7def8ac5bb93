#include "run/attempt.h"

#include <csignal>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/file.h"

namespace homeroom::run {
namespace {

namespace fs = std::filesystem;

source::InputFile in_folder(const fs::path& location) {
  source::InputFile input;
  input.path = "in/poison.csv";
  input.source = "in";
  input.location = location;
  return input;
}

class AttemptTest : public testing::Test {
 protected:
  AttemptTest() { write("a,b\n1,2\n"); }

  void write(const std::string& text) { std::ofstream(input.location) << text; }

  // A program that ends in the middle of the file.
  void break_off(int signal) {
    const pid_t child = ::fork();
    if (child == 0) {
      const Attempt attempt = Attempt::begin(folder, input);
      ::kill(::getpid(), signal);
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    ASSERT_EQ(WTERMSIG(status), signal);
  }

  io::TemporaryFolder place = io::TemporaryFolder::create(testing::TempDir()).value();
  fs::path folder = place.path() / "attempts";
  source::InputFile input = in_folder(place.path() / "x");
};

TEST_F(AttemptTest, CountsTheTriesThatTheProgramDidNotSurvive) {
  EXPECT_FALSE(broke_off_before(folder, input));
  for (int i = 0; i < kMostTries; ++i) break_off(SIGKILL);
  EXPECT_TRUE(broke_off_before(folder, input));
  Attempt attempt = Attempt::begin(folder, input);
  EXPECT_EQ(attempt.num_broken_off(), kMostTries);
  attempt.keep_note();
}

TEST_F(AttemptTest, ATryThatEndsIsForgotten) {
  break_off(SIGKILL);
  {
    EXPECT_EQ(Attempt::begin(folder, input).num_broken_off(), 1);
  }
  EXPECT_FALSE(broke_off_before(folder, input));
  EXPECT_EQ(Attempt::begin(folder, input).num_broken_off(), 0);
}

TEST_F(AttemptTest, WhoStopsTheProgramIsNotTheFilesFault) {
  break_off(SIGINT);
  break_off(SIGTERM);
  EXPECT_FALSE(broke_off_before(folder, input));
}

TEST_F(AttemptTest, AChangedFileBeginsAnew) {
  break_off(SIGSEGV);
  write("a,b\n1,2\n3,4\n");
  EXPECT_EQ(Attempt::begin(folder, input).num_broken_off(), 0);
}

TEST_F(AttemptTest, AFileInWorkElsewhereIsNotCounted) {
  const Attempt first = Attempt::begin(folder, input);
  EXPECT_EQ(Attempt::begin(folder, input).num_broken_off(), 0);
  EXPECT_TRUE(broke_off_before(folder, input));  // its note stands as long as it is in work
}

TEST_F(AttemptTest, AFolderThatCannotBeWrittenStopsNothing) {
  const Attempt attempt = Attempt::begin("/proc/none", input);
  EXPECT_EQ(attempt.num_broken_off(), 0);
}

}  // namespace
}  // namespace homeroom::run
