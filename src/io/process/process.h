#pragma once

// Other programs: run one and take its output, start one that stays, see who is alive. Linux.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/result.h"

namespace homeroom::io {

/// A user of the operating system.
struct User {
  std::string name;
  uid_t id = 0;
  gid_t group = 0;
  std::vector<gid_t> groups;
};

/// Errors: kConfig when there is no such user.
[[nodiscard]] Result<User> find_user(const std::string& name);
/// The user that this program acts as. Named by its number when the system knows no name for it.
[[nodiscard]] User current_user();

/// A program to run: no shell, no inherited files or environment (only PATH, LC_ALL=C and what is
/// said here), stdin empty, files it makes private (umask 077).
struct Command {
  std::filesystem::path program;
  std::vector<std::string> arguments;
  std::filesystem::path folder = "/";       ///< where it runs
  std::optional<User> user = std::nullopt;  ///< to run as; only root may choose another than itself
  std::vector<std::string> environment = {};  ///< "NAME=value"
};

struct Finished {
  int exit_code = 0;   ///< 128 + signal when a signal ended it
  std::string output;  ///< stdout and stderr together, the last 64 KiB
};

/// Runs a program to its end.
/// Errors: kConfig when it cannot be started; kIo when it takes longer than `timeout` (it is
/// killed, with the processes it started).
[[nodiscard]] Result<Finished> run_to_end(const Command& command,
                                          std::chrono::milliseconds timeout);

/// Starts a program in a session of its own that outlives us; its stdout and stderr replace the
/// file `output`, which is made as its user. Returns its process id.
[[nodiscard]] Result<pid_t> start_detached(const Command& command,
                                           const std::filesystem::path& output);

/// Runs `work` in a child process as `user`, or right here without one, and returns what it
/// returns: 0 or an errno. `work` may make system calls only: other threads may hold any lock.
/// This is how root touches a folder that another user owns without being led astray by links.
[[nodiscard]] Result<int> call_as(const std::optional<User>& user,
                                  const std::function<int()>& work);

/// Runs `work` in a process and session of its own that outlives us, without our terminal and
/// files; only `kept_file` stays open there. For programs of one thread.
[[nodiscard]] Status start_detached_work(int kept_file, const std::function<void()>& work);

/// A process that runs; one that ended and was not yet reaped does not count.
[[nodiscard]] bool is_alive(pid_t pid);

/// When it was started, in clock ticks since the system's start: with the pid, a name that is not
/// given twice. Nothing when it is not alive.
[[nodiscard]] std::optional<std::uint64_t> start_ticks(pid_t pid);

/// The living processes of `user` (ours without one) whose program file has this name and that run
/// in `folder`.
[[nodiscard]] Result<std::vector<pid_t>> find_processes(const std::optional<User>& user,
                                                        const std::string& program_name,
                                                        const std::filesystem::path& folder);

}  // namespace homeroom::io
