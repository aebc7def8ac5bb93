#pragma once

// Sends the bytes of a COPY on a thread of its own: whoever makes them does not wait for the
// server, nor the server for them.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"

namespace homeroom::load {

/// Bytes that are sent together.
struct CopyBlock {
  std::vector<char> bytes;
  std::size_t size = 0;  ///< of them that are meant
};

/// The connection is in a COPY, and serves nothing else between the first `send` and the end of
/// `finish`, or the destructor, which gives up what was not sent. Used by one thread.
/// Memory: the blocks that wait, 4 at most.
class CopySender {
 public:
  explicit CopySender(io::Connection& connection) : connection_(&connection) {}

  CopySender(const CopySender&) = delete;
  CopySender& operator=(const CopySender&) = delete;
  ~CopySender();

  /// Takes the block's bytes and leaves it others to fill. Waits while too many wait.
  /// Errors: what went wrong with an earlier block.
  [[nodiscard]] Status send(CopyBlock& block);

  /// Waits until all is sent. Errors: the first that occurred.
  [[nodiscard]] Status finish();

 private:
  void work();
  void stop();

  io::Connection* connection_;
  std::mutex mutex_;
  std::condition_variable has_work_;
  std::condition_variable has_room_;
  std::deque<CopyBlock> waiting_;
  std::vector<CopyBlock> spare_;
  std::optional<Error> error_;
  bool is_last_ = false;  ///< nothing comes any more
  bool is_given_up_ = false;
  std::thread thread_;
};

}  // namespace homeroom::load
