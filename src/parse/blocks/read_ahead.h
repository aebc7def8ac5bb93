#pragma once

// A source that is read by a thread of its own, ahead of who takes its bytes.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "base/byte_source.h"
#include "base/result.h"

namespace homeroom::parse {

/// For readers that cut on one thread. The thread ends when the source does or fails, or with this
/// object. Memory: four pieces of 64 KiB.
class ReadAhead final : public ByteSource {
 public:
  /// `source` must outlive this object.
  explicit ReadAhead(ByteSource& source);
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;
  ~ReadAhead() override;

  /// Errors: the source's, once all bytes before it were given.
  [[nodiscard]] Result<std::size_t> read(std::span<char> out) override;

 private:
  void run();

  ByteSource* source_;
  std::mutex mutex_;
  std::condition_variable has_changed_;
  // Guarded by mutex_:
  std::deque<std::vector<char>> full_;
  std::vector<std::vector<char>> spare_;
  std::size_t at_ = 0;  ///< bytes given of the first one
  std::optional<Error> error_;
  bool has_ended_ = false;
  bool is_stopping_ = false;
  std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace homeroom::parse
