#include "io/process/process.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/result.h"
#include "io/deadline.h"
#include "io/file.h"
#include "io/process/process_child.h"

namespace homeroom::io {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxOutput = std::size_t{64} * 1024;
constexpr std::chrono::milliseconds kShortWait{5};
constexpr int kNotStarted = 127;

/// What the child tells before it is the program: what failed, or the pid of its own child.
enum class Step : int { kUser, kFolder, kOutput, kProgram, kPid };

struct Report {
  Step step = Step::kProgram;
  int value = 0;  ///< errno or pid
};

class Pipe {
 public:
  [[nodiscard]] static Result<Pipe> create() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
      return tl::unexpected(io_error(errno, "cannot start", "a program"));
    }
    return Pipe(ends[0], ends[1]);
  }

  Pipe(Pipe&& other) noexcept
      : read_end_(std::exchange(other.read_end_, -1)),
        write_end_(std::exchange(other.write_end_, -1)) {}

  Pipe& operator=(Pipe&&) = delete;

  ~Pipe() {
    close_write_end();
    if (read_end_ >= 0) ::close(read_end_);
  }

  void close_write_end() {
    if (write_end_ >= 0) ::close(std::exchange(write_end_, -1));
  }

  [[nodiscard]] int read_end() const { return read_end_; }

  [[nodiscard]] int write_end() const { return write_end_; }

 private:
  Pipe(int read_end, int write_end) : read_end_(read_end), write_end_(write_end) {}

  int read_end_;
  int write_end_;
};

/// A command in the form that execve takes, made before the fork.
class Prepared {
 public:
  explicit Prepared(const Command& command)
      : program_(command.program.string()),
        folder_(command.folder.string()),
        texts_(command.arguments),
        variables_(command.environment),
        user_(command.user ? &*command.user : nullptr) {
    arguments_.push_back(program_.data());
    for (std::string& text : texts_) arguments_.push_back(text.data());
    arguments_.push_back(nullptr);
    variables_.insert(variables_.begin(), {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C"});
    for (std::string& variable : variables_) environment_.push_back(variable.data());
    environment_.push_back(nullptr);
  }

  /// Becomes the program; in a child, after child::leave_parent.
  [[noreturn]] void become(int report_file, const char* output_path) {
    if (user_ != nullptr && child::become(*user_) != 0) give_up(report_file, Step::kUser);
    if (::chdir(folder_.c_str()) != 0) give_up(report_file, Step::kFolder);
    ::umask(077);
    if (output_path != nullptr) {
      const int output = ::open(output_path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
      if (output < 0) give_up(report_file, Step::kOutput);
      child::send_output_to(output);
      ::close(output);
    }
    ::execve(program_.c_str(), arguments_.data(), environment_.data());
    give_up(report_file, Step::kProgram);
  }

  [[nodiscard]] tl::unexpected<Error> explain(const Report& report) const {
    Error error = io_error(report.value, "cannot start", program_);
    if (report.step == Step::kFolder) error = io_error(report.value, "cannot enter", folder_);
    if (report.step == Step::kUser) {
      error = io_error(report.value, "cannot act as user", user_->name);
    }
    error.code = ErrorCode::kConfig;
    return tl::unexpected(std::move(error));
  }

  static void tell(int report_file, Report report) {
    // A pipe takes so few bytes at once, and there is nobody else to tell.
    [[maybe_unused]] const ssize_t written = ::write(report_file, &report, sizeof report);
  }

 private:
  [[noreturn]] static void give_up(int report_file, Step step) {
    tell(report_file, {step, errno});
    child::end(kNotStarted);
  }

  std::string program_;
  std::string folder_;
  std::vector<std::string> texts_;
  std::vector<std::string> variables_;
  const User* user_;
  std::vector<char*> arguments_;
  std::vector<char*> environment_;
};

/// The reports of a child that is now a program or has ended.
std::vector<Report> read_reports(int file) {
  std::vector<Report> reports;
  Report report;
  for (;;) {
    const ssize_t num_read = ::read(file, &report, sizeof report);
    if (num_read < 0 && errno == EINTR) continue;
    if (num_read != sizeof report) return reports;
    reports.push_back(report);
  }
}

void reap(pid_t pid) {
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

/// Reads what the child prints until it closes its output; false when the deadline passed first.
bool collect_output(int file, const Deadline& deadline, std::string& output) {
  std::array<char, 4096> buffer{};
  for (;;) {
    pollfd waiting{.fd = file, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&waiting, 1, deadline.poll_timeout());
    if (ready == 0) return false;
    if (ready < 0 && errno == EINTR) continue;
    const ssize_t num_read = ::read(file, buffer.data(), buffer.size());
    if (num_read < 0 && errno == EINTR) continue;
    if (num_read <= 0) return true;
    output.append(buffer.data(), static_cast<std::size_t>(num_read));
    if (output.size() > 2 * kMaxOutput) output.erase(0, output.size() - kMaxOutput);
  }
}

/// The child's exit code, or nothing when the deadline passed first.
std::optional<int> wait_for_end(pid_t pid, const Deadline& deadline) {
  for (;;) {
    int status = 0;
    const pid_t ended = ::waitpid(pid, &status, WNOHANG);
    if (ended == pid) return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (ended < 0 && errno != EINTR) return kNotStarted;
    if (deadline.has_passed()) return std::nullopt;
    sleep_for(kShortWait);
  }
}

}  // namespace

Result<Finished> run_to_end(const Command& command, std::chrono::milliseconds timeout) {
  Prepared prepared(command);
  Pipe report = HOMEROOM_TRY(Pipe::create());
  Pipe printed = HOMEROOM_TRY(Pipe::create());
  const pid_t pid = ::fork();
  if (pid < 0) return tl::unexpected(io_error(errno, "cannot start", command.program));
  if (pid == 0) {
    child::send_output_to(printed.write_end());
    prepared.become(child::leave_parent(report.write_end()), nullptr);
  }
  report.close_write_end();
  printed.close_write_end();
  const std::vector<Report> reports = read_reports(report.read_end());
  if (!reports.empty()) {
    reap(pid);
    return prepared.explain(reports.front());
  }
  const Deadline deadline = Deadline::after(timeout);
  Finished finished;
  std::optional<int> exit_code;
  if (collect_output(printed.read_end(), deadline, finished.output)) {
    exit_code = wait_for_end(pid, deadline);
  }
  if (!exit_code) {
    ::kill(-pid, SIGKILL);
    reap(pid);
    return fail(ErrorCode::kIo,
                fmt::format("{} did not end within {} s and was stopped", command.program.string(),
                            std::chrono::ceil<std::chrono::seconds>(timeout).count()),
                "see whether the machine or its disk is overloaded, then try again");
  }
  finished.exit_code = *exit_code;
  if (finished.output.size() > kMaxOutput) {
    finished.output.erase(0, finished.output.size() - kMaxOutput);
  }
  return finished;
}

Result<pid_t> start_detached(const Command& command, const fs::path& output) {
  Prepared prepared(command);
  const std::string output_path = output.string();
  Pipe report = HOMEROOM_TRY(Pipe::create());
  const pid_t pid = ::fork();
  if (pid < 0) return tl::unexpected(io_error(errno, "cannot start", command.program));
  if (pid == 0) {
    const int report_file = child::leave_parent(report.write_end());
    // The second fork gives the program to init, so that it never waits for us to reap it.
    const pid_t program = ::fork();
    if (program == 0) prepared.become(report_file, output_path.c_str());
    Prepared::tell(report_file,
                   program > 0 ? Report{Step::kPid, program} : Report{Step::kProgram, errno});
    child::end(0);
  }
  report.close_write_end();
  reap(pid);
  std::optional<pid_t> started;
  for (const Report& told : read_reports(report.read_end())) {
    if (told.step == Step::kOutput) {
      return tl::unexpected(io_error(told.value, "cannot write", output));
    }
    if (told.step != Step::kPid) return prepared.explain(told);
    started = told.value;
  }
  if (!started) return tl::unexpected(io_error(EAGAIN, "cannot start", command.program));
  return *started;
}

Status start_detached_work(int kept_file, const std::function<void()>& work) {
  const pid_t pid = ::fork();
  if (pid < 0) return tl::unexpected(io_error(errno, "cannot start", "a process"));
  if (pid == 0) {
    child::leave_parent(kept_file);
    const int nothing = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nothing >= 0) child::send_output_to(nothing);
    if (::fork() == 0) work();
    child::end(0);
  }
  reap(pid);
  return {};
}

}  // namespace homeroom::io
