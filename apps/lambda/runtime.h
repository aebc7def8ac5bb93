#pragma once

// The Lambda runtime interface: asks for the next event, answers it, again and again.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace homeroom::lambda {

/// An event to answer.
struct Invocation {
  std::string request_id;
  std::chrono::system_clock::time_point deadline;
  std::string event;
};

/// One connection to the runtime at "127.0.0.1:9001" (AWS_LAMBDA_RUNTIME_API).
/// Errors: kIo when it cannot be reached or answers otherwise than it should.
/// Source: Lambda developer guide, "Using the Lambda runtime API for custom runtimes".
class Runtime {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Runtime>> connect(const std::string& address);
  virtual ~Runtime() = default;

  /// Waits for as long as it takes.
  [[nodiscard]] virtual Result<Invocation> next() = 0;
  [[nodiscard]] virtual Status answer(const std::string& request_id, std::string_view json) = 0;
  /// The invocation failed: whoever called is told, and may call again.
  [[nodiscard]] virtual Status fail(const std::string& request_id, const Error& error) = 0;
  /// The program cannot start.
  [[nodiscard]] virtual Status fail_to_start(const Error& error) = 0;
};

}  // namespace homeroom::lambda
