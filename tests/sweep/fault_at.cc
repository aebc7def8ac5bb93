// Runs a program and makes one fault at one of its system calls.
//
//   fault_at --log FILE [--after TEXT [--opened N]] [--calls NAME,...] [--at N ACTION]
//            -- PROGRAM ARGUMENT...
//
// Calls are counted over all threads, from the first (or N-th) that opens a path with TEXT in it.
// --calls counts only those. ACTION happens before the N-th call is made:
//   kill             SIGKILL to the program
//   fail ERROR       the call is not made and fails with ERROR (ENOSPC, ...)
//   fail+ ERROR      the same for it and every later one
//   run COMMAND      the program stands still while the shell runs COMMAND
// Without --at nothing happens. FILE gets every counted call on a line, "NAME PATH" where it opens
// one; then "hit" when the fault was made. Ends as the program does, 137 when it was killed.
// Child processes are not followed.

#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#if !defined(__x86_64__)
#include <elf.h>
#endif

namespace {

constexpr std::array kNames = {
    std::pair{"read", SYS_read},
    std::pair{"write", SYS_write},
    std::pair{"writev", SYS_writev},
    std::pair{"pread64", SYS_pread64},
    std::pair{"pwrite64", SYS_pwrite64},
    std::pair{"openat", SYS_openat},
    std::pair{"close", SYS_close},
    std::pair{"fsync", SYS_fsync},
    std::pair{"fdatasync", SYS_fdatasync},
    std::pair{"ftruncate", SYS_ftruncate},
    std::pair{"fallocate", SYS_fallocate},
    std::pair{"renameat2", SYS_renameat2},
    std::pair{"unlinkat", SYS_unlinkat},
    std::pair{"mkdirat", SYS_mkdirat},
    std::pair{"getdents64", SYS_getdents64},
    std::pair{"mmap", SYS_mmap},
    std::pair{"munmap", SYS_munmap},
    std::pair{"brk", SYS_brk},
    std::pair{"socket", SYS_socket},
    std::pair{"connect", SYS_connect},
    std::pair{"sendto", SYS_sendto},
    std::pair{"recvfrom", SYS_recvfrom},
    std::pair{"futex", SYS_futex},
    std::pair{"clone3", SYS_clone3},
    std::pair{"flock", SYS_flock},
    std::pair{"exit_group", SYS_exit_group},
#ifdef SYS_rename  // what newer machines do without
    std::pair{"rename", SYS_rename},
    std::pair{"unlink", SYS_unlink},
    std::pair{"mkdir", SYS_mkdir},
    std::pair{"poll", SYS_poll},
    std::pair{"access", SYS_access},
#endif
};

constexpr std::array kErrors = {std::pair{"ENOSPC", ENOSPC}, std::pair{"EDQUOT", EDQUOT},
                                std::pair{"EIO", EIO},       std::pair{"EMFILE", EMFILE},
                                std::pair{"ENOMEM", ENOMEM}, std::pair{"ECONNRESET", ECONNRESET}};

[[noreturn]] void give_up(std::string_view why) {
  std::fprintf(stderr, "fault_at: %.*s (%s)\n", static_cast<int>(why.size()), why.data(),
               std::generic_category().message(errno).c_str());
  ::_exit(125);
}

enum class Action : std::uint8_t { kNone, kKill, kFail, kFailFromThen, kRun };

struct Fault {
  std::string log = "/dev/null";
  std::string after;
  long opened = 1;
  std::set<long> calls;  // empty: all
  long at = 0;
  Action action = Action::kNone;
  int error = 0;
  std::string command;
  std::vector<char*> program;
};

template <class Table>
long number_of(const Table& table, std::string_view name) {
  for (const auto& [known, number] : table) {
    if (name == known) return number;
  }
  return -1;
}

// A machine that has no call of an old name counts nothing for it.
std::set<long> calls_of(std::string_view names) {
  std::set<long> calls;
  while (!names.empty()) {
    const std::size_t comma = names.find(',');
    calls.insert(number_of(kNames, names.substr(0, comma)));
    names = comma == std::string_view::npos ? "" : names.substr(comma + 1);
  }
  return calls;
}

void parse_action(std::string_view name, const char* argument, Fault& fault) {
  if (name == "kill") fault.action = Action::kKill;
  if (name == "fail") fault.action = Action::kFail;
  if (name == "fail+") fault.action = Action::kFailFromThen;
  if (name == "run") fault.action = Action::kRun;
  if (name == "run") fault.command = argument;
  if (name.starts_with("fail")) fault.error = static_cast<int>(number_of(kErrors, argument));
  if (fault.action == Action::kNone || fault.error < 0) give_up("unknown action");
}

Fault parse(int count, char** arguments) {
  Fault fault;
  for (int i = 1; i + 1 < count; ++i) {
    const std::string_view name = arguments[i];
    if (name == "--log") fault.log = arguments[++i];
    if (name == "--after") fault.after = arguments[++i];
    if (name == "--opened") fault.opened = std::strtol(arguments[++i], nullptr, 10);
    if (name == "--calls") fault.calls = calls_of(arguments[++i]);
    if (name == "--at" && i + 2 < count) {
      fault.at = std::strtol(arguments[++i], nullptr, 10);
      const std::string_view action = arguments[++i];
      parse_action(action, action == "kill" ? "" : arguments[++i], fault);
    }
    if (name == "--") {
      fault.program.assign(arguments + i + 1, arguments + count);
      break;
    }
  }
  fault.program.push_back(nullptr);
  if (fault.program.size() == 1) give_up("no program");
  return fault;
}

std::string text_at(pid_t thread, std::uint64_t address) {
  std::array<char, 512> bytes{};
  iovec here{bytes.data(), bytes.size() - 1};
  iovec there{std::bit_cast<void*>(address), bytes.size() - 1};
  if (::process_vm_readv(thread, &here, 1, &there, 1, 0) > 0) return bytes.data();
  // The text may stand at the end of a page after which there is none.
  there.iov_len = 4096 - address % 4096 < there.iov_len ? 4096 - address % 4096 : there.iov_len;
  return ::process_vm_readv(thread, &here, 1, &there, 1, 0) > 0 ? bytes.data() : "";
}

// The call about to be made becomes one that the system does not have.
void make_it_none(pid_t thread) {
#if defined(__x86_64__)
  constexpr std::size_t kNumber = 15 * 8;  // orig_rax of user_regs_struct
  if (::ptrace(PTRACE_POKEUSER, thread, kNumber, -1L) != 0) give_up("cannot stop a call");
#else
  int none = -1;
  iovec value{&none, sizeof none};
  if (::ptrace(PTRACE_SETREGSET, thread, NT_ARM_SYSTEM_CALL, &value) != 0) {
    give_up("cannot stop a call");
  }
#endif
}

void set_result(pid_t thread, long result) {
#if defined(__x86_64__)
  constexpr std::size_t kResult = 10 * 8;  // rax
  ::ptrace(PTRACE_POKEUSER, thread, kResult, result);
#else
  std::array<std::uint64_t, 34> registers{};
  iovec value{registers.data(), sizeof registers};
  ::ptrace(PTRACE_GETREGSET, thread, NT_PRSTATUS, &value);
  registers[0] = static_cast<std::uint64_t>(result);
  ::ptrace(PTRACE_SETREGSET, thread, NT_PRSTATUS, &value);
#endif
}

class Tracer {
 public:
  Tracer(Fault fault, pid_t program)
      : fault_(std::move(fault)), program_(program), log_(std::fopen(fault_.log.c_str(), "w")) {
    if (log_ == nullptr) give_up("cannot write the log");
    is_counting_ = fault_.after.empty();
  }

  // Until the program ends; its exit code.
  int follow() {
    for (;;) {
      int status = 0;
      const pid_t thread = ::waitpid(-1, &status, __WALL);
      if (thread < 0) give_up("lost the program");
      if (WIFEXITED(status) && thread == program_) return end(WEXITSTATUS(status));
      if (WIFSIGNALED(status) && thread == program_) return end(128 + WTERMSIG(status));
      if (!WIFSTOPPED(status)) continue;
      long signal = 0;
      if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
        see(thread);
      } else if (status >> 16 == 0) {
        signal = WSTOPSIG(status);
      }
      ::ptrace(PTRACE_SYSCALL, thread, nullptr, signal);
    }
  }

 private:
  int end(int code) {
    if (is_hit_) std::fputs("hit\n", log_);
    std::fclose(log_);
    return code;
  }

  void see(pid_t thread) {
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) <= 0) return;
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) enter(thread, info);
    if (info.op == PTRACE_SYSCALL_INFO_EXIT && failing_.erase(thread) > 0) {
      set_result(thread, -fault_.error);
    }
  }

  void enter(pid_t thread, const __ptrace_syscall_info& info) {
    const long call = static_cast<long>(info.entry.nr);
    std::string path;
    if (call == SYS_openat) path = text_at(thread, info.entry.args[1]);
    if (!is_counting_) {
      const bool is_it = call == SYS_openat && path.find(fault_.after) != std::string::npos;
      if (is_it) is_counting_ = ++num_opened_ >= fault_.opened;
    }
    if (!is_counting_ || (!fault_.calls.empty() && !fault_.calls.contains(call))) return;
    ++count_;
    write_down(call, path);
    if (count_ == fault_.at || (count_ > fault_.at && fault_.action == Action::kFailFromThen)) {
      act(thread);
    }
  }

  void write_down(long call, const std::string& path) {
    for (const auto& [name, number] : kNames) {
      if (number == call) {
        std::fprintf(log_, "%s %s\n", name, path.c_str());
        return;
      }
    }
    std::fprintf(log_, "call_%ld\n", call);
  }

  void act(pid_t thread) {
    if (fault_.action == Action::kNone) return;
    is_hit_ = true;
    switch (fault_.action) {
      case Action::kKill:
        ::kill(program_, SIGKILL);
        break;
      case Action::kFail:
      case Action::kFailFromThen:
        make_it_none(thread);
        failing_.insert(thread);
        break;
      case Action::kRun:
        // NOLINTNEXTLINE(bugprone-command-processor,concurrency-mt-unsafe): the sweep's own words
        if (std::system(fault_.command.c_str()) != 0) give_up("the command failed");
        break;
      case Action::kNone:
        break;
    }
  }

  Fault fault_;
  pid_t program_;
  std::FILE* log_;
  std::set<pid_t> failing_;
  long count_ = 0;
  bool is_counting_ = false;
  long num_opened_ = 0;
  bool is_hit_ = false;
};

// Starts the program once its end of the pipe says that it is followed.
pid_t start(const Fault& fault) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) give_up("no pipe");
  const pid_t program = ::fork();
  if (program == 0) {
    char go = 0;
    if (::read(pipe[0], &go, 1) == 1) ::execvp(fault.program[0], fault.program.data());
    ::_exit(126);
  }
  constexpr long kOptions = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
  if (::ptrace(PTRACE_SEIZE, program, nullptr, kOptions) != 0) {
    ::kill(program, SIGKILL);
    give_up("this machine lets nobody trace a program");
  }
  int status = 0;
  ::ptrace(PTRACE_INTERRUPT, program, nullptr, nullptr);
  ::waitpid(program, &status, 0);
  ::ptrace(PTRACE_SYSCALL, program, nullptr, 0L);
  if (::write(pipe[1], "", 1) != 1) give_up("the program did not start");
  ::close(pipe[0]);
  ::close(pipe[1]);
  return program;
}

}  // namespace

int main(int count, char** arguments) {
  const Fault fault = parse(count, arguments);
  const pid_t program = start(fault);
  return Tracer(fault, program).follow();
}
