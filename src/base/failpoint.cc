#include "base/failpoint.h"

#ifndef NDEBUG

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace homeroom {
namespace {

constexpr std::array<std::string_view, 4> kActions = {"abort", "error", "sleep", "short-read"};
constexpr std::size_t kShortRead = 7;  // bytes: less than any header or row

// What the test asked for. Set before there are threads, not changed after.
struct Armed {
  std::string name;
  std::string action;
  int at = 0;
  int log = -1;
};

Armed& armed() {
  static Armed instance;
  return instance;
}

std::atomic<int> num_reached = 0;  // of the place that is armed

}  // namespace

Status arm_failpoint(std::string_view text, const std::string& log) {
  Armed& to = armed();
  if (!log.empty()) {
    to.log = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (to.log < 0) return fail(ErrorCode::kConfig, "cannot write HOMEROOM_FAILPOINT_LOG");
  }
  if (text.empty()) return {};
  const std::size_t colon = text.find(':');
  const std::size_t at = text.find('@');
  if (colon != std::string_view::npos && at != std::string_view::npos && colon < at) {
    to.name = text.substr(0, colon);
    to.action = text.substr(colon + 1, at - colon - 1);
    std::from_chars(text.data() + at + 1, text.data() + text.size(), to.at);
  }
  num_reached = 0;
  if (!to.name.empty() && to.at >= 1 && std::ranges::find(kActions, to.action) != kActions.end())
    return {};
  return fail(ErrorCode::kConfig, fmt::format("HOMEROOM_FAILPOINT={} means nothing", text),
              "write NAME:abort@1, NAME:error@1, NAME:sleep@1 or NAME:short-read@1");
}

Status reach_failpoint(std::string_view name) {
  const Armed& test = armed();
  if (test.log >= 0) {
    const std::string line = fmt::format("{}\n", name);
    if (::write(test.log, line.data(), line.size()) < 0) return fail(ErrorCode::kIo, "no log");
  }
  if (name != test.name || ++num_reached != test.at) return {};
  if (test.action == "abort") ::kill(::getpid(), SIGKILL);
  if (test.action == "sleep") std::this_thread::sleep_for(std::chrono::seconds(2));
  if (test.action != "error") return {};
  return fail(ErrorCode::kIo, fmt::format("failpoint {}", name), "a test asked for this");
}

std::span<char> readable_at(std::string_view name, std::span<char> out) {
  const Armed& test = armed();
  const bool is_short = test.action == "short-read" && name == test.name && num_reached >= test.at;
  return is_short ? out.first(std::min(out.size(), kShortRead)) : out;
}

}  // namespace homeroom

#endif
