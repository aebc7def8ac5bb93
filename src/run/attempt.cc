#include "run/attempt.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

namespace homeroom::run {
namespace {

namespace fs = std::filesystem;

constexpr std::array kEnding = {SIGINT, SIGTERM, SIGHUP};

// What a signal's handler can reach: the notes of the files in work, one that is loaded and one
// that is cleaned.
struct NoteInWork {
  std::array<char, 4096> path{};
  std::atomic<bool> is_set = false;
};

std::array<NoteInWork, 2> notes_in_work;

extern "C" void end_with_signal(int signal) {
  for (const NoteInWork& note : notes_in_work) {
    if (note.is_set.load()) ::unlink(note.path.data());
  }
  ::raise(signal);  // its usual action: SA_RESETHAND
}

void set_in_work(const fs::path& note) {
  if (note.native().size() >= sizeof(NoteInWork::path)) return;
  for (NoteInWork& free : notes_in_work) {
    if (free.is_set.load()) continue;
    std::memcpy(free.path.data(), note.c_str(), note.native().size() + 1);
    free.is_set = true;
    return;
  }
}

void end_work(const fs::path& note) {
  for (NoteInWork& each : notes_in_work) {
    if (each.is_set.load() && note == each.path.data()) each.is_set = false;
  }
}

// Signals that somebody has chosen to ignore (nohup) stay ignored.
void catch_signals() {
  for (const int signal : kEnding) {
    struct sigaction present{};
    if (::sigaction(signal, nullptr, &present) != 0 || present.sa_handler != SIG_DFL) continue;
    struct sigaction action{};
    action.sa_handler = end_with_signal;
    action.sa_flags = SA_RESETHAND | SA_NODEFER;
    ::sigaction(signal, &action, nullptr);
  }
}

fs::path note_of(const fs::path& folder, const source::InputFile& input) {
  struct stat status{};
  const fs::path& real = input.archive.empty() ? input.location : input.archive;
  if (::stat(real.c_str(), &status) != 0) return {};
  const std::string what = fmt::format("{}\n{}\n{}\n{}.{}\n{}", input.location.native(),
                                       input.path.native(), status.st_size, status.st_mtim.tv_sec,
                                       status.st_mtim.tv_nsec, input.place.dataset);
  return folder / fmt::format("{:016x}", XXH3_64bits(what.data(), what.size()));
}

// A digit for each try; an empty note counts as none.
int read_count(int file) {
  char digit = '0';
  if (::pread(file, &digit, 1, 0) != 1 || digit < '0' || digit > '9') return 0;
  return digit - '0';
}

bool write_count(int file, int count) {
  const char digit = static_cast<char>('0' + count);
  return ::pwrite(file, &digit, 1, 0) == 1;
}

}  // namespace

Attempt Attempt::begin(const fs::path& folder, const source::InputFile& input) {
  Attempt attempt;
  if (folder.empty()) return attempt;
  const fs::path note = note_of(folder, input);
  if (note.empty()) return attempt;
  const int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
  int file = ::open(note.c_str(), flags, 0600);
  if (file < 0 && errno == ENOENT) {
    std::error_code code;
    fs::create_directories(folder, code);
    file = ::open(note.c_str(), flags, 0600);
  }
  if (file < 0) return attempt;
  // The lock ends with the program, however it ends.
  const int count = ::flock(file, LOCK_EX | LOCK_NB) == 0 ? read_count(file) : -1;
  const bool is_noted = count >= 0 && (count >= kMostTries || write_count(file, count + 1));
  if (!is_noted) {
    ::close(file);
    return attempt;
  }
  attempt.file_ = file;
  attempt.note_ = note;
  attempt.num_broken_off_ = count;
  if (count < kMostTries) set_in_work(note);
  catch_signals();
  return attempt;
}

Attempt::Attempt(Attempt&& other) noexcept
    : note_(std::exchange(other.note_, {})),
      file_(std::exchange(other.file_, -1)),
      num_broken_off_(other.num_broken_off_) {}

Attempt::~Attempt() {
  if (file_ < 0) return;
  end_work(note_);
  if (!note_.empty()) ::unlink(note_.c_str());
  ::close(file_);
}

void Attempt::keep_note() {
  end_work(note_);
  note_.clear();
}

bool broke_off_before(const fs::path& folder, const source::InputFile& input) {
  if (folder.empty()) return false;
  const fs::path note = note_of(folder, input);
  std::error_code code;
  return !note.empty() && fs::exists(note, code);
}

void forget_attempts(const fs::path& folder, const source::InputFile& input) {
  if (folder.empty()) return;
  const fs::path note = note_of(folder, input);
  std::error_code code;
  if (!note.empty()) fs::remove(note, code);
}

}  // namespace homeroom::run
