#pragma once

// Named places at which a test may break the program: kill it, make the step fail, let it wait, or
// have reads come in small pieces. In builds for tests (Debug) only; a release has none of this.
//
//     HOMEROOM_FAILPOINT("merge");       // in a function that returns Status or Result
//
//     HOMEROOM_FAILPOINT=merge:abort@2   the second time that the program gets there, it is killed
//     HOMEROOM_FAILPOINT_LOG=hits        a line for each that was reached, with its name
//
// tests/sweep/failpoints.py finds the names in the sources, and wants each to be reached.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

#ifndef NDEBUG
#define HOMEROOM_FAILPOINT(name) HOMEROOM_TRY(::homeroom::reach_failpoint(name))
#else
#define HOMEROOM_FAILPOINT(name) static_cast<void>(0)
#endif

namespace homeroom {

#ifndef NDEBUG

/// Says what breaks: NAME:ACTION@N, N counted from 1; empty: nothing. Actions: `abort` (SIGKILL to
/// the program), `error` (the step fails once), `sleep` (two seconds), `short-read` (from then on a
/// few bytes at a time; where bytes are read). `log`: file that names of places are added to.
///
/// Errors:  kConfig when the text is none of these, or the log cannot be opened.
/// Threads: once, before there are others.
[[nodiscard]] Status arm_failpoint(std::string_view text, const std::string& log);

/// Threads: any.   Errors: kIo, when the test asked for one here.
[[nodiscard]] Status reach_failpoint(std::string_view name);

/// As much of `out` as a read may fill.
[[nodiscard]] std::span<char> readable_at(std::string_view name, std::span<char> out);

#else

[[nodiscard]] constexpr std::span<char> readable_at(std::string_view, std::span<char> out) {
  return out;
}

#endif

}  // namespace homeroom
