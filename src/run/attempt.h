#pragma once

// How often the program ended in the middle of a file: one that brings it down must not do so
// every night, before the files behind it have had their turn.

#include <filesystem>

#include "source/folder.h"

namespace homeroom::run {

/// So many tries that broke off are enough.
inline constexpr int kMostTries = 3;

/// A try at a file, from `begin` until it is destroyed. It is noted in `folder` (made when needed)
/// under the file's place, size and time of change, so a changed file begins anew. What is noted
/// outlives the program, not a loss of power. A program that is told to end (SIGINT, SIGTERM,
/// SIGHUP) takes the note along. Where it cannot be written, or another program has the file in
/// work, nothing is counted. Two at a time, from one thread.
class Attempt {
 public:
  [[nodiscard]] static Attempt begin(const std::filesystem::path& folder,
                                     const source::InputFile& input);
  Attempt(Attempt&& other) noexcept;
  Attempt& operator=(Attempt&&) = delete;
  ~Attempt();

  /// Tries before this one that the program did not survive.
  [[nodiscard]] int num_broken_off() const { return num_broken_off_; }

  /// The note stays as it was: the file is not tried.
  void keep_note();

 private:
  Attempt() = default;

  std::filesystem::path note_;
  int file_ = -1;
  int num_broken_off_ = 0;
};

/// True when a try at the file broke off, as far as the folder's notes say.
[[nodiscard]] bool broke_off_before(const std::filesystem::path& folder,
                                    const source::InputFile& input);

/// Forgets those tries.
void forget_attempts(const std::filesystem::path& folder, const source::InputFile& input);

}  // namespace homeroom::run
