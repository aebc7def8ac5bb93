#include "io/process/process_child.h"

#include <csignal>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "io/process/process.h"

namespace homeroom::io::child {

int become(const User& user) {
  if (user.id == ::geteuid()) return 0;
  // The plain system calls: the C library's functions would ask the other threads to follow.
  if (::syscall(SYS_setgroups, user.groups.size(), user.groups.data()) != 0) return -1;
  if (::syscall(SYS_setresgid, user.group, user.group, user.group) != 0) return -1;
  return ::syscall(SYS_setresuid, user.id, user.id, user.id) == 0 ? 0 : -1;
}

int leave_parent(int kept_file) {
  constexpr int kKept = STDERR_FILENO + 1;
  constexpr int kOutOfTheWay = 10;
  struct sigaction usual{};
  usual.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &usual, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
  ::setsid();
  const int kept = kept_file < 0 ? -1 : ::fcntl(kept_file, F_DUPFD, kOutOfTheWay);
  const int nothing = ::open("/dev/null", O_RDWR);
  if (nothing >= 0) ::dup2(nothing, STDIN_FILENO);
  if (kept >= 0) ::dup3(kept, kKept, O_CLOEXEC);
  ::syscall(SYS_close_range, kept >= 0 ? kKept + 1 : kKept, ~0U, 0);
  return kept >= 0 ? kKept : -1;
}

void send_output_to(int file) {
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
}

void end(int exit_code) {
  ::_exit(exit_code);
}

}  // namespace homeroom::io::child
