#include "io/server/private_postgres.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/result.h"
#include "io/deadline.h"
#include "io/file.h"
#include "io/postgres/postgres.h"
#include "io/process/process.h"
#include "io/server/server_programs.h"
#include "io/server/server_settings.h"
#include "io/server/test_postgres.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

std::string text_of(const Error& error) {
  return fmt::format("{} | {} | {}", error.message, error.hint, error.detail);
}

class PrivatePostgresTest : public testing::Test {
 protected:
  void SetUp() override {
    base_ = fs::canonical(fs::temp_directory_path()) / random_name("homeroom-pg-");
    // The server's user must be able to pass through it.
    ASSERT_EQ(::mkdir(base_.c_str(), 0700), 0);
    ASSERT_EQ(::chmod(base_.c_str(), 0711), 0);
  }

  void TearDown() override {
    for (PrivatePostgres& server : servers_) {
      const Status stopped = server.stop();
      if (!stopped) ADD_FAILURE() << text_of(stopped.error());
    }
    std::error_code ignored;
    fs::remove_all(base_, ignored);
  }

  [[nodiscard]] const fs::path& base() const { return base_; }

  [[nodiscard]] PrivatePostgresOptions options(std::string_view name = "pg") const {
    return {.folder = base_ / name, .durability = Durability::kNone};
  }

  /// A server that is stopped when the test ends.
  PrivatePostgres server(const PrivatePostgresOptions& options) {
    servers_.emplace_back(options);
    return servers_.back();
  }

  /// The same, whose cluster is there already.
  PrivatePostgres made_server() {
    const Status copied = copy_test_cluster(options().folder);
    if (!copied) ADD_FAILURE() << text_of(copied.error());
    return server(options());
  }

 private:
  fs::path base_;
  std::vector<PrivatePostgres> servers_;
};

Result<std::string> ask(const PrivatePostgres& server, const std::string& sql) {
  Connection connection = HOMEROOM_TRY(Connection::connect(server.url("homeroom_admin")));
  const QueryResult result = HOMEROOM_TRY(connection.execute(sql));
  return std::string(result.text(0, 0));
}

::testing::AssertionResult starts(PrivatePostgres& server, bool is_first = true) {
  const auto started = server.start();
  if (!started) return ::testing::AssertionFailure() << text_of(started.error());
  if (*started != is_first) return ::testing::AssertionFailure() << "started: " << *started;
  return ::testing::AssertionSuccess();
}

/// Asks the system, not the server: by the sockets that its first process has open.
bool has_tcp_socket(pid_t pid) {
  std::vector<std::string> inodes;
  for (const auto& entry : fs::directory_iterator(fmt::format("/proc/{}/fd", pid))) {
    std::error_code gone;
    const std::string link = fs::read_symlink(entry.path(), gone).string();
    if (link.starts_with("socket:[")) inodes.push_back(link.substr(8, link.size() - 9));
  }
  for (const char* const table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    const std::string text = read_file(table).value_or("");
    for (const std::string& inode : inodes) {
      if (text.find(" " + inode + " ") != std::string::npos) return true;
    }
  }
  return false;
}

TEST_F(PrivatePostgresTest, MakesStartsStopsAndStartsAgain) {
  PrivatePostgres postgres = server(options());
  EXPECT_FALSE(postgres.state()->is_initialised);
  EXPECT_TRUE(postgres.stop());
  ASSERT_TRUE(starts(postgres));
  const ServerState running = postgres.state().value();
  EXPECT_TRUE(running.is_initialised);
  EXPECT_TRUE(running.is_running);
  EXPECT_TRUE(is_alive(running.pid));
  EXPECT_GE(running.version_major, 15);
  ASSERT_TRUE(ask(postgres, "create table t as select 1 as a"));
  ASSERT_TRUE(postgres.stop());
  EXPECT_FALSE(postgres.state()->is_running);
  EXPECT_FALSE(is_alive(running.pid));
  ASSERT_TRUE(starts(postgres));
  EXPECT_EQ(ask(postgres, "select count(*) from t"), "1");
}

TEST_F(PrivatePostgresTest, IsStartedOnceByThoseWhoAskAtTheSameTime) {
  PrivatePostgres postgres = made_server();
  std::vector<std::thread> threads;
  std::array<Result<bool>, 3> started;
  for (Result<bool>& outcome : started) {
    threads.emplace_back([&outcome, postgres]() mutable { outcome = postgres.start(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Result<bool>& outcome : started) ASSERT_TRUE(outcome) << text_of(outcome.error());
  EXPECT_EQ(std::ranges::count_if(started, [](const auto& outcome) { return *outcome; }), 1);
}

TEST_F(PrivatePostgresTest, IsStoppedByTheLastOfThoseWhoUseIt) {
  PrivatePostgres postgres = made_server();
  auto first = postgres.use();
  ASSERT_TRUE(first) << text_of(first.error());
  auto second = postgres.use();
  ASSERT_TRUE(second) << text_of(second.error());
  EXPECT_TRUE(first->started());
  EXPECT_FALSE(second->started());
  ASSERT_TRUE(first->end());
  EXPECT_TRUE(postgres.state()->is_running);
  ASSERT_TRUE(second->end());
  EXPECT_FALSE(postgres.state()->is_running);
}

TEST_F(PrivatePostgresTest, StaysWhenItWasStartedToStay) {
  PrivatePostgres postgres = made_server();
  ASSERT_TRUE(starts(postgres));
  {
    ASSERT_TRUE(postgres.use());
  }
  EXPECT_TRUE(postgres.state()->is_running);
  ASSERT_TRUE(postgres.stop());
  {
    ASSERT_TRUE(postgres.use());
  }
  EXPECT_FALSE(postgres.state()->is_running);
}

TEST_F(PrivatePostgresTest, IsReachedThroughItsPrivateSocketOnly) {
  PrivatePostgres postgres = made_server();
  ASSERT_TRUE(starts(postgres));
  EXPECT_EQ(ask(postgres, "show listen_addresses"), "");
  EXPECT_FALSE(has_tcp_socket(postgres.state()->pid));
  const fs::path socket = options().folder / "socket";
  EXPECT_EQ(postgres.url("homeroom_loader"),
            fmt::format("postgresql:///homeroom?host={}&user=homeroom_loader", socket.string()));
  struct stat status{};
  for (const fs::path& folder :
       {options().folder, socket, options().folder / "cluster", options().folder / "log"}) {
    ASSERT_EQ(::stat(folder.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700U) << folder;
    EXPECT_EQ(status.st_uid, ::geteuid() == 0 ? find_user("postgres")->id : ::geteuid());
  }
  ASSERT_EQ(::stat((socket / ".s.PGSQL.5432").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700U);
  ASSERT_TRUE(ask(postgres, "create role homeroom_reader login; create role other login"));
  EXPECT_TRUE(Connection::connect(postgres.url("homeroom_reader")));
  const auto other = Connection::connect(postgres.url("other"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().message,
            "cannot reach PostgreSQL: Peer authentication failed for user \"other\"");
}

TEST_F(PrivatePostgresTest, IsSetUpToKeepDataAndToKeepValuesOutOfItsLog) {
  const std::string settings = server_settings("/x", Durability::kFull, 1ULL << 34);
  for (const auto* const setting :
       {"fsync = on", "wal_level = minimal", "max_wal_senders = 0", "jit = off",
        "shared_buffers = '2048MB'", "unix_socket_directories = '\"/x\"'"}) {
    EXPECT_THAT(settings, HasSubstr(setting));
  }
  PrivatePostgres postgres = made_server();
  ASSERT_TRUE(starts(postgres));
  EXPECT_EQ(ask(postgres, "show data_checksums"), "on");
  EXPECT_EQ(ask(postgres, "show server_encoding"), "UTF8");
  EXPECT_EQ(ask(postgres, "show lc_collate"), "C");
  EXPECT_EQ(ask(postgres, "show logging_collector"), "on");
  EXPECT_EQ(ask(postgres,
                "select pg_get_userbyid(datdba) from pg_database "
                "where datname = 'homeroom'"),
            "homeroom_admin");
  EXPECT_FALSE(ask(postgres, "select 'Ada Lovelace'::date"));
  EXPECT_FALSE(ask(postgres, "do $$ begin raise exception 'Ada Lovelace'; end $$"));
  ASSERT_TRUE(postgres.stop());
  std::string log;
  for (const auto& entry : fs::directory_iterator(options().folder / "log")) {
    log += read_file(entry.path()).value();
  }
  EXPECT_THAT(log, HasSubstr("database system is shut down"));
  EXPECT_THAT(log, Not(HasSubstr("Ada")));
}

TEST_F(PrivatePostgresTest, ComesBackWithItsDataAfterItsServerWasKilled) {
  PrivatePostgres postgres = made_server();
  ASSERT_TRUE(starts(postgres));
  ASSERT_TRUE(ask(postgres, "set synchronous_commit = on; create table t as select 1 as a"));
  const pid_t pid = postgres.state()->pid;
  ASSERT_EQ(::kill(pid, SIGKILL), 0);
  while (is_alive(pid)) sleep_for(milliseconds(5));
  EXPECT_TRUE(fs::exists(options().folder / "cluster/postmaster.pid"));
  EXPECT_FALSE(postgres.state()->is_running);
  ASSERT_TRUE(starts(postgres));
  EXPECT_EQ(ask(postgres, "select count(*) from t"), "1");
}

TEST_F(PrivatePostgresTest, IsNotFooledByAPidFileThatNamesAnotherProcess) {
  PrivatePostgres postgres = made_server();
  Command command{.program = "/bin/sleep", .arguments = {"100"}, .folder = base()};
  if (::geteuid() == 0) command.user = find_user("postgres").value();
  fs::create_directory(base() / "open");
  fs::permissions(base() / "open", fs::perms::all);
  const auto pid = start_detached(command, base() / "open" / "log");
  ASSERT_TRUE(pid) << text_of(pid.error());
  std::ofstream(options().folder / "cluster/postmaster.pid")
      << *pid << "\n"
      << (options().folder / "cluster").string() << "\n0\n5432\n";
  EXPECT_FALSE(postgres.state()->is_running);
  ASSERT_TRUE(starts(postgres));
  EXPECT_NE(postgres.state()->pid, *pid);
  EXPECT_TRUE(is_alive(*pid));
  ::kill(*pid, SIGKILL);
}

TEST_F(PrivatePostgresTest, WaitsForWhatIsLeftOfAnEarlierServerAndNamesIt) {
  PrivatePostgres made = made_server();
  // A process called postgres that works in the cluster, as one whose first process was killed.
  fs::copy("/bin/sleep", base() / "postgres");
  Command command{
      .program = base() / "postgres", .arguments = {"100"}, .folder = options().folder / "cluster"};
  if (::geteuid() == 0) command.user = find_user("postgres").value();
  const auto pid = start_detached(command, options().folder / "log" / "left.log");
  ASSERT_TRUE(pid) << text_of(pid.error());
  PrivatePostgresOptions hurried = options();
  hurried.start_timeout = milliseconds(100);
  const auto started = PrivatePostgres(hurried).start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().message,
              HasSubstr(fmt::format("process {} of a PostgreSQL that ended still works on", *pid)));
  EXPECT_THAT(started.error().hint, HasSubstr(fmt::format("kill {}", *pid)));
  ::kill(*pid, SIGKILL);
  EXPECT_TRUE(starts(made));
}

TEST_F(PrivatePostgresTest, NamesBothVersionsWhenTheyDiffer) {
  PrivatePostgres postgres = made_server();
  std::ofstream(options().folder / "cluster/PG_VERSION") << "14\n";
  const auto started = postgres.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::kConfig);
  EXPECT_THAT(started.error().message,
              HasSubstr("the database was made by PostgreSQL 14, but installed is 1"));
  EXPECT_THAT(started.error().hint, HasSubstr("postgresql-14"));
}

TEST_F(PrivatePostgresTest, SaysWhichSettingKeepsItFromStarting) {
  PrivatePostgres postgres = made_server();
  std::ofstream(options().folder / "cluster/postgresql.conf", std::ios::app) << "nonsense = 1\n";
  const auto started = postgres.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::kConfig);
  EXPECT_THAT(started.error().message, HasSubstr("PostgreSQL did not start: a setting in"));
  EXPECT_THAT(started.error().detail, HasSubstr("nonsense"));
  EXPECT_FALSE(postgres.state()->is_running);
}

TEST_F(PrivatePostgresTest, NamesThePackageWhenNoServerIsInstalled) {
  PrivatePostgresOptions none = options();
  none.binaries = {base()};
  const auto started = server(none).start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::kConfig);
  EXPECT_EQ(started.error().message, "the PostgreSQL server is not installed");
  EXPECT_THAT(started.error().hint, HasSubstr("apt install postgresql-15"));
}

TEST_F(PrivatePostgresTest, KeepsItsSocketElsewhereWhenItsPathIsTooLong) {
  PrivatePostgresOptions deep = options(std::string(100, 'x') + "/it's, a \"folder\"");
  deep.short_folder = base() / "short";
  fs::create_directory(deep.short_folder);
  fs::permissions(deep.short_folder, fs::perms::all);
  fs::create_directory(deep.folder.parent_path());
  fs::permissions(deep.folder.parent_path(), fs::perms(0711));
  ASSERT_TRUE(copy_test_cluster(deep.folder));
  PrivatePostgres postgres = server(deep);
  EXPECT_THAT(postgres.url("x"), HasSubstr("short/homeroom-"));
  ASSERT_TRUE(starts(postgres));
  EXPECT_EQ(ask(postgres, "select 1"), "1");
  const fs::path socket = *fs::directory_iterator(deep.short_folder);
  EXPECT_EQ(fs::status(socket).permissions(), fs::perms(0700));
  ASSERT_TRUE(postgres.stop());
  EXPECT_TRUE(fs::is_empty(deep.short_folder));
  if (::geteuid() != 0) return;
  ASSERT_EQ(::mkdir(socket.c_str(), 0777), 0);
  const auto taken = postgres.start();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kConfig);
  EXPECT_THAT(taken.error().message, HasSubstr("belongs to user number 0"));
}

TEST_F(PrivatePostgresTest, NamesTheFolderThatItsUserMayNotEnter) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root runs the server as another user";
  fs::create_directory(base() / "closed");
  fs::permissions(base() / "closed", fs::perms(0700));
  const auto started = server(options("closed/data/pg")).start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::kConfig);
  EXPECT_EQ(started.error().message,
            fmt::format("user postgres, who runs PostgreSQL, may not enter {}",
                        (base() / "closed").string()));
  EXPECT_THAT(started.error().hint, HasSubstr("--data"));
  EXPECT_THAT(started.error().hint, HasSubstr("chmod o+x"));
}

TEST_F(PrivatePostgresTest, TouchesNoFolderOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can make folders for others";
  const auto refusal = [this](std::string_view name) {
    const auto started = PrivatePostgres(options(name)).start();
    return started ? Error{} : started.error();
  };
  fs::create_directory(base() / "theirs");
  ASSERT_EQ(::chown((base() / "theirs").c_str(), 65534, 65534), 0);
  EXPECT_EQ(refusal("theirs").code, ErrorCode::kConfig);
  EXPECT_THAT(refusal("theirs").message, HasSubstr("belongs to user number 65534"));
  fs::create_directories(base() / "full" / "of");
  EXPECT_THAT(refusal("full").message, HasSubstr("belongs to user number 0"));
  std::ofstream(base() / "file") << "x";
  EXPECT_THAT(refusal("file").message, HasSubstr("file"));
  EXPECT_EQ(refusal("file/pg").code, ErrorCode::kIo);
}

TEST_F(PrivatePostgresTest, SaysThatTheDiskIsFull) {
  const fs::path disk = base() / "disk";
  fs::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=16m,mode=0711") != 0) {
    GTEST_SKIP() << "only root may mount a small disk";
  }
  const auto started = PrivatePostgres(options("disk/pg")).start();
  const bool is_left = fs::exists(disk / "pg/cluster");
  EXPECT_EQ(::umount(disk.c_str()), 0);
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, ErrorCode::kIo);
  EXPECT_EQ(started.error().message,
            fmt::format("PostgreSQL could not make its database: the disk that holds {} is full",
                        (disk / "pg").string()));
  EXPECT_THAT(started.error().hint, HasSubstr("free some space"));
  EXPECT_FALSE(is_left);
}

TEST_F(PrivatePostgresTest, SaysThatTheDiskIsFullWhenItWasNotBefore) {
  const fs::path disk = base() / "disk";
  fs::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=200m,mode=0711") != 0) {
    GTEST_SKIP() << "only root may mount a small disk";
  }
  const Status copied = copy_test_cluster(disk / "pg");
  std::ofstream(disk / "filler") << std::string(std::size_t{200} * 1024 * 1024, 'x');
  const auto full = PrivatePostgres(options("disk/pg")).start();
  fs::remove(disk / "filler");
  PrivatePostgres postgres(options("disk/pg"));
  const auto again = postgres.start();
  const Status stopped = postgres.stop();
  // A process of the server that was still there would hold it.
  EXPECT_EQ(::umount(disk.c_str()), 0);
  ASSERT_TRUE(copied) << text_of(copied.error());
  ASSERT_FALSE(full);
  EXPECT_EQ(full.error().code, ErrorCode::kIo);
  EXPECT_THAT(full.error().message, HasSubstr("full"));
  EXPECT_TRUE(again) << text_of(again.error());
  EXPECT_TRUE(stopped);
}

TEST(ServerBinaries, AreFoundNewestFirst) {
  const auto folders = find_server_binaries();
  ASSERT_FALSE(folders.empty());
  for (const fs::path& folder : folders) EXPECT_TRUE(fs::exists(folder / "postgres"));
  const auto chosen = choose_server_programs(folders, 0);
  ASSERT_TRUE(chosen) << text_of(chosen.error());
  EXPECT_EQ(chosen->folder, folders.front());
  EXPECT_GE(chosen->version_major, 15);
}

TEST(ServerBinaries, ThatAreTooOldAreNamed) {
  const auto folder = TemporaryFolder::create(fs::temp_directory_path()).value();
  for (const auto* const name : {"postgres", "initdb"}) {
    std::ofstream(folder.path() / name) << "#!/bin/sh\necho 'postgres (PostgreSQL) 13.2'\n";
    fs::permissions(folder.path() / name, fs::perms(0700));
  }
  const auto chosen = choose_server_programs({folder.path()}, 0);
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().message, "PostgreSQL 13 is installed, 15 or newer is needed");
  EXPECT_EQ(choose_server_programs({folder.path()}, 13)->version_major, 13);
}

}  // namespace
}  // namespace homeroom::io
