#pragma once

// The regular expressions that contracts mostly hold, matched without a regular expression engine:
// a run of characters after another, each with how often it occurs.

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace homeroom::validate {

/// A pattern such as `^\d{7}$`, `[0-9A-Z]{4,16}` or `[A-Z]{2,5}-\d+`: letters, digits, `\d`,
/// `\w`, classes of ASCII characters, each once or with `?`, `*`, `+`, `{n}`, `{n,}`, `{n,m}`.
/// Immutable; may be shared by threads. 512 bytes and 12 for each run.
class ClassPattern {
 public:
  /// Nothing for any other pattern, and for one whose runs cannot be told apart without going
  /// back (`\d*5`): those are left to a real engine, which reads them the same way.
  [[nodiscard]] static std::optional<ClassPattern> compile(std::string_view pattern);

  /// True when the whole of `text` fits. Time: linear, one table look-up a byte.
  [[nodiscard]] bool matches(std::string_view text) const {
    const char* at = text.data();
    const char* const end = at + text.size();
    for (const Run& run : runs_) {
      std::uint32_t count = 0;
      while (count < run.max && at != end && has(run, *at)) ++count, ++at;
      if (count < run.min) return false;
    }
    return at == end;
  }

 private:
  static constexpr std::uint32_t kUnlimited = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t kMaxRuns = 16;  // one bit each

  struct Run {
    std::uint32_t bit = 0;
    std::uint32_t min = 1;
    std::uint32_t max = 1;
  };
  class Compiler;

  [[nodiscard]] bool has(const Run& run, char byte) const {
    return (runs_of_[static_cast<unsigned char>(byte)] & run.bit) != 0;
  }

  [[nodiscard]] bool overlap(const Run& left, const Run& right) const;
  [[nodiscard]] bool is_unambiguous() const;

  std::array<std::uint16_t, 256> runs_of_{};  ///< by byte: the runs that it may be part of
  std::vector<Run> runs_;
};

}  // namespace homeroom::validate
