// Runs a program and tells what the kernel charged to it. A small program does this, because a
// process starts with the peak memory of the one that made it.
//
//     homeroom_measure OUT PROGRAM [ARGUMENT...]
//
// Writes "wall_s cpu_s peak_kb exit_status" to the file OUT.

#include <chrono>
#include <cstdio>
#include <span>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  if (words.size() < 3) {
    std::fputs("usage: homeroom_measure OUT PROGRAM [ARGUMENT...]\n", stderr);
    return 64;
  }
  std::FILE* out = std::fopen(words[1], "we");
  if (out == nullptr) return 1;
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    ::execvp(words[2], &words[2]);
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || ::wait4(child, &status, 0, &usage) != child) return 1;
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  std::fprintf(out, "%.6f %.6f %ld %d\n", wall.count(),
               seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss, code);
  return std::fclose(out) == 0 ? code : 1;
}
