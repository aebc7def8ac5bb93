#pragma once

// What a child process does between fork and exec. System calls only, no allocation: another
// thread of the parent may have held any lock when it forked. Internal to src/io/process*.cc.

#include <sys/types.h>

#include "io/process/process.h"

namespace homeroom::io::child {

/// Takes the user's rights for good. 0, or -1 and errno.
[[nodiscard]] int become(const User& user);

/// Default signals, a session of its own, stdin empty, no file but stdout, stderr and `kept_file`
/// (-1: none). Returns the number that `kept_file` has now: 3, closed by exec.
int leave_parent(int kept_file);

/// Puts `file` in the place of stdout and stderr.
void send_output_to(int file);

[[noreturn]] void end(int exit_code);

}  // namespace homeroom::io::child
