#include "io/process/process.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/result.h"
#include "io/deadline.h"
#include "io/file.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr milliseconds kLong{10'000};

Command shell(const std::string& script) {
  return {.program = "/bin/sh", .arguments = {"-c", script}};
}

/// Whether `condition` comes true in a while.
template <class Condition>
bool soon(const Condition& condition) {
  const Deadline deadline = Deadline::after(kLong);
  while (!condition()) {
    if (deadline.has_passed()) return false;
    sleep_for(milliseconds(5));
  }
  return true;
}

TEST(RunToEnd, GivesTheOutputAndTheExitCode) {
  const std::vector<std::pair<std::string, std::pair<int, std::string>>> table = {
      {"echo out; echo err >&2; exit 3", {3, "out\nerr\n"}},
      {"cat", {0, ""}},
      {"kill -9 $$", {137, ""}},
      {"pwd; env | sort | grep -v '^PWD='",
       {0, "/\nLC_ALL=C\nPATH=/usr/local/bin:/usr/bin:/bin\n"}},
      {"umask", {0, "0077\n"}},
      {"ls /proc/self/fd | wc -l", {0, "4\n"}},  // stdin, stdout, stderr and ls's own
  };
  for (const auto& [script, expected] : table) {
    const auto finished = run_to_end(shell(script), kLong);
    ASSERT_TRUE(finished) << finished.error().message;
    EXPECT_EQ(finished->exit_code, expected.first) << script;
    EXPECT_EQ(finished->output, expected.second) << script;
  }
}

TEST(RunToEnd, KeepsTheEndOfALongOutput) {
  const auto finished = run_to_end(shell("seq 1 100000"), kLong);
  ASSERT_TRUE(finished);
  EXPECT_LE(finished->output.size(), 65536U);
  EXPECT_TRUE(finished->output.ends_with("99999\n100000\n"));
}

TEST(RunToEnd, StopsWhatTakesTooLongWithAllItStarted) {
  const auto folder = TemporaryFolder::create(fs::temp_directory_path()).value();
  Command command = shell("echo $$ > pid; sleep 100 & sleep 100");
  command.folder = folder.path();
  const auto finished = run_to_end(command, milliseconds(100));
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, ErrorCode::kIo);
  EXPECT_EQ(finished.error().message, "/bin/sh did not end within 1 s and was stopped");
  EXPECT_NE(finished.error().hint, "");
  const pid_t group = std::stoi(read_file(folder.path() / "pid").value());
  EXPECT_TRUE(soon([group] { return ::kill(-group, 0) != 0 || !is_alive(group); }));
}

TEST(RunToEnd, SaysWhyAProgramCannotStart) {
  Command missing{.program = "/nowhere/program", .arguments = {}};
  const Error no_program = run_to_end(missing, kLong).error();
  EXPECT_EQ(no_program.code, ErrorCode::kConfig);
  EXPECT_EQ(no_program.message, "cannot start /nowhere/program: it does not exist");
  Command lost = shell("true");
  lost.folder = "/nowhere";
  EXPECT_EQ(run_to_end(lost, kLong).error().message, "cannot enter /nowhere: it does not exist");
}

TEST(RunToEnd, TakesTheRightsOfItsUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root may run a program as another user";
  Command command = shell("id -un; id -G; cat /etc/shadow");
  command.user = find_user("nobody").value();
  const auto finished = run_to_end(command, kLong);
  ASSERT_TRUE(finished) << finished.error().message;
  EXPECT_THAT(finished->output, HasSubstr("nobody\n65534\n"));
  EXPECT_THAT(finished->output, HasSubstr("Permission denied"));
}

TEST(FindUser, NamesTheUserThatIsMissing) {
  const auto user = find_user("no-such-user");
  ASSERT_FALSE(user);
  EXPECT_EQ(user.error().code, ErrorCode::kConfig);
  EXPECT_EQ(user.error().message, "this system has no user no-such-user");
  EXPECT_EQ(current_user().id, ::geteuid());
}

TEST(StartDetached, LeavesAProgramThatIsNotOursAndWritesItsOutput) {
  const auto folder = TemporaryFolder::create(fs::temp_directory_path()).value();
  const auto pid = start_detached(shell("echo $PPID; sleep 100"), folder.path() / "log");
  ASSERT_TRUE(pid) << pid.error().message;
  EXPECT_TRUE(is_alive(*pid));
  EXPECT_EQ(::waitpid(*pid, nullptr, WNOHANG), -1);
  const fs::path log = folder.path() / "log";
  EXPECT_TRUE(soon([&log] { return !read_file(log)->empty(); }));
  EXPECT_NE(read_file(log), std::to_string(::getpid()) + "\n");
  EXPECT_EQ(fs::status(log).permissions(), fs::perms(0600));
  ASSERT_EQ(::kill(*pid, SIGKILL), 0);
  EXPECT_TRUE(soon([&pid] { return !is_alive(*pid); }));
}

TEST(StartDetached, SaysWhyItCouldNotStart) {
  const auto folder = TemporaryFolder::create(fs::temp_directory_path()).value();
  const auto no_program =
      start_detached({.program = "/nowhere/program", .arguments = {}}, folder.path() / "log");
  ASSERT_FALSE(no_program);
  EXPECT_EQ(no_program.error().message, "cannot start /nowhere/program: it does not exist");
  const auto no_log = start_detached(shell("true"), folder.path() / "none" / "log");
  ASSERT_FALSE(no_log);
  EXPECT_THAT(no_log.error().message, HasSubstr("cannot write"));
}

TEST(CallAs, GivesTheErrnoThatTheUserMeets) {
  const auto forbidden = [] { return ::access("/etc/shadow", R_OK) == 0 ? 0 : errno; };
  EXPECT_EQ(call_as(std::nullopt, [] { return ENOSPC; }), ENOSPC);
  if (::geteuid() != 0) GTEST_SKIP() << "only root may act as another user";
  EXPECT_EQ(call_as(std::nullopt, forbidden), 0);
  EXPECT_EQ(call_as(find_user("nobody").value(), forbidden), EACCES);
}

TEST(IsAlive, KnowsTheDeadAndTheNotYetReaped) {
  EXPECT_TRUE(is_alive(::getpid()));
  EXPECT_FALSE(is_alive(0));
  EXPECT_FALSE(is_alive(-1));
  EXPECT_FALSE(is_alive(1 << 22));  // more than the system gives
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  EXPECT_TRUE(soon([child] { return !is_alive(child); }));
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
}

TEST(StartTicks, AreTheSameForOneProcessAndGrow) {
  const auto own = start_ticks(::getpid());
  ASSERT_TRUE(own);
  EXPECT_EQ(own, start_ticks(::getpid()));
  EXPECT_LT(start_ticks(1), own);
}

TEST(FindProcesses, GoesByProgramFolderAndUser) {
  const auto made = TemporaryFolder::create(fs::temp_directory_path()).value();
  const fs::path folder = fs::canonical(made.path());
  Command command{.program = "/bin/sleep", .arguments = {"100"}, .folder = folder};
  const auto pid = start_detached(command, folder / "log");
  ASSERT_TRUE(pid) << pid.error().message;
  EXPECT_THAT(find_processes(std::nullopt, "sleep", folder).value(), ElementsAre(*pid));
  EXPECT_THAT(find_processes(std::nullopt, "postgres", folder).value(), IsEmpty());
  EXPECT_THAT(find_processes(std::nullopt, "sleep", "/").value(),
              testing::Not(testing::Contains(*pid)));
  if (::geteuid() == 0) {
    EXPECT_THAT(find_processes(find_user("nobody").value(), "sleep", folder).value(), IsEmpty());
  }
  ::kill(*pid, SIGKILL);
  EXPECT_TRUE(soon([&pid] { return !is_alive(*pid); }));
  EXPECT_THAT(find_processes(std::nullopt, "sleep", folder).value(), IsEmpty());
}

}  // namespace
}  // namespace homeroom::io
