#pragma once

// Errors as values. Every function that can fail on data, files, the network or
// the database returns Result<T>; exceptions stay inside the library that throws.

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include <tl/expected.hpp>

namespace homeroom {

/// Stable error classes. They select exit codes, HTTP statuses and alert routes,
/// so a value is never renumbered or reused.
enum class ErrorCode : unsigned char {
  kInvalidInput = 1,  ///< the file or cell is wrong: the sender can fix it
  kContract = 2,      ///< the data breaks its contract
  kConfig = 3,        ///< our settings are wrong: the operator can fix them
  kIo = 4,            ///< disk, S3 or network: a retry may help
  kDatabase = 5,      ///< PostgreSQL refused: see `detail` for the SQLSTATE
  kInternal = 6,      ///< a bug in this program
};

/// Where in the input an error was found. Line and column count from 1, as an
/// editor shows them; 0 means "not known". `byte_offset` counts from 0.
struct Position {
  std::size_t line = 0;
  std::size_t column = 0;
  std::size_t byte_offset = 0;
};

/// What went wrong, where, and what to do about it. `message` and `hint` never
/// contain a cell's value: student data stays out of logs and alerts.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  ///< one sentence, no trailing period
  std::string hint;     ///< what the reader can do; may be empty
  std::string detail;   ///< for operators: SQLSTATE, errno text, request id
  Position position;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message,
                                                std::string hint = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(hint), {}, {}});
}

/// Adds the operator's detail (SQLSTATE, errno text) to a failure.
[[nodiscard]] inline tl::unexpected<Error> fail_with_detail(ErrorCode code, std::string message,
                                                            std::string hint, std::string detail) {
  return tl::unexpected<Error>(
      Error{code, std::move(message), std::move(hint), std::move(detail), {}});
}

/// Moves the value out; used by HOMEROOM_TRY.
template <class T>
T take(Result<T>&& result) {
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

}  // namespace homeroom

// Yields the value, or returns the error from the enclosing function. One TRY a
// statement. (A statement expression: both compilers we build with have it.)
#define HOMEROOM_TRY(expr)                                                         \
  (__extension__({                                                                 \
    auto homeroom_try_ = (expr);                                                   \
    if (!homeroom_try_) return ::tl::unexpected(std::move(homeroom_try_).error()); \
    ::homeroom::take(std::move(homeroom_try_));                                    \
  }))
