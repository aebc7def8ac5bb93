#pragma once

// How long a wait for the network or another process may take: the only place of src/ that asks a
// clock, and the answer never reaches the data.

#include <chrono>

namespace homeroom::io {

class Deadline {
 public:
  [[nodiscard]] static Deadline after(std::chrono::milliseconds duration);

  [[nodiscard]] static Deadline never() { return Deadline(Clock::time_point::max()); }

  [[nodiscard]] bool has_passed() const { return left() == std::chrono::milliseconds::zero(); }

  /// What is left, rounded up; zero when it has passed.
  [[nodiscard]] std::chrono::milliseconds left() const;
  /// `left()` as poll(2) takes it: -1 for never.
  [[nodiscard]] int poll_timeout() const;

 private:
  using Clock = std::chrono::steady_clock;

  explicit Deadline(Clock::time_point end) : end_(end) {}

  Clock::time_point end_;
};

/// Sleeps a moment between two looks at something that gives no signal.
void sleep_for(std::chrono::milliseconds duration);

}  // namespace homeroom::io
