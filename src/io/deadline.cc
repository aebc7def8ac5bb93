#include "io/deadline.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <thread>

namespace homeroom::io {

Deadline Deadline::after(std::chrono::milliseconds duration) {
  return Deadline(Clock::now() + duration);
}

std::chrono::milliseconds Deadline::left() const {
  if (end_ == Clock::time_point::max()) return std::chrono::milliseconds::max();
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end_ - Clock::now());
  return std::max(left, std::chrono::milliseconds::zero());
}

int Deadline::poll_timeout() const {
  if (end_ == Clock::time_point::max()) return -1;
  constexpr std::chrono::milliseconds kMost{std::numeric_limits<int>::max()};
  return static_cast<int>(std::min(left(), kMost).count());
}

void sleep_for(std::chrono::milliseconds duration) {
  std::this_thread::sleep_for(duration);
}

}  // namespace homeroom::io
